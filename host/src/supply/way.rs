//! One GET, with its redirects, to a body of bounded length.

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt as _;
use url::Url;

use super::reference::shown;
use super::{HttpFault, SupplyError, hop, limits};
use crate::gate::{Departure, Failure, RawBody, Transport};

/// The way out.
pub(super) struct Way<'n> {
    network: &'n dyn Transport,
}

/// What is asked for.
pub(super) struct Ask<'a> {
    pub url: &'a Url,
    /// What a person wrote: its host may be on a private network.
    pub named: &'a Url,
    pub accept: &'static str,
    /// Sent to the origin of `url`; not to another one that the answer leads to, and not again after it.
    pub authorization: Option<&'a HeaderValue>,
    pub hops_max: usize,
}

/// An answer that leads nowhere else; its body is still to be read.
pub(super) struct Answer {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: RawBody,
}

impl<'n> Way<'n> {
    pub fn new(network: &'n dyn Transport) -> Self {
        Self { network }
    }

    pub async fn get(&self, ask: Ask<'_>) -> Result<Answer, SupplyError> {
        let mut url = ask.url.clone();
        let mut authorization = ask.authorization;
        for _ in 0..=ask.hops_max {
            let sent = self.network.send(departure(&url, &ask, authorization)).await;
            let (head, body) = sent.map_err(|failure| unanswered(&url, failure))?.into_parts();
            let answer = Answer { url, status: head.status, headers: head.headers, body };
            let Some(target) = answer.leads_to() else { return Ok(answer) };
            let next =
                hop::next(&answer.url, &target).map_err(|fault| answer.fault(HttpFault::Hop(fault)))?;
            if next.origin() != answer.url.origin() {
                authorization = None;
            }
            url = next;
        }
        let fault = match ask.hops_max {
            0 => HttpFault::Moved,
            hops_max => HttpFault::Hops { hops_max },
        };
        Err(SupplyError::Http { asked: shown(ask.url), fault })
    }
}

impl Answer {
    /// The whole body of a success.
    pub async fn success(self, bytes_max: u64) -> Result<Vec<u8>, SupplyError> {
        match self.status {
            StatusCode::OK => self.read(bytes_max).await,
            _ => Err(self.refused().await),
        }
    }

    /// The error that an answer without success is, with what the server said.
    pub async fn refused(self) -> SupplyError {
        let (asked, status) = (shown(&self.url), self.status.as_u16());
        let said = self.read(limits::WORDS_BYTES_MAX).await.unwrap_or_default();
        SupplyError::Http { asked, fault: HttpFault::Status { status, words: words(&said) } }
    }

    async fn read(mut self, bytes_max: u64) -> Result<Vec<u8>, SupplyError> {
        // Nothing was asked for but the bytes themselves, so that what is counted is what comes.
        if let Some(encoding) = self.headers.get(CONTENT_ENCODING).filter(|value| *value != "identity") {
            return Err(self.fault(HttpFault::Encoded(plain(&String::from_utf8_lossy(encoding.as_bytes())))));
        }
        if self.told_length().is_some_and(|told| told > bytes_max) {
            return Err(self.fault(HttpFault::TooLarge { bytes_max }));
        }
        let mut bytes = Vec::new();
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|fault| self.fault(HttpFault::Body(fault)))?;
            let Ok(data) = frame.into_data() else { continue };
            if bytes.len() as u64 + data.len() as u64 > bytes_max {
                return Err(self.fault(HttpFault::TooLarge { bytes_max }));
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes)
    }

    /// May be a lie: only ever a reason to stop before reading.
    fn told_length(&self) -> Option<u64> {
        self.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    fn leads_to(&self) -> Option<String> {
        let leads = matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308);
        let target = self.headers.get(LOCATION).filter(|_| leads)?;
        Some(String::from_utf8_lossy(target.as_bytes()).into_owned())
    }

    fn fault(&self, fault: HttpFault) -> SupplyError {
        SupplyError::Http { asked: shown(&self.url), fault }
    }
}

fn departure(url: &Url, ask: &Ask<'_>, authorization: Option<&HeaderValue>) -> Departure {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    let reach = hop::reach(url, ask.named.host());
    Departure { method: Method::GET, url: url.clone(), headers, body: bytes::Bytes::new(), reach }
}

fn unanswered(url: &Url, failure: Failure) -> SupplyError {
    let fault = match failure {
        Failure::Address { address, kind } => HttpFault::Address { address, kind },
        failure => HttpFault::Unanswered(failure),
    };
    SupplyError::Http { asked: shown(url), fault }
}

/// What a server said, as ` (…)`: a registry's errors by the OCI distribution specification, or a line
/// of text. Pages for browsers say nothing.
fn words(said: &[u8]) -> String {
    let text = match serde_json::from_slice::<oci_client::errors::OciEnvelope>(said) {
        Ok(envelope) => envelope.errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join(", "),
        Err(_) => String::from_utf8_lossy(said).into_owned(),
    };
    let text = plain(&text);
    if text.is_empty() || text.starts_with('<') { String::new() } else { format!(" ({text})") }
}

/// Words of strangers on one line, without anything that moves a terminal's cursor, and not too many.
pub(super) fn plain(text: &str) -> String {
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limits::WORDS_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Mutex;

    use http::header::{AUTHORIZATION, LOCATION};
    use http::{HeaderValue, Response, StatusCode};
    use http_body_util::{BodyExt as _, Full};
    use url::Url;

    use super::{Ask, Way, plain, words};
    use crate::gate::{BoxFuture, Departure, Failure, RawBody, Transport};
    use crate::supply::{HttpFault, SupplyError};

    /// Leads from one address to the next, and notes where each request may be dialled and with what.
    struct Trail {
        targets: Mutex<Vec<&'static str>>,
        noted: Mutex<Vec<String>>,
    }

    impl Transport for Trail {
        fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
            let signed = if departure.headers.contains_key(AUTHORIZATION) { "signed" } else { "unsigned" };
            self.noted.lock().unwrap().push(format!("{} {:?} {signed}", departure.url, departure.reach));
            let body =
                Full::new(bytes::Bytes::from_static(b"x")).map_err(|never| match never {}).boxed_unsync();
            let mut response = Response::new(body);
            let mut targets = self.targets.lock().unwrap();
            if !targets.is_empty() {
                *response.status_mut() = StatusCode::FOUND;
                response.headers_mut().insert(LOCATION, HeaderValue::from_static(targets.remove(0)));
            }
            Box::pin(std::future::ready(Ok(response)))
        }
    }

    async fn follow(
        hops_max: usize,
        targets: &[&'static str],
    ) -> (Vec<String>, Result<Vec<u8>, SupplyError>) {
        let trail = Trail { targets: Mutex::new(targets.to_vec()), noted: Mutex::default() };
        let url = Url::parse("https://acme.example/n").unwrap();
        let signed = HeaderValue::from_static("Basic x");
        let ask = Ask { url: &url, named: &url, accept: "*/*", authorization: Some(&signed), hops_max };
        let read = match Way::new(&trail).get(ask).await {
            Ok(answer) => answer.success(1).await,
            Err(fault) => Err(fault),
        };
        (trail.noted.into_inner().unwrap(), read)
    }

    #[tokio::test]
    async fn a_login_does_not_come_back_and_only_the_named_host_may_be_nearby() {
        let (noted, read) = follow(5, &["/m", "https://other.example/", "https://acme.example/"]).await;
        assert_eq!(
            noted,
            [
                "https://acme.example/n Either signed",
                "https://acme.example/m Either signed",
                "https://other.example/ Public unsigned",
                "https://acme.example/ Either unsigned",
            ]
        );
        assert_eq!(read.unwrap(), b"x");
        // Another port is another origin.
        let (noted, _) = follow(5, &["https://acme.example:8443/"]).await;
        assert_eq!(noted[1], "https://acme.example:8443/ Either unsigned");
    }

    #[tokio::test]
    async fn a_trail_has_an_end() {
        let of = |fault| Err(SupplyError::Http { asked: "https://acme.example/n".to_owned(), fault });
        assert_eq!(follow(2, &["/1", "/2", "/3"]).await.1, of(HttpFault::Hops { hops_max: 2 }));
        let (noted, read) = follow(0, &["/1"]).await;
        assert_eq!((noted.len(), read), (1, of(HttpFault::Moved)));
    }

    #[test]
    fn what_a_server_says_is_one_plain_line() {
        assert_eq!(words(b""), "");
        assert_eq!(words(b"<!DOCTYPE html><p>x"), "");
        assert_eq!(words(b"no\n\x1b[31m such\tthing\0 "), " (no [31m such thing)");
        assert_eq!(
            words(br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]}"#),
            " (manifest unknown)"
        );
        assert_eq!(plain(&"é".repeat(201)), format!("{}…", "é".repeat(200)));
    }
}
