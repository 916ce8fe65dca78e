//! Why a request got no answer: refused by the gate, or failed on the way.

use std::net::IpAddr;

use http::{HeaderName, Method};

use super::{AddressKind, Failure, Place};
use crate::secrets::Lack;

/// Messages are fit for users and for the connector: they hold no secret and no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the connector asked for {url}, which is refused: {reason}")]
    Url { url: String, reason: &'static str },
    #[error(
        "the connector asked for {asked}, which is not among the origins agreed for this connection ({agreed})"
    )]
    NotAgreed { asked: Place, agreed: String },
    #[error(
        "the connector sent {method} to {place}; a connector may send GET and HEAD, and POST only where that was agreed"
    )]
    Method { method: Method, place: Place },
    #[error("{place} leads to {address} ({kind}), which a connector may not reach; {hint}", hint = hint(place, *kind))]
    Address { place: Place, address: IpAddr, kind: AddressKind },
    #[error("the connector set the header `{name}`, which only the host may set")]
    Header { name: HeaderName },
    /// A secret that an answer repeats is found when it is whole.
    #[error(
        "the connector asked {place} for a part of an answer (`range`); where the credential goes, answers come whole"
    )]
    Part { place: Place },
    #[error("the connector sent a body with {0}, which takes none")]
    Body(Method),
    #[error("the {what} takes {bytes} bytes; at most {bytes_max} are allowed")]
    TooLarge { what: &'static str, bytes: usize, bytes_max: usize },
    #[error(
        "the connector sent more than {requests_max} requests in one call; this is a defect of the connector"
    )]
    Budget { requests_max: u32 },
    /// The request was in order, but there is nothing to sign it with today.
    #[error("nothing was asked, because {0}")]
    Credential(Lack),
    /// Let out, but no answer came, retries included.
    #[error("{method} {place} failed: {failure}")]
    Failed { method: Method, place: Place, failure: Failure },
}

impl Refusal {
    /// Whether the gate itself refused, so that trying again cannot help.
    pub fn is_policy(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }
}

fn hint(place: &Place, kind: AddressKind) -> String {
    match kind {
        AddressKind::Loopback | AddressKind::Private(_) => {
            format!("if the source does live there, say so with --route {place}={place}")
        }
        AddressKind::Public => {
            "plain http:// is for this machine and private networks; use https://".to_owned()
        }
        AddressKind::Special(_) => "no source lives there; check what the name's DNS says".to_owned(),
    }
}
