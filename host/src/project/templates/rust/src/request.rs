//! Requests: the contract's wasi:http. The host adds the credential, and retries what is worth it.

use crate::bindings::exports::weir::connector::content::Receipt;
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingRequest, Scheme,
};
use crate::bindings::wasi::io::streams::{OutputStream, StreamError};
use crate::bindings::weir::connector::types::Error;
use crate::meaning::meaning;
use crate::reading::Ask;
use serde_json::Value;

/// How much is asked of a stream at once, in bytes; the host may give less.
const CHUNK: u64 = 1024 * 1024;

pub struct Http {
    /// `https://notes.example`
    pub site: String,
}

impl Ask for Http {
    /// Asks for all of them at once and then waits: several requests are in flight, as many as the host allows.
    fn ask(&self, paths: &[String]) -> Vec<Result<Value, Error>> {
        let sent: Vec<_> = paths.iter().map(|path| self.send(path)).collect();
        let answer = |(path, sent): (&String, Result<FutureIncomingResponse, Error>)| {
            let response = head(&sent?)?;
            let (status, retry_after) = (response.status(), header(&response, "retry-after"));
            meaning(path, status, retry_after.as_deref(), &body(&response)?)
        };
        paths.iter().zip(sent).map(answer).collect()
    }
}

impl Http {
    /// The bytes go from the answer to the host's sink without passing through this memory.
    pub fn download(&self, link: &str, sink: &OutputStream) -> Result<Receipt, Error> {
        let response = head(&self.send(link)?)?;
        if response.status() != 200 {
            let answer = meaning(
                link,
                response.status(),
                header(&response, "retry-after").as_deref(),
                &body(&response)?,
            );
            return Err(answer.err().unwrap_or_else(broken));
        }
        let body = response.consume().map_err(|()| broken())?;
        let stream = body.stream().map_err(|()| broken())?;
        let mut size = 0;
        loop {
            match sink.blocking_splice(&stream, CHUNK) {
                Ok(bytes) => size += bytes,
                // The end, or the host has had enough: then the answer no longer matters to it.
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(_)) => return Err(broken()),
            }
        }
        drop(stream);
        finish(body)?;
        Ok(Receipt { media_type: header(&response, "content-type"), size })
    }

    fn send(&self, path: &str) -> Result<FutureIncomingResponse, Error> {
        let unwritten = || Error::Unexpected(format!("the request GET {path} could not be written down"));
        let headers = Fields::new();
        headers.append("accept", b"application/json").map_err(|_| unwritten())?;
        let request = OutgoingRequest::new(headers);
        let authority = self.site.trim_start_matches("https://");
        request.set_scheme(Some(&Scheme::Https)).map_err(|()| unwritten())?;
        request.set_authority(Some(authority)).map_err(|()| unwritten())?;
        request.set_path_with_query(Some(path)).map_err(|()| unwritten())?;
        outgoing_handler::handle(request, None).map_err(failed)
    }
}

/// The head of the answer, once it is there.
fn head(sent: &FutureIncomingResponse) -> Result<IncomingResponse, Error> {
    loop {
        match sent.get() {
            None => sent.subscribe().block(),
            Some(Ok(response)) => return response.map_err(failed),
            Some(Err(())) => return Err(broken()),
        }
    }
}

fn header(response: &IncomingResponse, name: &str) -> Option<String> {
    let value = response.headers().get(name).into_iter().next()?;
    String::from_utf8(value).ok()
}

fn body(response: &IncomingResponse) -> Result<Vec<u8>, Error> {
    let body = response.consume().map_err(|()| broken())?;
    let stream = body.stream().map_err(|()| broken())?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(CHUNK) {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return Err(broken()),
        }
    }
    drop(stream);
    finish(body)?;
    Ok(bytes)
}

/// A body counts only if it ended as announced.
fn finish(body: IncomingBody) -> Result<(), Error> {
    let end = IncomingBody::finish(body);
    loop {
        match end.get() {
            None => end.subscribe().block(),
            Some(Ok(Ok(_))) => return Ok(()),
            Some(Ok(Err(code))) => return Err(failed(code)),
            Some(Err(())) => return Err(broken()),
        }
    }
}

/// No answer came. What the host refused would be refused again; anything else may pass.
fn failed(code: ErrorCode) -> Error {
    let message = format!("the request to the site failed: {code:?}");
    match code {
        ErrorCode::HttpRequestDenied => Error::Unexpected(message),
        _ => Error::Unavailable(message),
    }
}

fn broken() -> Error {
    Error::Unavailable("the site's answer broke off".to_owned())
}
