//! What a call finds outside itself: a way to send requests, and perhaps clocks and chance that are not the
//! machine's own. Holds no Wasmtime type, so that others may stand in for the world: a tape does.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, Request, Response};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};

use crate::gate::{BoxFuture, CallBudget, Failure, Gate, RawBody, Refusal};
use crate::model::Fault;

/// The outside of one call. Made for that call and used by no other.
pub trait Outside: Send + Sync + 'static {
    /// Whether the guest may not set this header.
    fn forbids(&self, header: &HeaderName) -> bool;

    /// Sends a request of the guest.
    ///
    /// # Errors
    ///
    /// [`Denied`] if no answer came, for whatever reason.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>>;

    /// The answers so far have cost so much more. Where nothing is asked in earnest, nothing is spent.
    fn spend(&self, _units: u64) {}

    /// Clocks and chance other than the machine's own; none for those.
    fn senses(&self) -> Option<Arc<dyn Senses>> {
        None
    }
}

/// What a guest learns of time and chance.
pub trait Senses: Send + Sync + 'static {
    /// Since 1970-01-01T00:00:00Z.
    fn wall(&self) -> Duration;

    /// Nanoseconds since some moment before the call.
    fn monotonic(&self) -> u64;

    /// What all of the guest's randomness is made of.
    fn seed(&self) -> [u8; 32];
}

/// Why a request brought no answer, as the guest and its host are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denied {
    pub code: Code,
    /// For the user, unless `unsigned` says it.
    pub words: Option<String>,
    /// What the whole call comes to if the request was kept back for want of a credential.
    pub unsigned: Option<Fault>,
}

/// What the guest is told: one of the error codes of `wasi:http`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    RequestDenied,
    UriInvalid,
    IpProhibited,
    RequestBodySize,
    ConnectionLimit,
    ConnectionRefused,
    Dns,
    TlsProtocol,
    ResponseTimeout,
    ConnectionTerminated,
}

/// The outside of a call, as callers hand it over: `&Gate` for the world behind that gate.
#[derive(Clone)]
pub struct Way(pub(super) Arc<dyn Outside>);

impl Way {
    pub fn new(outside: Arc<dyn Outside>) -> Self {
        Self(outside)
    }

    /// For a call that must be pure: every request is refused.
    pub fn nowhere() -> Self {
        Self(Arc::new(World { gate: None, budget: CallBudget::default() }))
    }

    /// For a call whose answers may be as large as a file.
    pub fn downloading(gate: &Gate, bytes_max: u64) -> Self {
        let budget = CallBudget::default().response_bytes_max(bytes_max);
        Self(Arc::new(World { gate: Some(gate.clone()), budget }))
    }

    /// What is there, for those who stand between it and the guest.
    pub fn outside(&self) -> Arc<dyn Outside> {
        Arc::clone(&self.0)
    }
}

impl From<&Gate> for Way {
    fn from(gate: &Gate) -> Self {
        Self(Arc::new(World { gate: Some(gate.clone()), budget: CallBudget::default() }))
    }
}

/// The world, through the gate or not at all.
struct World {
    gate: Option<Gate>,
    budget: CallBudget,
}

impl Outside for World {
    fn forbids(&self, header: &HeaderName) -> bool {
        self.gate.as_ref().is_none_or(|gate| gate.forbids(header))
    }

    /// A pure call has got no answers.
    fn spend(&self, units: u64) {
        if let Some(gate) = &self.gate {
            gate.spend(units);
        }
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>> {
        Box::pin(async move {
            let Some(gate) = &self.gate else {
                let words = "refused by the host: a call that must be pure sent a request".to_owned();
                return Err(Denied { code: Code::RequestDenied, words: Some(words), unsigned: None });
            };
            let answer = gate.send(request, &self.budget).await;
            answer
                .map(|response| response.map(|body| body.boxed_unsync()))
                .map_err(|refusal| denied(&refusal))
        })
    }
}

fn denied(refusal: &Refusal) -> Denied {
    let code = code(refusal);
    if let Refusal::Credential(lack) = refusal {
        return Denied { code, words: None, unsigned: Some(lack.fault()) };
    }
    // A server that does not answer was not refused by anybody.
    let by = if refusal.is_policy() { "refused by the host: " } else { "" };
    Denied { code, words: Some(format!("{by}{refusal}")), unsigned: None }
}

/// The code that fits; the words stay with the host.
fn code(refusal: &Refusal) -> Code {
    match refusal {
        Refusal::NotAgreed { .. }
        | Refusal::Method { .. }
        | Refusal::Header { .. }
        | Refusal::Part { .. }
        | Refusal::Body(_) => Code::RequestDenied,
        Refusal::Url { .. } => Code::UriInvalid,
        Refusal::Address { .. } => Code::IpProhibited,
        Refusal::TooLarge { .. } => Code::RequestBodySize,
        Refusal::Budget { .. } => Code::ConnectionLimit,
        Refusal::Credential(_) => Code::ConnectionRefused,
        Refusal::Failed { failure, .. } => match failure {
            Failure::Address { .. } => Code::IpProhibited,
            Failure::Name(_) => Code::Dns,
            Failure::Connect(_) | Failure::Unready(_) => Code::ConnectionRefused,
            Failure::Tls(_) => Code::TlsProtocol,
            Failure::Silent => Code::ResponseTimeout,
            Failure::Broken(_) => Code::ConnectionTerminated,
        },
    }
}
