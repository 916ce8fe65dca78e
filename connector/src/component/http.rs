//! Requests over wasi:http. `send` hands a request to the host and returns, so that several are in flight.

use super::bindings::wasi::http::outgoing_handler;
use super::bindings::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingRequest,
    RequestOptions, Scheme,
};
use super::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::download::{Poured, Receipt};
use crate::transport::{Response, Transport, TransportError, TransportErrorKind};
use url::Url;

const SECOND_NANOSECONDS: u64 = 1_000_000_000;

/// A site that does not even open a connection by then is down.
const CONNECT_NANOSECONDS_MAX: u64 = 10 * SECOND_NANOSECONDS;

/// 250 large bodies take Confluence tens of seconds, after which its own gateway gives up.
const FIRST_BYTE_NANOSECONDS_MAX: u64 = 90 * SECOND_NANOSECONDS;

const BETWEEN_BYTES_NANOSECONDS_MAX: u64 = 30 * SECOND_NANOSECONDS;

/// How much is asked of a stream at once; the host may give less.
const CHUNK_BYTES: u64 = 1024 * 1024;

/// A page of a listing is a few megabytes. A larger answer is not read to its end, and fewer rows are asked for.
const BODY_BYTES_MAX: usize = 48 * 1024 * 1024;

pub struct Http;

impl Transport for Http {
    type Pending = Result<FutureIncomingResponse, TransportError>;

    fn send(&self, url: &Url) -> Self::Pending {
        let options = RequestOptions::new();
        // A host that does not know an option refuses it; the request goes out all the same.
        let _ = options.set_connect_timeout(Some(CONNECT_NANOSECONDS_MAX));
        let _ = options.set_first_byte_timeout(Some(FIRST_BYTE_NANOSECONDS_MAX));
        let _ = options.set_between_bytes_timeout(Some(BETWEEN_BYTES_NANOSECONDS_MAX));
        let request = request(url).ok_or_else(|| denied("the request could not be written down"))?;
        outgoing_handler::handle(request, Some(options)).map_err(failure)
    }

    fn wait(&self, pending: Self::Pending) -> Result<Response, TransportError> {
        read(head(pending?)?)
    }
}

/// Asks for bytes and lets the host pass them on to the sink: they never enter this memory.
pub fn pour(url: &Url, sink: &OutputStream) -> Result<Poured, TransportError> {
    let response = head(Http.send(url)?)?;
    if response.status() != 200 {
        return Ok(Poured::Other(read(response)?));
    }
    let media_type =
        headers(&response).into_iter().find_map(|(name, value)| (name == "content-type").then_some(value));
    let body = response.consume().map_err(|()| incomplete())?;
    let stream = body.stream().map_err(|()| incomplete())?;
    let mut size = 0;
    loop {
        match sink.blocking_splice(&stream, CHUNK_BYTES) {
            Ok(bytes) => size += bytes,
            // Either end may be the closed one. The bytes count only with a receipt, so a sink that was closed
            // before the end is the host's own doing.
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return Err(incomplete()),
        }
    }
    drop(stream);
    complete(body)?;
    Ok(Poured::Bytes(Receipt { media_type, size }))
}

fn request(url: &Url) -> Option<OutgoingRequest> {
    let headers = Fields::new();
    headers.append("accept", b"application/json, */*;q=0.1").ok()?;
    let request = OutgoingRequest::new(headers);
    request.set_scheme(Some(&Scheme::Https)).ok()?;
    request.set_authority(Some(url.authority())).ok()?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    request.set_path_with_query(Some(&path)).ok()?;
    Some(request)
}

fn head(pending: FutureIncomingResponse) -> Result<IncomingResponse, TransportError> {
    loop {
        match pending.get() {
            None => pending.subscribe().block(),
            Some(Ok(response)) => return response.map_err(failure),
            Some(Err(())) => return Err(incomplete()),
        }
    }
}

fn headers(response: &IncomingResponse) -> Vec<(String, String)> {
    let entries = response.headers().entries().into_iter();
    let readable =
        |(name, value): (String, Vec<u8>)| Some((name.to_ascii_lowercase(), String::from_utf8(value).ok()?));
    entries.filter_map(readable).collect()
}

fn read(response: IncomingResponse) -> Result<Response, TransportError> {
    let (status, headers) = (response.status(), headers(&response));
    let incoming = response.consume().map_err(|()| incomplete())?;
    let stream = incoming.stream().map_err(|()| incomplete())?;
    let body = read_all(&stream)?;
    drop(stream);
    complete(incoming)?;
    Ok(Response { status, headers, body })
}

fn read_all(stream: &InputStream) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    loop {
        match stream.blocking_read(CHUNK_BYTES) {
            Ok(chunk) => body.extend_from_slice(&chunk),
            Err(StreamError::Closed) => return Ok(body),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = super::bindings::wasi::http::types::http_error_code(&error);
                return Err(code.map_or_else(incomplete, failure));
            }
        }
        if body.len() > BODY_BYTES_MAX {
            return Err(TransportError {
                kind: TransportErrorKind::TooLarge,
                message: format!("the answer is larger than {BODY_BYTES_MAX} bytes"),
            });
        }
    }
}

/// A body counts only if it ended as announced.
fn complete(body: IncomingBody) -> Result<(), TransportError> {
    let end = IncomingBody::finish(body);
    loop {
        match end.get() {
            None => end.subscribe().block(),
            Some(Ok(Ok(_))) => return Ok(()),
            Some(Ok(Err(code))) => return Err(failure(code)),
            Some(Err(())) => return Err(incomplete()),
        }
    }
}

fn denied(message: &str) -> TransportError {
    TransportError { kind: TransportErrorKind::Denied, message: message.to_owned() }
}

fn incomplete() -> TransportError {
    failure(ErrorCode::HttpResponseIncomplete)
}

fn failure(code: ErrorCode) -> TransportError {
    use TransportErrorKind::{Denied, TimedOut, TooLarge, Unreachable};
    let (kind, message) = match code {
        ErrorCode::HttpRequestDenied => (Denied, "the host does not let requests out to there"),
        ErrorCode::DestinationIpProhibited => (Denied, "the host does not allow its address"),
        ErrorCode::HttpResponseBodySize(_) => (TooLarge, "the answer is larger than the host allows"),
        ErrorCode::HttpResponseTimeout | ErrorCode::ConnectionReadTimeout => {
            (TimedOut, "no answer came in time")
        }
        ErrorCode::ConnectionTimeout => (Unreachable, "no connection came about in time"),
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout | ErrorCode::DestinationNotFound => {
            (Unreachable, "its name could not be resolved")
        }
        ErrorCode::ConnectionRefused => (Unreachable, "the connection was refused"),
        ErrorCode::TlsCertificateError | ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => {
            (Unreachable, "no secure connection came about")
        }
        ErrorCode::HttpResponseIncomplete | ErrorCode::ConnectionTerminated => {
            (Unreachable, "the answer broke off")
        }
        other => {
            return TransportError { kind: Unreachable, message: format!("the request failed: {other:?}") };
        }
    };
    let message = message.to_owned();
    TransportError { kind, message }
}
