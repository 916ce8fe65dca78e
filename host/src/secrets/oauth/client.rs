//! Who asks for tokens, and where: what a person gave and agreed to at the sign-in.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::model::{Encoding, Grant as Flow, OAuth2};
use crate::secrets::Secret;

/// An application that was registered with a source, and the addresses it was agreed to use.
///
/// Kept sealed as a whole. Its `Debug` shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub secret: Secret,
    pub flow: Flow,
    pub token_url: String,
    pub encoding: Encoding,
    /// Where the source sends a browser back to, exactly as it was registered.
    pub redirect: String,
}

/// As it is sealed. The names are those of the file format: add, never change.
#[derive(Serialize, Deserialize)]
struct Sealed {
    id: String,
    secret: Zeroizing<String>,
    flow: Flow,
    token_url: String,
    encoding: Encoding,
    redirect: String,
}

impl Client {
    /// A client of the login that a connector describes.
    #[must_use]
    pub fn new(login: &OAuth2, id: &str, secret: Secret, redirect: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret,
            flow: login.grant.clone(),
            token_url: login.token_url.clone(),
            encoding: login.encoding,
            redirect: redirect.to_owned(),
        }
    }

    /// The address at which a person approves; none where a client asks for itself.
    pub fn authorize_url(&self) -> Option<&str> {
        match &self.flow {
            Flow::AuthorizationCode(url) => Some(url),
            Flow::ClientCredentials => None,
        }
    }

    /// One text to be sealed. None if it cannot be written down, which no value here causes.
    pub fn to_text(&self) -> Option<Secret> {
        let sealed = Sealed {
            id: self.id.clone(),
            secret: Zeroizing::new(self.secret.expose().to_owned()),
            flow: self.flow.clone(),
            token_url: self.token_url.clone(),
            encoding: self.encoding,
            redirect: self.redirect.clone(),
        };
        serde_json::to_string(&sealed).ok().map(Secret::new)
    }

    /// None if this is no text of [`Client::to_text`].
    pub fn from_text(text: &Secret) -> Option<Self> {
        let Sealed { id, secret, flow, token_url, encoding, redirect } =
            serde_json::from_str(text.expose()).ok()?;
        Some(Self { id, secret: Secret::new(secret.as_str()), flow, token_url, encoding, redirect })
    }
}
