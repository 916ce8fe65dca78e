//! Requests over `wasi:http`, one at a time: a feed is one request.

use url::Url;

use crate::contract::wasi::http::outgoing_handler::handle;
use crate::contract::wasi::http::types::{
    ErrorCode, Fields, IncomingBody, IncomingResponse, Method as Wire, OutgoingRequest, Scheme,
};
use crate::contract::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::contract::weir::connector::log;
use crate::contract::weir::connector::types::Error;
use crate::download::{Poured, Receipt};
use crate::fetch::{Method, Response, Web};

/// How much is asked of a stream at once; the host may give less.
const CHUNK_BYTES: u64 = 1024 * 1024;

/// A feed of 2,000 entries with whole articles. A larger one is not read to its end.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

pub struct Http;

impl Web for Http {
    fn ask(&self, method: Method, url: &Url, headers: &[(&str, &str)]) -> Result<Response, Error> {
        read(url, head(method, url, headers)?)
    }

    fn warn(&self, message: &str) {
        log::write(log::Level::Warn, message, &[]);
    }
}

/// Asks for bytes and lets the host pass them on to the sink: they never enter this memory.
pub fn pour(url: &Url, sink: &OutputStream) -> Result<Poured, Error> {
    let response = head(Method::Get, url, &[])?;
    if response.status() != 200 {
        return Ok(Poured::Other(read(url, response)?));
    }
    let named = |(name, value): (String, String)| (name == "content-type").then_some(value);
    let media_type = headers_of(&response).into_iter().find_map(named);
    let body = response.consume().map_err(|()| incomplete(url))?;
    let stream = body.stream().map_err(|()| incomplete(url))?;
    let mut size = 0;
    loop {
        match sink.blocking_splice(&stream, CHUNK_BYTES) {
            Ok(bytes) => size += bytes,
            // Either end may be the closed one; a sink that was closed early is the host's own doing.
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return Err(incomplete(url)),
        }
    }
    drop(stream);
    complete(url, body)?;
    Ok(Poured::Bytes(Receipt { media_type, size }))
}

fn head(method: Method, url: &Url, headers: &[(&str, &str)]) -> Result<IncomingResponse, Error> {
    let request = request(method, url, headers)
        .ok_or_else(|| Error::Unexpected(format!("the request for {url} could not be written down")))?;
    let pending = handle(request, None).map_err(|code| failure(url, &code))?;
    loop {
        match pending.get() {
            None => pending.subscribe().block(),
            Some(Ok(response)) => return response.map_err(|code| failure(url, &code)),
            Some(Err(())) => return Err(incomplete(url)),
        }
    }
}

fn request(method: Method, url: &Url, headers: &[(&str, &str)]) -> Option<OutgoingRequest> {
    let fields = Fields::new();
    let accept =
        "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1";
    for (name, value) in [("accept", accept)].iter().chain(headers) {
        fields.append(name, value.as_bytes()).ok()?;
    }
    let request = OutgoingRequest::new(fields);
    let method = match method {
        Method::Get => Wire::Get,
        Method::Head => Wire::Head,
    };
    request.set_method(&method).ok()?;
    request.set_scheme(Some(&Scheme::Https)).ok()?;
    request.set_authority(Some(url.authority())).ok()?;
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    request.set_path_with_query(Some(&path)).ok()?;
    Some(request)
}

fn headers_of(response: &IncomingResponse) -> Vec<(String, String)> {
    let readable =
        |(name, value): (String, Vec<u8>)| Some((name.to_ascii_lowercase(), String::from_utf8(value).ok()?));
    response.headers().entries().into_iter().filter_map(readable).collect()
}

fn read(url: &Url, response: IncomingResponse) -> Result<Response, Error> {
    let (status, headers) = (response.status(), headers_of(&response));
    let incoming = response.consume().map_err(|()| incomplete(url))?;
    let stream = incoming.stream().map_err(|()| incomplete(url))?;
    let body = read_all(url, &stream)?;
    drop(stream);
    complete(url, incoming)?;
    Ok(Response { status, headers, body })
}

fn read_all(url: &Url, stream: &InputStream) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(CHUNK_BYTES) {
            Ok(chunk) => body.extend_from_slice(&chunk),
            Err(StreamError::Closed) => return Ok(body),
            Err(StreamError::LastOperationFailed(_)) => return Err(incomplete(url)),
        }
        if body.len() > BODY_BYTES_MAX {
            return Err(Error::Unexpected(format!(
                "asked for {url}, and what is there has more than {BODY_BYTES_MAX} bytes"
            )));
        }
    }
}

/// A body counts only if it ended as announced.
fn complete(url: &Url, body: IncomingBody) -> Result<(), Error> {
    let end = IncomingBody::finish(body);
    loop {
        match end.get() {
            None => end.subscribe().block(),
            Some(Ok(Ok(_))) => return Ok(()),
            Some(Ok(Err(code))) => return Err(failure(url, &code)),
            Some(Err(())) => return Err(incomplete(url)),
        }
    }
}

fn incomplete(url: &Url) -> Error {
    Error::Unavailable(format!("asked for {url}, and the answer broke off"))
}

/// What the host refused is a mistake here, since every address is held against the agreed origins first.
fn failure(url: &Url, code: &ErrorCode) -> Error {
    match code {
        ErrorCode::HttpRequestDenied | ErrorCode::HttpRequestUriInvalid => {
            Error::Unexpected(format!("asked for {url}, and the host let no request out to there"))
        }
        ErrorCode::HttpResponseBodySize(_) => {
            Error::Unexpected(format!("asked for {url}, and the answer is larger than the host allows"))
        }
        other => Error::Unavailable(format!("asked for {url}, and no answer came: {other:?}")),
    }
}
