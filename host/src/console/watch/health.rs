//! `/healthz`: the process answers. `/readyz`: it can do its work.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::console::Console;
use crate::host::{Host, HostError};
use crate::model::Timestamp;

/// How old the last look for what is due may be. One follows each second; it may wait half a minute for another
/// process's transaction, and then this process is slow but not lost.
const PULSE_MS_MAX: u64 = 60 * 1_000;

pub fn router() -> Router<Console> {
    Router::new().route("/healthz", get(health)).route("/readyz", get(ready))
}

/// Whoever asks is not signed in, so that is all there is to say.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Health {
    ok: bool,
    /// `stopping`, `store`, `index`, `serving`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_ready: Vec<&'static str>,
}

async fn health() -> Response {
    answer(Vec::new())
}

async fn ready(State(console): State<Console>) -> Response {
    let stopping = console.stop().asked().is_some();
    let looked = console.with_host(move |host| Ok(look(host, stopping))).await;
    answer(looked.unwrap_or_else(|_| vec!["store"]))
}

fn answer(not_ready: Vec<&'static str>) -> Response {
    let status = if not_ready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health { ok: not_ready.is_empty(), not_ready };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(health)).into_response()
}

fn look(host: &Host, stopping: bool) -> Vec<&'static str> {
    let store = host.store().generation().map_err(HostError::from);
    // An index needs the store to be opened; one fault is not told twice.
    let index = if store.is_ok() { host.documents().map(|_| ()) } else { Ok(()) };
    let now = host.now().unwrap_or(Timestamp::MAX);
    not_ready(stopping, store.is_ok(), index.is_ok(), host.pulse(), now)
}

fn not_ready(
    stopping: bool,
    store: bool,
    index: bool,
    pulse: Option<Timestamp>,
    now: Timestamp,
) -> Vec<&'static str> {
    let serves = pulse.is_some_and(|pulse| now.saturating_sub(pulse) <= PULSE_MS_MAX);
    let parts =
        [("stopping", !stopping), ("store", store), ("index", index), ("serving", stopping || serves)];
    parts.into_iter().filter(|(_, good)| !good).map(|(part, _)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::{PULSE_MS_MAX, not_ready};

    #[test]
    fn what_is_not_ready_is_named() {
        assert!(not_ready(false, true, true, Some(5), 5 + PULSE_MS_MAX).is_empty());
        assert_eq!(not_ready(false, true, true, Some(5), 6 + PULSE_MS_MAX), ["serving"]);
        assert_eq!(not_ready(false, false, true, None, 9), ["store", "serving"]);
        assert_eq!(not_ready(true, true, false, None, 9), ["stopping", "index"]);
    }
}
