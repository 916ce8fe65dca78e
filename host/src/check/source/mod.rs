//! What answers a connector while it is checked: a file that a person can write, or the source itself.
//!
//! `check` asks through [`Source`] and nothing else, so that each law can be run again and again without a network.
//! A [`Recorded`] source is a file ([docs/check.md](../../../../docs/check.md) has its format); a [`Live`] one is asked once for each request, and answers the
//! next time from memory. Either can be *edited*: as it was before, and as it is afterwards.
//!
//! Deliberately absent: retries, waits and limits of rate (the gate's: what a file says reaches the connector at
//! once), credentials (the gate adds them behind here), and broken answers (`trouble`).

mod body;
mod entry;
mod file;
mod live;
mod pattern;
mod recorded;

use bytes::Bytes;
use http::Request;

pub(super) use body::given;
pub use file::{SourceFault, SourceFile};
pub use live::Live;
pub use recorded::Recorded;

use crate::gate::BoxFuture;
use crate::sandbox::Denied;

/// A request, as far as answers depend on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asked {
    pub method: String,
    pub url: String,
    pub body: Bytes,
}

impl Asked {
    pub fn of(request: &Request<Bytes>) -> Self {
        let (method, url) = (request.method().to_string(), request.uri().to_string());
        Self { method, url, body: request.body().clone() }
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.method, self.url)
    }
}

/// An answer, as a connector sees it: behind the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Answer(Answer),
    /// Nobody answered.
    Denied(Denied),
    /// This source cannot tell; whatever depends on it is not judged.
    Unknown,
}

/// Something that answers requests, always the same to the same.
pub trait Source: Send + Sync + 'static {
    /// The answer of the source as it was, or as it is once it was `edited`.
    fn answer<'a>(&'a self, request: &'a Request<Bytes>, edited: bool) -> BoxFuture<'a, Reply>;

    /// Why it cannot be edited, if it cannot.
    fn unedited(&self) -> Option<&'static str>;
}
