//! Apps and API tokens.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::clock::Millis;
use crate::site::AccountId;

/// An OAuth 2.0 (3LO) app, as a developer registers it.
#[derive(Clone, Debug)]
pub struct App {
    pub client_id: String,
    pub client_secret: String,
    /// What the consent page calls it.
    pub name: String,
    /// Where codes may be sent; compared letter by letter.
    pub callbacks: Vec<String>,
    /// What it may ask for.
    pub scopes: BTreeSet<String>,
}

/// An API token beside the one that [`crate::User`] has.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub secret: String,
    /// Whose it is; `None`: anybody's, with their own e-mail.
    pub account_id: Option<AccountId>,
    /// `None`: a token without scopes.
    pub scopes: Option<BTreeSet<String>>,
    pub expires: Option<Millis>,
}

/// What PKCE (RFC 7636) has the authorization request promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    /// Whether the token request's verifier keeps the promise.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        match self {
            Challenge::Plain(challenge) => challenge == verifier,
            Challenge::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
        }
    }
}
