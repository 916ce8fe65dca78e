//! Asking for addresses: validators, redirects, and what an answer means.

use url::Url;

use crate::charset::decode;
use crate::contract::weir::connector::types::Error;
use crate::document::{self, Document};
use crate::error::refused;

/// Hops that a request may take; browsers take twenty, feeds need one or two.
pub const REDIRECTS_MAX: usize = 5;

/// A validator that is longer is not worth keeping: it must fit in a checkpoint. Real ones have some 40 bytes.
const VALIDATOR_BYTES_MAX: usize = 1_024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
}

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The way out. Redirects are not followed by it, and the host adds the credential.
pub trait Web {
    /// # Errors
    ///
    /// When no whole answer came; a status is none.
    fn ask(&self, method: Method, url: &Url, headers: &[(&str, &str)]) -> Result<Response, Error>;

    /// Tells an administrator what was passed over.
    fn warn(&self, message: &str);
}

/// What tells whether a document changed (RFC 9110, 8.8), as the server gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validators {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub modified: Option<String>,
}

impl Validators {
    fn of(response: &Response) -> Self {
        let kept = |name: &str| {
            response.header(name).filter(|value| value.len() <= VALIDATOR_BYTES_MAX).map(str::to_owned)
        };
        Self { etag: kept("etag"), modified: kept("last-modified") }
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        let etag = self.etag.as_deref().map(|value| ("if-none-match", value));
        let modified = self.modified.as_deref().map(|value| ("if-modified-since", value));
        etag.into_iter().chain(modified).collect()
    }
}

/// What a feed's address answered.
pub enum Fetched {
    /// As it was when these validators were given.
    Unchanged,
    Document {
        document: Box<Document>,
        validators: Validators,
    },
}

/// Where documents are fetched from: only addresses of `origins`, as the user agreed.
pub struct Source<'a, W> {
    pub web: &'a W,
    /// Whether no credential is sent.
    pub anonymous: bool,
    pub origins: Vec<String>,
}

impl<W: Web> Source<'_, W> {
    /// # Errors
    ///
    /// Each answer that is neither a feed nor a 304, as [`refused`] has it.
    pub fn fetch(&self, url: &Url, known: &Validators) -> Result<Fetched, Error> {
        let (at, response) = self.follow(Method::Get, url, &known.headers())?;
        match response.status {
            304 => Ok(Fetched::Unchanged),
            200 => {
                let text = decode(&response.body, response.header("content-type"));
                let read = document::read(&text, &at);
                let document = read.map_err(|words| {
                    Error::Unexpected(format!("asked for the feed {url}, and what is there {words}"))
                })?;
                Ok(Fetched::Document { document: Box::new(document), validators: Validators::of(&response) })
            }
            _ => Err(refused(url, &response, self.anonymous)),
        }
    }

    /// The document as it is now.
    ///
    /// # Errors
    ///
    /// As [`Source::fetch`].
    pub fn document(&self, url: &Url) -> Result<Document, Error> {
        match self.fetch(url, &Validators::default())? {
            Fetched::Document { document, .. } => Ok(*document),
            Fetched::Unchanged => {
                Err(Error::Unexpected(format!("asked for {url} without condition and was told 304")))
            }
        }
    }

    /// An older document of a feed. None where a dead link leads: what a feed shows now must not be kept from being read
    /// by what it has forgotten.
    ///
    /// # Errors
    ///
    /// What may pass: a site that is down, a credential that is not taken.
    pub fn older(&self, url: &Url) -> Result<Option<Document>, Error> {
        match self.document(url) {
            Ok(document) => Ok(Some(document)),
            Err(Error::NotFound(words) | Error::Forbidden(words) | Error::Unexpected(words)) => {
                self.web.warn(&format!("older entries are left out: {words}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Follows redirects as far as the agreed origins reach, each a request of its own.
    ///
    /// # Errors
    ///
    /// When no answer came, and when it leads elsewhere or in circles.
    pub fn follow(
        &self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
    ) -> Result<(Url, Response), Error> {
        let mut at = url.clone();
        for _ in 0..=REDIRECTS_MAX {
            let response = self.web.ask(method, &at, headers)?;
            match redirected(&at, &response) {
                None => return Ok((at, response)),
                Some(next) => at = self.agreed(url, next)?,
            }
        }
        Err(Error::Unexpected(format!("asked for {url}, and was redirected more than {REDIRECTS_MAX} times")))
    }

    fn agreed(&self, asked: &Url, next: Result<Url, String>) -> Result<Url, Error> {
        let next = next.map_err(|location| {
            Error::Unexpected(format!(
                "asked for {asked}, and was redirected to {location:?}, which is no address"
            ))
        })?;
        if self.reaches(&next) {
            return Ok(next);
        }
        Err(Error::Unexpected(format!(
            "asked for {asked}, and was redirected to {next}, which is at another site: if that is where the feed is \
             now, change the settings"
        )))
    }

    /// Whether requests to this address were agreed to.
    pub fn reaches(&self, url: &Url) -> bool {
        self.origins.contains(&url.origin().ascii_serialization())
            && url.username().is_empty()
            && url.password().is_none()
    }
}

/// Where an answer leads; its `location` if that is no address.
fn redirected(at: &Url, response: &Response) -> Option<Result<Url, String>> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.header("location").unwrap_or_default();
    Some(at.join(location).map_err(|_| location.to_owned()))
}
