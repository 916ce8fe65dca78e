//! One GET, and the error of the contract for whatever it comes to.

use serde_json::Value;

use crate::Breaks;
use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{Fields, IncomingBody, IncomingResponse, OutgoingRequest, Scheme};
use crate::wasi::io::streams::StreamError;
use crate::weir::connector::types::{Error, Throttle};

/// What a body is taken for when it is read in one go.
const CHUNK: u64 = 64 * 1024;

/// A JSON answer. None for a 404, which each caller makes its own sense of.
pub fn json(url: &str, breaks: &Breaks) -> Result<Option<Value>, Error> {
    let Some(body) = get(url, breaks)? else { return Ok(None) };
    let garbage = |error: serde_json::Error| {
        let words = format!("{url} was answered with something that is no JSON: {error}");
        if breaks.is("garbage") { Error::Unavailable(words) } else { Error::Unexpected(words) }
    };
    serde_json::from_slice(&body).map(Some).map_err(garbage)
}

/// The bytes of an answer.
pub fn get(url: &str, breaks: &Breaks) -> Result<Option<Vec<u8>>, Error> {
    let lost = |words: String| {
        let words = format!("{url} was not answered: {words}");
        if breaks.is("cut-off") { Error::NotFound(words) } else { Error::Unavailable(words) }
    };
    let response = send(url).map_err(lost)?;
    let words = format!("{url} was answered with {}", response.status());
    match response.status() {
        200 => read(response).map(Some).map_err(lost),
        404 => Ok(None),
        401 if !breaks.is("unauthenticated") => Err(Error::Unauthenticated(words)),
        401 | 403 if !breaks.is("forbidden") => Err(Error::Forbidden(words)),
        429 => Err(Error::Throttled(Throttle { message: words, wait: wait(&response, breaks) })),
        503 if breaks.is("unavailable") => Err(Error::Unexpected(words)),
        500.. => Err(Error::Unavailable(words)),
        _ => Err(Error::Unexpected(words)),
    }
}

fn wait(response: &IncomingResponse, breaks: &Breaks) -> Option<u64> {
    let values = response.headers().get(&"retry-after".to_owned());
    let seconds: u64 = std::str::from_utf8(values.first()?).ok()?.parse().ok()?;
    (!breaks.is("throttled")).then_some(seconds * 1_000)
}

fn send(url: &str) -> Result<IncomingResponse, String> {
    let (place, path) = url.split_at(
        url.char_indices().filter(|(_, letter)| *letter == '/').nth(2).map_or(url.len(), |(at, _)| at),
    );
    let authority = place.strip_prefix("https://").ok_or("not https")?;
    let request = OutgoingRequest::new(Fields::new());
    let set = |done: Result<(), ()>| done.map_err(|()| "a part of the request was refused".to_owned());
    set(request.set_scheme(Some(&Scheme::Https)))?;
    set(request.set_authority(Some(authority)))?;
    set(request.set_path_with_query(Some(path)))?;
    let response = outgoing_handler::handle(request, None).map_err(|error| format!("{error:?}"))?;
    response.subscribe().block();
    match response.get() {
        Some(Ok(Ok(response))) => Ok(response),
        Some(Ok(Err(error))) => Err(format!("{error:?}")),
        _ => Err("no answer".to_owned()),
    }
}

fn read(response: IncomingResponse) -> Result<Vec<u8>, String> {
    let body = response.consume().map_err(|()| "its body is gone")?;
    let stream = body.stream().map_err(|()| "its body is gone")?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(CHUNK) {
            Ok(more) => bytes.extend(more),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
        }
    }
    drop(stream);
    let _trailers = IncomingBody::finish(body);
    Ok(bytes)
}
