//! Tokens: random, shown once, kept as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::host::{Host, HostError};
use crate::store::{NewToken, Scope, SecretHash, TokenId};

/// Bytes of chance in a token or cookie: more than anybody guesses.
const CHANCE_BYTES: usize = 32;

/// Tokens begin so, for scanners that look for secrets in what was published.
const PREFIX: &str = "weir_";

/// A new token, which is shown once, and what is kept of it.
///
/// # Errors
///
/// When the system has no chance to give, or the store cannot be written.
pub fn make_token(host: &Host, new: &NewToken) -> Result<(TokenId, String), HostError> {
    let token = format!("{PREFIX}{}", chance()?);
    let id = host.store().add_token(hash(&token), new, host.now()?)?;
    Ok((id, token))
}

/// The token that a data folder's first administrator signs in with.
pub struct FirstToken(pub String);

impl FirstToken {
    /// Makes it, unless somebody has a token that administers.
    ///
    /// # Errors
    ///
    /// As [`make_token`].
    pub fn if_missing(host: &Host) -> Result<Option<Self>, HostError> {
        let now = host.now()?;
        let administers =
            |token: &crate::store::Token| token.is_good(now) && token.scopes.contains(&Scope::Manage);
        if host.store().tokens()?.iter().any(administers) {
            return Ok(None);
        }
        let new = NewToken {
            label: "first administrator".to_owned(),
            email: None,
            scopes: vec![Scope::Manage],
            expires: None,
        };
        Ok(Some(Self(make_token(host, &new)?.1)))
    }
}

/// Text that nobody guesses.
pub(in crate::console) fn chance() -> Result<String, HostError> {
    let mut bytes = [0; CHANCE_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| HostError::NotReady("the system's random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a token or a cookie. Both are random and long, so that a fast hash suffices.
#[must_use]
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}
