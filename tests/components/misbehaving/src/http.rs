//! The smallest use of `wasi:http` that shows what got out, and what came back.

use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{Fields, IncomingResponse, Method, OutgoingBody, OutgoingRequest, Scheme};
use crate::wasi::io::streams::StreamError;

pub fn fields() -> Fields {
    Fields::new()
}

/// The status, or why the request did not get out.
pub fn get(url: &str, headers: &[(&str, &str)]) -> Result<String, String> {
    status(&Method::Get, url, headers, None)
}

pub fn status(
    method: &Method,
    url: &str,
    headers: &[(&str, &str)],
    trailer: Option<(&str, &str)>,
) -> Result<String, String> {
    Ok(format!("status {}", send(method, url, headers, trailer)?.status()))
}

pub fn send(
    method: &Method,
    url: &str,
    headers: &[(&str, &str)],
    trailer: Option<(&str, &str)>,
) -> Result<IncomingResponse, String> {
    let (scheme, rest) = url.split_once("://").ok_or("a URL without a scheme")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let request = OutgoingRequest::new(filled(headers)?);
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    let set = |done: Result<(), ()>| done.map_err(|()| "a part of the request was refused".to_owned());
    set(request.set_method(method))?;
    set(request.set_scheme(Some(&scheme)))?;
    set(request.set_authority(Some(authority)))?;
    set(request.set_path_with_query(Some(path)))?;
    let body = request.body().map_err(|()| "no body")?;
    let trailers = trailer.map(|trailer| filled(&[trailer])).transpose()?;
    let response = outgoing_handler::handle(request, None).map_err(|error| format!("{error:?}"))?;
    OutgoingBody::finish(body, trailers).map_err(|error| format!("{error:?}"))?;
    response.subscribe().block();
    match response.get() {
        Some(Ok(Ok(response))) => Ok(response),
        Some(Ok(Err(error))) => Err(format!("{error:?}")),
        _ => Err("no answer".into()),
    }
}

/// The body, piece by piece.
pub fn read(response: IncomingResponse, mut each: impl FnMut(&[u8])) -> Result<(), String> {
    let body = response.consume().map_err(|()| "no body")?;
    let stream = body.stream().map_err(|()| "no stream")?;
    loop {
        match stream.blocking_read(64 * 1024) {
            Ok(piece) => each(&piece),
            Err(StreamError::Closed) => return Ok(()),
            Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
        }
    }
}

pub fn header(response: &IncomingResponse, name: &str) -> Option<String> {
    let value = response.headers().get(&name.to_owned()).into_iter().next()?;
    String::from_utf8(value).ok()
}

fn filled(headers: &[(&str, &str)]) -> Result<Fields, String> {
    let fields = Fields::new();
    for (name, value) in headers {
        fields
            .append(&(*name).to_string(), &value.as_bytes().to_vec())
            .map_err(|error| format!("header {name}: {error:?}"))?;
    }
    Ok(fields)
}
