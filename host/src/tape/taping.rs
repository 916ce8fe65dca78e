//! Stands between one call and the world, and notes what passes.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use http::{HeaderName, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use serde::Serialize;

use super::answer::{Sort, json};
use super::clocks::Readings;
use super::format::{BodyEnd, Exchange, Outcome};
use super::octets::Octets;
use super::recorder::Recorder;
use crate::gate::{BodyFault, BoxFuture, RawBody, Signed};
use crate::sandbox::{CallError, Denied, Outside, Senses, Way};

/// Headers that say what a request wants. Whatever else a connector sets is its own affair.
const KEPT: [HeaderName; 3] = [ACCEPT, CONTENT_TYPE, RANGE];

/// One call that is being recorded. A clone is the same call.
#[derive(Clone)]
pub struct Taping(Arc<Inner>);

struct Inner {
    recorder: Arc<Recorder>,
    call: u64,
    seed: [u8; 32],
    outside: Arc<dyn Outside>,
    began: Instant,
    wall: Readings,
    monotonic: Readings,
    open: Mutex<Open>,
}

/// The requests that are under way.
#[derive(Default)]
struct Open {
    asked: u64,
    exchanges: BTreeMap<u64, Underway>,
    /// The call is over; what comes now was seen by nobody.
    over: bool,
}

struct Underway {
    exchange: Exchange,
    head: Option<(u16, Vec<(String, Octets)>)>,
    body: Vec<u8>,
}

impl Taping {
    pub(super) fn new(recorder: Arc<Recorder>, call: u64, seed: [u8; 32], outside: Arc<dyn Outside>) -> Self {
        let (wall, monotonic) = (Readings::default(), Readings::default());
        let open = Mutex::default();
        Self(Arc::new(Inner { recorder, call, seed, outside, began: Instant::now(), wall, monotonic, open }))
    }

    /// What the call is to be made with.
    pub fn way(&self) -> Way {
        Way::new(Arc::new(self.clone()))
    }

    /// Writes down what the call came to, and lets go of requests that it did not wait for.
    pub fn ended<T: Serialize>(&self, sort: Sort, answer: &Result<T, CallError>) {
        let left = {
            let mut open = self.open();
            open.over = true;
            std::mem::take(&mut open.exchanges)
        };
        left.into_values().for_each(|underway| self.write(underway, BodyEnd::Unread));
        let (wall, monotonic) = (self.0.wall.kept(), self.0.monotonic.kept());
        self.0.recorder.answered(self.0.call, wall, monotonic, json(sort, answer));
    }

    fn begun(&self, request: &Request<Bytes>) -> u64 {
        let mut open = self.open();
        open.asked += 1;
        let number = open.asked;
        let exchange = Exchange {
            call: self.0.call,
            number,
            method: request.method().to_string(),
            url: request.uri().to_string(),
            headers: kept(request.headers(), |name| KEPT.contains(name)),
            body: Octets::of(request.body().to_vec()),
            outcome: None,
        };
        open.exchanges.insert(number, Underway { exchange, head: None, body: Vec::new() });
        number
    }

    fn answered(&self, number: u64, response: &Response<RawBody>) {
        if let Some(Signed(used)) = response.extensions().get::<Signed>() {
            self.0.recorder.know(used);
        }
        if let Some(location) = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()) {
            self.0.recorder.redirected(location);
        }
        if let Some(underway) = self.open().exchanges.get_mut(&number) {
            underway.head = Some((response.status().as_u16(), kept(response.headers(), |_| true)));
        }
    }

    fn received(&self, number: u64, data: &[u8]) {
        if let Some(underway) = self.open().exchanges.get_mut(&number) {
            underway.body.extend_from_slice(data);
        }
    }

    fn denied(&self, number: u64, denied: &Denied) {
        let underway = self.open().exchanges.remove(&number);
        if let Some(Underway { exchange, .. }) = underway {
            self.0.recorder.exchange(Exchange { outcome: Some(Outcome::Denied(denied.clone())), ..exchange });
        }
    }

    fn over(&self, number: u64, end: BodyEnd) {
        let underway = self.open().exchanges.remove(&number);
        if let Some(underway) = underway {
            self.write(underway, end);
        }
    }

    fn write(&self, underway: Underway, end: BodyEnd) {
        let Underway { exchange, head, body } = underway;
        let outcome = head.map(|(status, headers)| {
            let body = Octets::of(self.0.recorder.without_secrets(body));
            Outcome::Response { status, headers, body, end }
        });
        self.0.recorder.exchange(Exchange { outcome, ..exchange });
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kept(headers: &HeaderMap, which: impl Fn(&HeaderName) -> bool) -> Vec<(String, Octets)> {
    let those = headers.iter().filter(|(name, _)| which(name));
    those.map(|(name, value)| (name.to_string(), Octets::of(value.as_bytes().to_vec()))).collect()
}

impl Outside for Taping {
    fn forbids(&self, header: &HeaderName) -> bool {
        self.0.outside.forbids(header)
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>> {
        let number = self.begun(&request);
        Box::pin(async move {
            let response = self.0.outside.send(request).await;
            let response = response.inspect_err(|denied| self.denied(number, denied))?;
            self.answered(number, &response);
            let heard = |raw| Heard { raw, taping: self.clone(), number, over: false };
            Ok(response.map(|raw| heard(raw).boxed_unsync()))
        })
    }

    fn spend(&self, units: u64) {
        self.0.outside.spend(units);
    }

    fn senses(&self) -> Option<Arc<dyn Senses>> {
        Some(Arc::new(self.clone()))
    }
}

impl Senses for Taping {
    fn wall(&self) -> Duration {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Duration::from_nanos(self.0.wall.read(nanoseconds(now)))
    }

    fn monotonic(&self) -> u64 {
        self.0.monotonic.read(nanoseconds(self.0.began.elapsed()))
    }

    fn seed(&self) -> [u8; 32] {
        self.0.seed
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A response's body that is listened to on its way to the guest.
struct Heard {
    raw: RawBody,
    taping: Taping,
    number: u64,
    over: bool,
}

impl Heard {
    fn end(&mut self, end: BodyEnd) {
        if !self.over {
            self.over = true;
            self.taping.over(self.number, end);
        }
    }
}

impl Body for Heard {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let frame = std::task::ready!(Pin::new(&mut self.raw).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.taping.received(self.number, data);
                }
            }
            Some(Err(BodyFault::TooLarge { bytes_max })) => {
                let bytes_max = *bytes_max;
                self.end(BodyEnd::TooLarge(bytes_max));
            }
            Some(Err(BodyFault::Silent)) => self.end(BodyEnd::Silent),
            Some(Err(BodyFault::Broken(words))) => {
                let words = words.clone();
                self.end(BodyEnd::Broken(words));
            }
            None => self.end(BodyEnd::Whole),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.raw.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.raw.size_hint()
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        let end = if self.raw.is_end_stream() { BodyEnd::Whole } else { BodyEnd::Unread };
        self.end(end);
    }
}
