//! The site as a function: a request as values, an answer as values, and no socket between.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, Uri};

use super::Shared;
use super::answering::{self, Ending};
use crate::faults::Knobs;
use crate::ledger::Ledger;
use crate::site::Site;

/// A site that answers whoever holds it. Time passes only if its clock is moved: what a
/// real client would wait for is told with each answer.
#[derive(Clone)]
pub struct InProcess {
    shared: Arc<Shared>,
}

/// What a client sees of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// False if the connection closes when this much of the body was sent.
    pub whole: bool,
    /// How long the client would have waited for it.
    pub after_ms: u64,
}

impl InProcess {
    pub(super) fn new(site: Site, knobs: Knobs) -> Self {
        InProcess { shared: Arc::new(Shared::new(site, knobs)) }
    }

    /// Answers one request; `target` is its path and query.
    pub fn answer(&self, method: &str, target: &str, headers: &HeaderMap, body: &[u8]) -> Reply {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let uri = target.parse::<Uri>().unwrap_or_default();
        let (mut entry, answer, fault) = answering::respond(&self.shared, &method, &uri, headers, body);
        let wire = answering::to_wire(&self.shared, answer, fault);
        entry.bytes = wire.body.len() as u64;
        entry.in_flight = 1;
        self.shared.ledger.add(entry);
        Reply {
            status: wire.status,
            headers: wire.headers,
            body: wire.body,
            whole: wire.ending == Ending::Whole,
            after_ms: self.shared.knobs().latency_ms + wire.slow_ms,
        }
    }

    pub fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    /// Looks at the site as it is now.
    pub fn read<T>(&self, look: impl FnOnce(&Site) -> T) -> T {
        self.shared.read(look)
    }

    /// Changes the site between two requests.
    pub fn change<T>(&self, change: impl FnOnce(&mut Site) -> T) -> T {
        self.shared.change(change)
    }

    pub fn knobs(&self) -> Knobs {
        self.shared.knobs()
    }

    /// Turns all knobs at once; faults and limits count anew.
    pub fn set_knobs(&self, knobs: Knobs) {
        self.shared.set_knobs(knobs);
    }
}
