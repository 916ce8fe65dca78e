//! What carries a request that was let out.

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::combinators::UnsyncBoxBody;
use std::net::IpAddr;
use url::Url;

use super::{AddressKind, BodyFault, BoxFuture, Reach};

/// One request, ready to be sent once.
///
/// Has no `Debug`: its headers hold the credential.
#[derive(Clone)]
pub struct Departure {
    pub method: Method,
    /// Where it is dialled: the agreed origin, or the server that stands in for it.
    pub url: Url,
    /// With `host` only if a server stands in.
    pub headers: HeaderMap,
    pub body: Bytes,
    pub reach: Reach,
}

/// A body as it comes from the network, decompressed.
pub type RawBody = UnsyncBoxBody<Bytes, BodyFault>;

/// Sends a request once: no redirect, no retry, no cookie, no proxy. It dials only
/// addresses that the departure's reach admits.
pub trait Transport: Send + Sync {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<http::Response<RawBody>, Failure>>;
}

/// No answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("the name leads to {address} ({kind}), which a connector may not reach")]
    Address { address: IpAddr, kind: AddressKind },
    #[error("the name could not be resolved ({0}); check the address, and this machine's DNS")]
    Name(String),
    #[error("no connection could be made ({0}); check the address, and that nothing blocks it")]
    Connect(String),
    #[error("the TLS handshake failed ({0}); check the address, and the certificates this machine trusts")]
    Tls(String),
    #[error("no answer came in time; the server may be overloaded, try again later")]
    Silent,
    #[error("the connection broke before an answer came ({0})")]
    Broken(String),
    #[error("the client could not be set up ({0}); check that this machine has CA certificates")]
    Unready(String),
}
