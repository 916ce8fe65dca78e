//! A request as a trace has it: which host was asked, and what it answered with. No path and no query: they name
//! pages and people.

use std::future::Future;

use http::{Method, Response};
use tracing::Instrument as _;
use url::Url;

/// Runs what sends a request of this method to this URL, within a span of its own.
pub async fn told<B, E>(
    method: &Method,
    url: &Url,
    sending: impl Future<Output = Result<Response<B>, E>>,
) -> Result<Response<B>, E> {
    let host = url.host_str().unwrap_or_default();
    let span = tracing::info_span!(target: "weir::gate", "source", otel.name = format!("{method} {host}"), host,
        status = tracing::field::Empty);
    let answer = sending.instrument(span.clone()).await;
    if let Ok(answer) = &answer {
        span.record("status", answer.status().as_u16());
    }
    answer
}
