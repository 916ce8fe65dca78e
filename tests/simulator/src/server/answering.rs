//! From a request to an answer, with latency and faults between; on a socket or without one.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use futures_util::{StreamExt, stream};

use super::Shared;
use crate::clock::Millis;
use crate::faults::{Knobs, What};
use crate::ledger::Entry;
use crate::rest::{self, Answer, Content};

/// Request bodies are lists of at most 250 account ids.
const REQUEST_BYTES_MAX: usize = 1 << 20;

pub(super) async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let started_ms = u64::try_from(shared.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let in_flight = shared.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
    let body = axum::body::to_bytes(body, REQUEST_BYTES_MAX).await.unwrap_or_default();
    let latency = shared.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let (mut entry, answer, fault) = respond(&shared, &method, &uri, &headers, &body);
    entry.started_ms = started_ms;
    entry.in_flight = in_flight;
    let wire = to_wire(&shared, answer, fault);
    if wire.slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(wire.slow_ms)).await;
    }
    let response = to_http(wire, &mut entry);
    shared.ledger.add(entry);
    shared.in_flight.fetch_sub(1, Ordering::SeqCst);
    response
}

/// Everything between a whole request and a whole answer, under the site's lock.
pub(super) fn respond(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> (Entry, Answer, Option<What>) {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let knobs = shared.knobs.read().unwrap_or_else(PoisonError::into_inner);
    let fault = shared.faults.lock().unwrap_or_else(PoisonError::into_inner).strike(&knobs.faults, target);
    let request = rest::Request {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        authorization,
        body,
        refuse_cursor: fault == Some(What::BadCursor),
    };
    let (endpoint, answer, now) = ask(shared, &knobs, &request);
    let entry = Entry {
        sequence: 0,
        started_ms: 0,
        method: method.to_string(),
        target: target.to_string(),
        endpoint,
        status: answer.status,
        bytes: 0,
        points: rest::cost(answer.objects),
        authorization: authorization.is_some(),
        leaked: authorization.is_some() && rest::is_media(uri.path()),
        fault: fault.is_some(),
        in_flight: 0,
    };
    let answer = match fault {
        Some(What::Status { code, retry_after_seconds }) => failed(code, retry_after_seconds),
        Some(What::GatewayLimit) => rest::gateway_refusal(now),
        Some(What::Html) => Answer::of(200, Content::Html(LOGIN_PAGE.into())),
        _ => answer,
    };
    (Entry { status: answer.status, ..entry }, answer, fault)
}

/// Asks the site, by a write lock where a sign-in is remembered and by a read lock everywhere else.
fn ask(shared: &Shared, knobs: &Knobs, request: &rest::Request<'_>) -> (&'static str, Answer, Millis) {
    if rest::oauth::changes(request.path) {
        let mut site = shared.site.write().unwrap_or_else(PoisonError::into_inner);
        let now = site.clock.now();
        let (endpoint, answer) = rest::oauth::change(&mut site, request);
        return (endpoint, answer, now);
    }
    let site = shared.site.read().unwrap_or_else(PoisonError::into_inner);
    let now = site.clock.now();
    // Lists are read from replicas, single things from the database itself.
    let past = if rest::is_list(request.path) { shared.lagging(now, knobs.list_lag_ms) } else { None };
    if let Some(past) = past {
        let listings = rest::Listings::default();
        let world = rest::World { site: &past, knobs, listings: &listings, meter: &shared.meter, now };
        return with_now(rest::answer(&world, request), now);
    }
    let world = rest::World { site: &site, knobs, listings: &shared.listings, meter: &shared.meter, now };
    with_now(rest::answer(&world, request), now)
}

fn with_now((endpoint, answer): (&'static str, Answer), now: Millis) -> (&'static str, Answer, Millis) {
    (endpoint, answer, now)
}

const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>Log in with Atlassian account</title></head>\
                          <body><h1>Log in to continue</h1></body></html>";

fn failed(code: u16, retry_after_seconds: Option<u64>) -> Answer {
    let page = format!("<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>");
    let answer = Answer::of(code, Content::Html(page));
    match retry_after_seconds {
        Some(seconds) => answer.with("retry-after", seconds.to_string()),
        None => answer,
    }
}

/// How the body of an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// The connection closes first.
    BrokenOff,
}

/// An answer as bytes.
pub(super) struct Wire {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub ending: Ending,
    /// Waited before the first byte.
    pub slow_ms: u64,
}

/// What a fault leaves of an answer.
pub(super) fn to_wire(shared: &Shared, answer: Answer, fault: Option<What>) -> Wire {
    let mut headers = answer.headers;
    // Every answer of a real site bears a request id or two.
    let sequence = shared.answered.fetch_add(1, Ordering::SeqCst) + 1;
    headers.extend(["x-arequestid", "atl-traceid"].map(|name| (name, format!("{sequence:032x}"))));
    let (media_type, mut body) = answer.body.into_bytes();
    headers.extend(media_type.map(|name| ("content-type", name.to_string())));
    let half = body.len() / 2;
    let (mut ending, mut slow_ms) = (Ending::Whole, 0);
    match fault {
        Some(What::TruncatedJson) => body.truncate(half),
        Some(What::MalformedJson) => garble(&mut body),
        Some(What::Reset) => {
            body.truncate(half);
            ending = Ending::BrokenOff;
        }
        Some(What::Slow { ms }) => slow_ms = ms,
        _ => {}
    }
    Wire { status: answer.status, headers, body, ending, slow_ms }
}

/// All of the answer's bytes arrive, and somewhere in the middle they are no JSON any more.
fn garble(body: &mut [u8]) {
    let middle = body.len() / 2;
    for byte in body.iter_mut().skip(middle).take(8) {
        *byte = b'\\';
    }
}

fn to_http(wire: Wire, entry: &mut Entry) -> Response<Body> {
    let status = StatusCode::from_u16(wire.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::builder().status(status);
    for (name, value) in &wire.headers {
        response = response.header(*name, value);
    }
    if wire.ending == Ending::BrokenOff {
        // Said to be identity, so that the first half is not held back by the compressor.
        response = response.header(header::CONTENT_ENCODING, "identity");
        return response.body(breaking_off(wire.body)).unwrap_or_default();
    }
    let body = Body::from(wire.body);
    entry.bytes = body.size_hint().exact().unwrap_or_default();
    response.body(body).unwrap_or_default()
}

/// A body that sends what it has and then breaks the connection.
fn breaking_off(first: Vec<u8>) -> Body {
    let parts =
        stream::unfold(Some(first), async |first| Some((Ok::<Bytes, io::Error>(Bytes::from(first?)), None)));
    let end = stream::once(async {
        // Lets the connection write what it holds before it is dropped.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        Err::<Bytes, io::Error>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(parts.chain(end))
}
