//! The outside of a connector under check: the source, a clock, chance, and what is made to go wrong.
//!
//! A trial is one history: its requests are counted, its clock moves a second with each of them, and the source may be
//! edited before one of them. Each history is told again from the beginning under other conditions ([`Scene`]).

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use super::source::{Answer, Asked, Reply, Source};
use super::trouble::Trouble;
use crate::gate::{BoxFuture, RawBody, is_forbidden};
use crate::model::{Bound, Origin};
use crate::sandbox::{Code, Denied, Outside, Senses, Way};

/// Requests of one call, as the gate has it (`wit/README.md`).
pub const CALL_REQUESTS_MAX: usize = 1_000;

/// How far the monotonic clock goes with each reading, so that nobody waits for it in vain: a microsecond.
const READING: u64 = 1_000;

/// The conditions of a trial.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    /// What all randomness is made of.
    pub chance: u8,
    /// How much later it happens.
    pub later: Duration,
    /// The source is edited before this request, counted from 0.
    pub edited_from: Option<usize>,
    pub trouble: Option<(Asked, Trouble)>,
    /// Whatever is sent is counted and kept back: a call that must be pure.
    pub sealed: bool,
}

/// What is the same in all trials of a connector.
pub struct Stage {
    pub source: Box<dyn Source>,
    /// When the clock begins, since 1970-01-01T00:00:00Z.
    pub now: Duration,
    /// Where requests may go; none where none may go at all.
    pub origins: Vec<Origin>,
    pub login_header: Option<HeaderName>,
}

impl Stage {
    /// Whether the credential goes with a request, by the plan.
    pub fn is_signed(&self, asked: &Asked) -> bool {
        let within = |origin: &Origin| {
            let rest = asked.url.strip_prefix(&origin.url);
            origin.credential && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        self.login_header.is_none() || self.origins.iter().any(within)
    }
}

/// One history. A clone is the same.
#[derive(Clone)]
pub struct Trial(Arc<Inner>);

struct Inner {
    stage: Arc<Stage>,
    scene: Scene,
    told: Mutex<Noted>,
}

#[derive(Default)]
struct Noted {
    requests: usize,
    readings: u64,
    call: OfCall,
}

/// What one call sent.
#[derive(Default)]
pub struct OfCall {
    pub asked: Vec<Asked>,
    pub missing: BTreeSet<Asked>,
    pub strays: BTreeSet<String>,
}

impl Trial {
    pub fn new(stage: &Arc<Stage>, scene: Scene) -> Self {
        Self(Arc::new(Inner { stage: Arc::clone(stage), scene, told: Mutex::default() }))
    }

    pub fn way(&self) -> Way {
        Way::new(Arc::new(self.clone()))
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        self.noted().requests
    }

    /// What was sent since this was last asked.
    pub fn take(&self) -> OfCall {
        std::mem::take(&mut self.noted().call)
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and says which it is.
    fn count(&self, asked: &Asked) -> usize {
        let mut noted = self.noted();
        noted.requests += 1;
        noted.call.asked.push(asked.clone());
        noted.requests - 1
    }

    async fn reply(&self, request: &Request<Bytes>) -> Result<Response<RawBody>, Denied> {
        let asked = Asked::of(request);
        let number = self.count(&asked);
        if let Some(words) = self.stray(request).filter(|_| !self.0.scene.sealed) {
            self.noted().call.strays.insert(words.clone());
            return Err(denied(Code::RequestDenied, Some(words)));
        }
        if self.0.scene.sealed || self.noted().call.asked.len() > CALL_REQUESTS_MAX {
            return Err(denied(Code::ConnectionLimit, None));
        }
        let Inner { stage, scene, .. } = self.0.as_ref();
        let edited = scene.edited_from.is_some_and(|from| number >= from);
        let reply = stage.source.answer(request, edited).await;
        let (reply, breaks_off) = match (reply, &scene.trouble) {
            (Reply::Answer(answer), Some((at, trouble))) if *at == asked => trouble.instead_of(answer),
            (reply, _) => (reply, false),
        };
        match reply {
            Reply::Answer(answer) => Ok(response(answer, breaks_off)),
            Reply::Denied(denied) => Err(denied),
            Reply::Unknown => {
                let words = format!("the recorded source has no answer to {asked}");
                self.noted().call.missing.insert(asked);
                Err(denied(Code::ConnectionTerminated, Some(words)))
            }
        }
    }

    /// Why the gate would keep it back, by the first two steps of its policy.
    fn stray(&self, request: &Request<Bytes>) -> Option<String> {
        let (method, uri) = (request.method(), request.uri());
        let place = format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority()?);
        let post = *method == Method::POST;
        let asked = Origin { url: place.clone(), credential: false, post, purpose: String::new() };
        let within = |origin: &Origin| {
            let Origin { url, credential, post, .. } = origin.clone();
            Bound { url, credential, post, purpose: String::new() }.covers(&asked)
        };
        if ![Method::GET, Method::HEAD, Method::POST].contains(method) {
            return Some(format!(
                "{method} {place}: a connector sends GET and HEAD, and POST where that was agreed"
            ));
        }
        let words = if post { "is not agreed for POST" } else { "is none of the plan's origins" };
        (!self.0.stage.origins.iter().any(within)).then(|| format!("{method} {uri}: {place} {words}"))
    }
}

fn response(answer: Answer, breaks_off: bool) -> Response<RawBody> {
    let mut response = Response::new(super::source::given(answer.body, breaks_off));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in &answer.headers {
        let named = HeaderName::from_bytes(name.as_bytes()).ok();
        if let Some((name, value)) = named.zip(HeaderValue::from_str(value).ok()) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn denied(code: Code, words: Option<String>) -> Denied {
    Denied { code, words, unsigned: None }
}

impl Outside for Trial {
    fn forbids(&self, header: &HeaderName) -> bool {
        is_forbidden(header, self.0.stage.login_header.as_ref())
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<RawBody>, Denied>> {
        Box::pin(async move { self.reply(&request).await })
    }

    fn senses(&self) -> Option<Arc<dyn Senses>> {
        Some(Arc::new(self.clone()))
    }
}

impl Senses for Trial {
    fn wall(&self) -> Duration {
        self.0.stage.now + self.0.scene.later + Duration::from_secs(self.requests() as u64)
    }

    fn monotonic(&self) -> u64 {
        let mut noted = self.noted();
        noted.readings += 1;
        let seconds = noted.requests as u64 + self.0.scene.later.as_secs();
        seconds.saturating_mul(1_000_000_000).saturating_add(noted.readings.saturating_mul(READING))
    }

    fn seed(&self) -> [u8; 32] {
        [self.0.scene.chance; 32]
    }
}
