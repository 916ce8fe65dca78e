//! What left through a gate, counted. Holds no secret, so it may be shown to anyone.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;

use super::endpoint;
use super::limits::{LEDGER_ENDPOINTS_MAX, LEDGER_EXCHANGES_MAX};

/// The name for endpoints beyond `LEDGER_ENDPOINTS_MAX`.
const OTHERS: &str = "(others)";

/// The running count of one gate.
#[derive(Debug)]
pub struct Ledger {
    pages: Mutex<Pages>,
    keep_exchanges: bool,
}

#[derive(Debug, Default)]
struct Pages {
    endpoints: BTreeMap<String, Endpoint>,
    exchanges: Vec<Exchange>,
    refused: u64,
    points: u64,
    answering: Duration,
}

/// All that went through a gate so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Requests of the connector that were let out, each counted once.
    pub requests: u64,
    /// Sent again by the gate, beside `requests`.
    pub retries: u64,
    /// Of response bodies, decompressed, as far as they were read.
    pub bytes: u64,
    /// Requests that were not let out.
    pub refused: u64,
    /// Let out, but answered by nobody.
    pub failed: u64,
    /// Spent waiting before retries.
    pub waited_ms: u64,
    /// From each request, retries too, to the beginning of its answer; summed, though they ran side by side.
    pub answering_ms: u64,
    /// What the answers cost in the source's own measure, as far as the connector said.
    pub points: u64,
    /// By method, host and path: `GET acme.example/wiki/api/v2/pages/{id}`.
    pub by_endpoint: BTreeMap<String, Endpoint>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub requests: u64,
    pub retries: u64,
    pub bytes: u64,
    pub failed: u64,
    pub waited_ms: u64,
    /// How often each status came, retried answers included.
    pub by_status: BTreeMap<u16, u64>,
}

/// One request, from its start (after waiting for its turn) to the last byte that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub method: String,
    /// Without query values that could be a token.
    pub url: String,
    /// Since the gate was made.
    pub start_ms: u64,
    pub duration_ms: u64,
    /// The last status; none if nobody answered.
    pub status: Option<u16>,
    pub retries: u32,
    pub bytes: u64,
}

/// The line of one request, to write further facts on.
#[derive(Debug, Clone)]
pub(super) struct Line {
    endpoint: String,
    exchange: Option<usize>,
}

impl Ledger {
    pub(super) fn new(keep_exchanges: bool) -> Self {
        Self { pages: Mutex::default(), keep_exchanges }
    }

    /// The count so far, as a plain value.
    pub fn traffic(&self) -> Traffic {
        let pages = self.pages();
        let empty = Traffic {
            refused: pages.refused,
            points: pages.points,
            answering_ms: millis(pages.answering),
            by_endpoint: pages.endpoints.clone(),
            ..Traffic::default()
        };
        pages.endpoints.values().fold(empty, |sum, endpoint| Traffic {
            requests: sum.requests + endpoint.requests,
            retries: sum.retries + endpoint.retries,
            bytes: sum.bytes + endpoint.bytes,
            failed: sum.failed + endpoint.failed,
            waited_ms: sum.waited_ms + endpoint.waited_ms,
            ..sum
        })
    }

    /// Every request so far, in the order they began; empty unless the gate was made to
    /// keep them.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.pages().exchanges.clone()
    }

    /// Answers have cost so much.
    pub(super) fn spent(&self, points: u64) {
        let mut pages = self.pages();
        pages.points = pages.points.saturating_add(points);
    }

    pub(super) fn refused(&self) {
        self.pages().refused += 1;
    }

    /// A request is about to be sent, at this time since the gate was made.
    pub(super) fn begun(&self, method: &Method, url: &Url, start: Duration) -> Line {
        let mut pages = self.pages();
        let mut endpoint = format!("{method} {}", endpoint::template(url));
        if pages.endpoints.len() >= LEDGER_ENDPOINTS_MAX && !pages.endpoints.contains_key(&endpoint) {
            endpoint = OTHERS.to_owned();
        }
        pages.endpoints.entry(endpoint.clone()).or_default().requests += 1;
        let kept = self.keep_exchanges && pages.exchanges.len() < LEDGER_EXCHANGES_MAX;
        let exchange = kept.then_some(pages.exchanges.len());
        if kept {
            pages.exchanges.push(Exchange {
                method: method.to_string(),
                url: endpoint::redacted(url),
                start_ms: millis(start),
                duration_ms: 0,
                status: None,
                retries: 0,
                bytes: 0,
            });
        }
        Line { endpoint, exchange }
    }

    /// One attempt ended after so long, with this status or without any.
    pub(super) fn attempted(&self, line: &Line, status: Option<StatusCode>, took: Duration, at: Duration) {
        self.pages().answering += took;
        let status = status.map(|status| status.as_u16());
        self.write(line, |endpoint, exchange| {
            if let Some(status) = status {
                *endpoint.by_status.entry(status).or_default() += 1;
            }
            if let Some(exchange) = exchange {
                exchange.status = status;
                exchange.ends(at);
            }
        });
    }

    /// The gate waits and tries again.
    pub(super) fn retried(&self, line: &Line, waits: Duration) {
        self.write(line, |endpoint, exchange| {
            endpoint.retries += 1;
            endpoint.waited_ms += millis(waits);
            if let Some(exchange) = exchange {
                exchange.retries += 1;
            }
        });
    }

    /// The last attempt failed without an answer.
    pub(super) fn failed(&self, line: &Line) {
        self.write(line, |endpoint, _| endpoint.failed += 1);
    }

    /// So many more bytes of the body were read.
    pub(super) fn read(&self, line: &Line, bytes: u64, at: Duration) {
        self.write(line, |endpoint, exchange| {
            endpoint.bytes += bytes;
            if let Some(exchange) = exchange {
                exchange.bytes += bytes;
                exchange.ends(at);
            }
        });
    }

    fn write(&self, line: &Line, change: impl FnOnce(&mut Endpoint, Option<&mut Exchange>)) {
        let Pages { endpoints, exchanges, .. } = &mut *self.pages();
        // There is one for every line: `begun` made it.
        if let Some(endpoint) = endpoints.get_mut(&line.endpoint) {
            change(endpoint, line.exchange.and_then(|at| exchanges.get_mut(at)));
        }
    }

    /// Counting goes on even if a thread panicked while it counted.
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchange {
    fn ends(&mut self, at: Duration) {
        self.duration_ms = millis(at).saturating_sub(self.start_ms);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use http::{Method, StatusCode};

    use super::{Ledger, Traffic};

    #[test]
    fn one_request_with_a_retry_is_one_line() {
        let ledger = Ledger::new(true);
        let url = "https://acme.example/pages/123?limit=250".parse().unwrap();
        let at = Duration::from_millis;
        let line = ledger.begun(&Method::GET, &url, at(10));
        ledger.attempted(&line, Some(StatusCode::SERVICE_UNAVAILABLE), at(10), at(20));
        ledger.retried(&line, at(2_000));
        ledger.attempted(&line, Some(StatusCode::OK), at(10), at(2_030));
        ledger.read(&line, 100, at(2_040));
        ledger.read(&line, 50, at(2_050));
        ledger.refused();
        ledger.spent(251);
        insta::assert_snapshot!(serde_json::to_string(&ledger.traffic()).unwrap(), @r#"{"requests":1,"retries":1,"bytes":150,"refused":1,"failed":0,"waited_ms":2000,"answering_ms":20,"points":251,"by_endpoint":{"GET acme.example/pages/{id}":{"requests":1,"retries":1,"bytes":150,"failed":0,"waited_ms":2000,"by_status":{"200":1,"503":1}}}}"#);
        insta::assert_snapshot!(serde_json::to_string(&ledger.exchanges()).unwrap(), @r#"[{"method":"GET","url":"https://acme.example/pages/123?limit=250","start_ms":10,"duration_ms":2040,"status":200,"retries":1,"bytes":150}]"#);
    }

    #[test]
    fn invented_paths_do_not_fill_the_memory() {
        let ledger = Ledger::new(false);
        for name in 0..2_000 {
            let letters: String = format!("{name:04}").bytes().map(|digit| char::from(digit + 49)).collect();
            let url = format!("https://acme.example/{letters}").parse().unwrap();
            ledger.begun(&Method::GET, &url, Duration::ZERO);
        }
        let Traffic { requests, by_endpoint, .. } = ledger.traffic();
        assert_eq!((requests, by_endpoint.len()), (2_000, 501));
        assert_eq!(by_endpoint["(others)"].requests, 1_500);
        assert!(ledger.exchanges().is_empty());
    }
}
