//! The smallest use of `wasi:http` that shows whether a request got out.

use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{Fields, Method, OutgoingBody, OutgoingRequest, Scheme};

pub fn fields() -> Fields {
    Fields::new()
}

/// The status, or why the request did not get out.
pub fn get(url: &str, headers: &[(&str, &str)]) -> Result<String, String> {
    send(&Method::Get, url, headers)
}

pub fn post(url: &str) -> Result<String, String> {
    send(&Method::Post, url, &[])
}

fn send(method: &Method, url: &str, headers: &[(&str, &str)]) -> Result<String, String> {
    let fields = Fields::new();
    for (name, value) in headers {
        fields
            .append(&(*name).to_string(), &value.as_bytes().to_vec())
            .map_err(|error| format!("header {name}: {error:?}"))?;
    }
    let (scheme, rest) = url.split_once("://").ok_or("a URL without a scheme")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let request = OutgoingRequest::new(fields);
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    let set = |done: Result<(), ()>| done.map_err(|()| "a part of the request was refused".to_owned());
    set(request.set_method(method))?;
    set(request.set_scheme(Some(&scheme)))?;
    set(request.set_authority(Some(authority)))?;
    set(request.set_path_with_query(Some(path)))?;
    let body = request.body().map_err(|()| "no body")?;
    let response = outgoing_handler::handle(request, None).map_err(|error| format!("{error:?}"))?;
    OutgoingBody::finish(body, None).map_err(|error| format!("{error:?}"))?;
    response.subscribe().block();
    match response.get() {
        Some(Ok(Ok(response))) => Ok(format!("status {}", response.status())),
        Some(Ok(Err(error))) => Err(format!("{error:?}")),
        _ => Err("no answer".into()),
    }
}
