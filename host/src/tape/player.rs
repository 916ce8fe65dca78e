//! Stands in for the world when a call is made again: what is not on the tape does not exist.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;

use super::clocks::Readings;
use super::format::{BodyEnd, Exchange, Outcome};
use super::octets::Octets;
use super::reader::Call;
use crate::gate::{BodyFault, BoxFuture, RawBody, is_forbidden};
use crate::sandbox::{Code, Denied, Outside, Senses};

/// The outside of one recorded call. A clone is the same.
#[derive(Clone)]
pub struct Player(Arc<Inner>);

struct Inner {
    /// Which header the login used.
    login: Option<HeaderName>,
    seed: [u8; 32],
    wall: Readings,
    monotonic: Readings,
    play: Mutex<Play>,
}

struct Play {
    /// Each is taken out when it is asked for.
    exchanges: Vec<Option<Exchange>>,
    missing: Vec<String>,
}

impl Player {
    /// Takes the exchanges out of the call.
    pub fn new(call: &mut Call, login: Option<&str>) -> Self {
        let exchanges = std::mem::take(&mut call.exchanges).into_iter().map(Some).collect();
        Self(Arc::new(Inner {
            login: login.and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok()),
            seed: seed(&call.asking.seed),
            wall: Readings::of(std::mem::take(&mut call.answered.wall)),
            monotonic: Readings::of(std::mem::take(&mut call.answered.monotonic)),
            play: Mutex::new(Play { exchanges, missing: Vec::new() }),
        }))
    }

    /// What the connector asked for and the tape does not have.
    pub fn missing(&self) -> Vec<String> {
        self.play().missing.clone()
    }

    /// What the tape has and the connector did not ask for.
    pub fn unused(&self) -> Vec<String> {
        let named = |exchange: &Exchange| format!("{} {}", exchange.method, exchange.url);
        self.play().exchanges.iter().flatten().map(named).collect()
    }

    /// The first exchange of this request that was not used yet.
    fn take(&self, request: &Request<Bytes>) -> Option<Exchange> {
        let (method, url) = (request.method().as_str(), request.uri().to_string());
        let mut play = self.play();
        let fits = |exchange: &Exchange| {
            exchange.method == method && exchange.url == url && exchange.body.bytes() == *request.body()
        };
        if let Some(found) = play.exchanges.iter_mut().find(|slot| slot.as_ref().is_some_and(fits)) {
            return found.take();
        }
        play.missing.push(format!("{method} {url}"));
        None
    }

    fn play(&self) -> MutexGuard<'_, Play> {
        self.0.play.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outside for Player {
    fn forbids(&self, header: &HeaderName) -> bool {
        is_forbidden(header, self.0.login.as_ref())
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>> {
        let taken = self.take(&request);
        Box::pin(async move {
            let absent =
                |words: Option<String>| Denied { code: Code::ConnectionTerminated, words, unsigned: None };
            let Some(exchange) = taken else {
                let asked = format!("{} {}", request.method(), request.uri());
                return Err(absent(Some(format!(
                    "the connector asked for {asked}, which the tape does not have"
                ))));
            };
            match exchange.outcome {
                Some(Outcome::Response { status, headers, body, end }) => {
                    Ok(response(status, &headers, body.bytes(), end))
                }
                Some(Outcome::Denied(denied)) => Err(denied),
                // Nobody had waited for it.
                None => Err(absent(None)),
            }
        })
    }

    fn senses(&self) -> Option<Arc<dyn Senses>> {
        Some(Arc::new(self.clone()))
    }
}

impl Senses for Player {
    fn wall(&self) -> Duration {
        Duration::from_nanos(self.0.wall.again())
    }

    fn monotonic(&self) -> u64 {
        self.0.monotonic.again()
    }

    fn seed(&self) -> [u8; 32] {
        self.0.seed
    }
}

/// A seed that somebody has changed becomes another one, and the answer tells.
fn seed(hex: &str) -> [u8; 32] {
    let mut seed = [0; 32];
    for (number, byte) in seed.iter_mut().enumerate() {
        let digits = hex.get(2 * number..2 * number + 2).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    seed
}

fn response(status: u16, headers: &[(String, Octets)], data: Bytes, end: BodyEnd) -> Response<RawBody> {
    let fault = match end {
        BodyEnd::Whole => None,
        BodyEnd::Unread => Some(BodyFault::Broken("the connector had read no further".to_owned())),
        BodyEnd::TooLarge(bytes_max) => Some(BodyFault::TooLarge { bytes_max }),
        BodyEnd::Silent => Some(BodyFault::Silent),
        BodyEnd::Broken(words) => Some(BodyFault::Broken(words)),
    };
    let mut response = Response::new(Recorded { data: Some(data), fault }.boxed_unsync());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in headers {
        let named = HeaderName::from_bytes(name.as_bytes()).ok();
        if let Some((name, value)) = named.zip(HeaderValue::from_bytes(&value.bytes()).ok()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// A body that is there already.
struct Recorded {
    data: Option<Bytes>,
    fault: Option<BodyFault>,
}

impl Body for Recorded {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let data = self.data.take().filter(|data| !data.is_empty());
        Poll::Ready(match data {
            Some(data) => Some(Ok(Frame::data(data))),
            None => self.fault.take().map(Err),
        })
    }
}
