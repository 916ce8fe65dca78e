//! The one way out: requests, answers, and what may go wrong between them.
//!
//! Everything is a GET; the connector reads. The host adds the credential, retries what is worth
//! retrying, and follows no redirect.

use url::Url;

/// Sends requests. Several may be in flight: `send` does not wait.
///
/// Dropping a `Pending` gives the request up.
pub trait Transport {
    type Pending;

    fn send(&self, url: &Url) -> Self::Pending;

    /// Waits for the whole answer, its body included.
    fn wait(&self, pending: Self::Pending) -> Result<Response, TransportError>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// There is no whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    pub kind: TransportErrorKind,
    /// A fragment that completes "the request failed: …", without addresses or secrets.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// The host let the request out to nobody.
    Denied,
    /// The answer is larger than anyone here will take.
    TooLarge,
    TimedOut,
    Unreachable,
}

/// Where the connector says what it is doing: the contract's `log`.
pub trait Log {
    fn write(&self, level: Level, message: &str, fields: &[(&str, &str)]);

    /// The answers that just came cost so many points. Somebody who only reads along need not count.
    fn spend(&self, _points: u64) {}
}

/// The levels of the contract's `log` that the connector uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Debug,
    Info,
    Warn,
}
