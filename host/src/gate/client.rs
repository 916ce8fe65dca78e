//! The real transport: one pool of connections for the whole process.

use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use http::Response;
use http_body_util::BodyExt as _;

use super::limits::{
    ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, POOL_IDLE_TIMEOUT, RESPONSE_HEADER_BYTES_MAX, SILENCE_TIMEOUT,
};
use super::resolver::Guarded;
use super::{
    BodyFault, BoxFuture, Departure, Failure, Lookup, RawBody, Reach, SystemLookup, Transport, addresses,
};

/// TLS by rustls with ring and the machine's own certificates, HTTP/2 where offered, gzip.
///
/// Holds a client for each [`Reach`], so that a connection made under one address rule is
/// never used under another. Each is made when it is first needed, since loading
/// certificates takes a while and a demonstration on this machine needs none.
pub struct Client {
    lookup: Arc<dyn Lookup>,
    /// Whether bodies that come compressed are decompressed.
    decompresses: bool,
    public: OnceLock<Result<reqwest::Client, Failure>>,
    local: OnceLock<Result<reqwest::Client, Failure>>,
    either: OnceLock<Result<reqwest::Client, Failure>>,
}

impl Default for Client {
    fn default() -> Self {
        Self::new(Arc::new(SystemLookup))
    }
}

impl Client {
    pub fn new(lookup: Arc<dyn Lookup>) -> Self {
        // reqwest takes the process's provider. That another part of the process has chosen one
        // already is no fault.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let decompresses = true;
        Self {
            lookup,
            decompresses,
            public: OnceLock::new(),
            local: OnceLock::new(),
            either: OnceLock::new(),
        }
    }

    /// As [`Client::new`], but bodies are left as they come: for bytes that have a digest.
    pub fn verbatim(lookup: Arc<dyn Lookup>) -> Self {
        Self { decompresses: false, ..Self::new(lookup) }
    }

    fn reaching(&self, reach: Reach) -> Result<&reqwest::Client, Failure> {
        let seat = match reach {
            Reach::Public => &self.public,
            Reach::Local => &self.local,
            Reach::Either => &self.either,
        };
        seat.get_or_init(|| self.build(reach)).as_ref().map_err(Clone::clone)
    }

    fn build(&self, reach: Reach) -> Result<reqwest::Client, Failure> {
        let settings = || settings(reach, &self.lookup).gzip(self.decompresses);
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Failure::Unready(causes(&error)))
        };
        match build(settings()) {
            // A machine without certificates can still speak to itself in plain HTTP.
            Err(_) if reach == Reach::Local => build(settings().tls_certs_only([])),
            built => built,
        }
    }
}

impl Transport for Client {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        Box::pin(async move {
            let Departure { method, url, headers, body, reach } = departure;
            refuse_literal(&url, reach)?;
            let mut request = reqwest::Request::new(method, url);
            *request.headers_mut() = headers;
            if !body.is_empty() {
                *request.body_mut() = Some(body.into());
            }
            let response = self.reaching(reach)?.execute(request).await.map_err(failure)?;
            Ok(Response::from(response).map(|body: reqwest::Body| body.map_err(body_fault).boxed_unsync()))
        })
    }
}

fn settings(reach: Reach, lookup: &Arc<dyn Lookup>) -> reqwest::ClientBuilder {
    let settings = reqwest::Client::builder()
        .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Guarded { lookup: Arc::clone(lookup), reach })
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(SILENCE_TIMEOUT)
        .timeout(ATTEMPT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .http2_adaptive_window(true)
        .http2_max_header_list_size(RESPONSE_HEADER_BYTES_MAX as u32);
    match reach {
        Reach::Public => settings,
        // A stand-in learns from `host` whom it stands in for; HTTP/2 has no such header.
        Reach::Local | Reach::Either => settings.http1_only(),
    }
}

/// An address in a URL never meets the resolver, so it is judged here.
fn refuse_literal(url: &url::Url, reach: Reach) -> Result<(), Failure> {
    let address: IpAddr = match url.host() {
        Some(url::Host::Ipv4(address)) => address.into(),
        Some(url::Host::Ipv6(address)) => address.into(),
        _ => return Ok(()),
    };
    match reach.admits(address) {
        true => Ok(()),
        false => Err(Failure::Address { address, kind: addresses::kind(address) }),
    }
}

/// What went wrong, without the URL: its query may hold a token.
fn failure(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if let Some(ours) = chain(&error).find_map(|cause| cause.downcast_ref::<Failure>()) {
        return ours.clone();
    }
    if chain(&error).any(is_tls) {
        return Failure::Tls(causes(&error));
    }
    if error.is_connect() {
        return Failure::Connect(causes(&error));
    }
    if error.is_timeout() { Failure::Silent } else { Failure::Broken(causes(&error)) }
}

fn body_fault(error: reqwest::Error) -> BodyFault {
    if error.is_timeout() { BodyFault::Silent } else { BodyFault::Broken(causes(&error.without_url())) }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| Error::source(error))
}

/// An `io::Error` gives its cause's causes as its own, so that the cause itself is asked for.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}

/// The causes in words, outermost first, without the headings of reqwest and hyper, which
/// say nothing to a user, and without repeating.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = chain(error).skip(1).map(ToString::to_string).collect();
    words.retain(|words| !words.starts_with("client error ("));
    words.dedup();
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}
