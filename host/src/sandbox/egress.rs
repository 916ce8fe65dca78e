//! Joins `wasi:http` to the outside of a call. What may pass is decided there, not here.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use tracing::Instrument as _;
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks,
};

use super::limits;
use super::outside::{Code, Outside, Senses, Way};
use crate::gate::BodyFault;
use crate::model::Fault;

/// The way out of one call, and what is to be said of it afterwards.
pub struct Egress {
    outside: Arc<dyn Outside>,
    refusals: Arc<Mutex<Vec<String>>>,
    /// What a request that could not be signed comes to, whatever the connector makes of it.
    unsigned: Arc<Mutex<Option<Fault>>>,
}

/// A sent response and the guest's hold on its transmission.
type Exchange = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

/// Refusals kept in words from one call; the rest repeat them.
const REFUSALS_KEPT_MAX: usize = 5;

impl Egress {
    pub fn new(way: Way) -> Self {
        Self { outside: way.0, refusals: Arc::default(), unsigned: Arc::default() }
    }

    /// Set if a request of this call was kept back for want of a credential.
    pub fn unsigned(&self) -> Option<Fault> {
        self.unsigned.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers have cost so much.
    pub fn spend(&self, units: u64) {
        self.outside.spend(units);
    }

    pub fn refusals(&self) -> Vec<String> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn senses(&self) -> Option<Arc<dyn Senses>> {
        self.outside.senses()
    }
}

impl WasiHttpHooks for Egress {
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        let outside = Arc::clone(&self.outside);
        Arc::new(move |name| DEFAULT_FORBIDDEN_HEADERS.contains(name) || outside.forbids(name))
    }

    fn set_host_header(&mut self) -> bool {
        // The gate's client writes it from the URL; a guest cannot name another.
        false
    }

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Exchange, Error>> + Send> {
        let outside = Arc::clone(&self.outside);
        let (refusals, unsigned) = (Arc::clone(&self.refusals), Arc::clone(&self.unsigned));
        // The request's span lies in that of the call, whichever task sends it.
        let sending = async move {
            let request = collected(request).await?;
            match outside.send(request).await {
                Ok(response) => {
                    let body = response.map(|body| body.map_err(broken).boxed_unsync());
                    Ok((body, Box::new(async { Ok(()) }) as Box<_>))
                }
                Err(denied) => {
                    if let Some(fault) = denied.unsigned {
                        unsigned.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
                    }
                    if let Some(words) = denied.words {
                        note(&refusals, words);
                    }
                    Err(code(denied.code))
                }
            }
        };
        Box::new(sending.in_current_span())
    }
}

fn note(refusals: &Mutex<Vec<String>>, words: String) {
    let mut kept = refusals.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < REFUSALS_KEPT_MAX && !kept.contains(&words) {
        kept.push(words);
    }
}

async fn collected(request: http::Request<WasiBody>) -> Result<http::Request<Bytes>, Error> {
    let (parts, body) = request.into_parts();
    let too_large = || Error::HttpRequestBodySize(Some(limits::REQUEST_BYTES_MAX as u64));
    let body =
        Limited::new(body, limits::REQUEST_BYTES_MAX).collect().await.map_err(|_| too_large())?.to_bytes();
    Ok(http::Request::from_parts(parts, body))
}

fn code(code: Code) -> Error {
    match code {
        Code::RequestDenied => Error::HttpRequestDenied,
        Code::UriInvalid => Error::HttpRequestUriInvalid,
        Code::IpProhibited => Error::DestinationIpProhibited,
        Code::RequestBodySize => Error::HttpRequestBodySize(None),
        Code::ConnectionLimit => Error::ConnectionLimitReached,
        Code::ConnectionRefused => Error::ConnectionRefused,
        Code::Dns => Error::DnsError { rcode: None, info_code: None },
        Code::TlsProtocol => Error::TlsProtocolError,
        Code::ResponseTimeout => Error::HttpResponseTimeout,
        Code::ConnectionTerminated => Error::ConnectionTerminated,
    }
}

fn broken(fault: BodyFault) -> Error {
    match fault {
        BodyFault::TooLarge { bytes_max } => Error::HttpResponseBodySize(Some(bytes_max)),
        BodyFault::Silent => Error::HttpResponseTimeout,
        BodyFault::Broken(_) => Error::HttpResponseIncomplete,
    }
}
