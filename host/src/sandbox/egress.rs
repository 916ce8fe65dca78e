//! Joins `wasi:http` to the gate. What may pass is decided there, not here.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks,
};

use super::limits;
use crate::gate::{BodyFault, CallBudget, Failure, Gate, Refusal};
use crate::model::Fault;

/// The way out of one call. Without a gate every request is refused: `describe` and
/// `configure` are pure.
pub struct Egress {
    gate: Option<Gate>,
    budget: Arc<CallBudget>,
    refusals: Arc<Mutex<Vec<String>>>,
    /// What a request that could not be signed comes to, whatever the connector makes of it.
    unsigned: Arc<Mutex<Option<Fault>>>,
}

/// A sent response and the guest's hold on its transmission.
type Exchange = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

/// Refusals kept in words from one call; the rest repeat them.
const REFUSALS_KEPT_MAX: usize = 5;

impl Egress {
    pub fn new(gate: Option<Gate>) -> Self {
        Self { gate, budget: Arc::default(), refusals: Arc::default(), unsigned: Arc::default() }
    }

    /// Set if a request of this call was kept back for want of a credential.
    pub fn unsigned(&self) -> Option<Fault> {
        self.unsigned.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The way out of a call whose answers are as large as a file may be.
    pub fn downloading(gate: Gate, bytes_max: u64) -> Self {
        let budget = CallBudget::default().response_bytes_max(bytes_max);
        Self {
            gate: Some(gate),
            budget: Arc::new(budget),
            refusals: Arc::default(),
            unsigned: Arc::default(),
        }
    }

    pub fn refusals(&self) -> Vec<String> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl WasiHttpHooks for Egress {
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        let gate = self.gate.clone();
        Arc::new(move |name| {
            DEFAULT_FORBIDDEN_HEADERS.contains(name) || gate.as_ref().is_none_or(|gate| gate.forbids(name))
        })
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
        let (gate, budget, refusals) =
            (self.gate.clone(), Arc::clone(&self.budget), Arc::clone(&self.refusals));
        let unsigned = Arc::clone(&self.unsigned);
        Box::new(async move {
            let Some(gate) = gate else {
                note(&refusals, "refused by the host: a call that must be pure sent a request".to_owned());
                return Err(Error::HttpRequestDenied);
            };
            let request = collected(request).await?;
            match gate.send(request, &budget).await {
                Ok(response) => {
                    let body = response.map(|body| body.map_err(broken).boxed_unsync());
                    Ok((body, Box::new(async { Ok(()) }) as Box<_>))
                }
                Err(refusal) => {
                    let code = code(&refusal);
                    if let Refusal::Credential(lack) = &refusal {
                        let mut first = unsigned.lock().unwrap_or_else(PoisonError::into_inner);
                        first.get_or_insert_with(|| lack.fault());
                        return Err(code);
                    }
                    // A server that does not answer was not refused by anybody.
                    let by = if refusal.is_policy() { "refused by the host: " } else { "" };
                    note(&refusals, format!("{by}{refusal}"));
                    Err(code)
                }
            }
        })
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

/// What the guest is told of a refusal: the code that fits; the words stay with the host.
fn code(refusal: &Refusal) -> Error {
    match refusal {
        Refusal::NotAgreed { .. } | Refusal::Method { .. } | Refusal::Header { .. } | Refusal::Body(_) => {
            Error::HttpRequestDenied
        }
        Refusal::Url { .. } => Error::HttpRequestUriInvalid,
        Refusal::Address { .. } => Error::DestinationIpProhibited,
        Refusal::TooLarge { .. } => Error::HttpRequestBodySize(None),
        Refusal::Budget { .. } => Error::ConnectionLimitReached,
        Refusal::Credential(_) => Error::ConnectionRefused,
        Refusal::Failed { failure, .. } => match failure {
            Failure::Address { .. } => Error::DestinationIpProhibited,
            Failure::Name(_) => Error::DnsError { rcode: None, info_code: None },
            Failure::Connect(_) | Failure::Unready(_) => Error::ConnectionRefused,
            Failure::Tls(_) => Error::TlsProtocolError,
            Failure::Silent => Error::HttpResponseTimeout,
            Failure::Broken(_) => Error::ConnectionTerminated,
        },
    }
}

fn broken(fault: BodyFault) -> Error {
    match fault {
        BodyFault::TooLarge { bytes_max } => Error::HttpResponseBodySize(Some(bytes_max)),
        BodyFault::Silent => Error::HttpResponseTimeout,
        BodyFault::Broken(_) => Error::HttpResponseIncomplete,
    }
}
