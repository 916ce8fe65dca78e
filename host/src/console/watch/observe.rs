//! Around every request: its number, its span, its line in the log, and the counts.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::console::Console;

/// Named in the answer and in the log, so that who reports trouble can say which request it was.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What sort of somebody asked; in the answer's extensions, where no client sees it.
#[derive(Debug, Clone, Copy)]
pub struct Who(pub &'static str);

/// What is told of a request: nothing that whoever sent it could choose freely.
struct Told {
    method: &'static str,
    route: String,
    status: u16,
    who: &'static str,
}

pub async fn observe(State(console): State<Console>, request: Request, next: Next) -> Response {
    let (method, route) = (name(request.method()), route(&request));
    let id = chance();
    let span = tracing::info_span!(target: "weir::console", "request", otel.name = format!("{method} {route}"), method,
        route, request_id = id, status = tracing::field::Empty);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    span.record("status", status);
    let who = response.extensions().get::<Who>().map_or("nobody", |who| who.0);
    let told = Told { method, route, status, who };
    span.in_scope(|| log(&told, took, &id));
    console.requests().count(told.method, &told.route, told.status, took);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Probes and scrapes come all day: they are for whoever looks closely.
fn log(told: &Told, took: Duration, id: &str) {
    let Told { method, route, status, who } = told;
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if matches!(route.as_str(), "/healthz" | "/readyz" | "/metrics") || route.starts_with("/assets/") {
        tracing::debug!(target: "weir::console", method, route, status, ms, who, request_id = id, "answered");
    } else {
        tracing::info!(target: "weir::console", method, route, status, ms, who, request_id = id, "answered");
    }
}

/// The pattern that the path fits: `/connections/{name}`.
fn route(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned())
}

/// A client may write any word for a method.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Not the client's: it could be made to look like another's.
fn chance() -> String {
    format!("{:016x}", getrandom::u64().unwrap_or_default())
}
