//! Short stories about the whole gate: `policy` (who gets out), `flow` (what happens to
//! what was let out), `wire` (the real client against a server on this machine).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod flow;
mod limits;
mod policy;
mod renewal;
mod wire;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};

use super::{
    BoxFuture, CallBudget, Chance, Clock, Departure, Doors, Failure, Gate, GatePlan, RawBody, Transport,
};
use crate::model::{Basic, Origin, Route, Scheme};
use crate::secrets::{Credential, Fixed, Secret};

const SITE: &str = "https://acme.example";
const MEDIA: &str = "https://media.example";

/// Answers from a list, then 200 for ever; remembers what it was asked.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Result<Response<&'static str>, Failure>>>,
    sent: Mutex<Vec<Departure>>,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Result<Response<&'static str>, Failure>>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), sent: Mutex::default() })
    }

    fn sent(&self) -> Vec<Departure> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Script {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        self.sent.lock().unwrap().push(departure);
        let next = self.answers.lock().unwrap().pop_front();
        let answer = next.unwrap_or_else(|| Ok(Response::new("ok")));
        Box::pin(async move { answer.map(|answer| answer.map(raw)) })
    }
}

fn raw(text: &'static str) -> RawBody {
    Full::new(Bytes::from_static(text.as_bytes())).map_err(|never| match never {}).boxed_unsync()
}

/// A clock that stands still, except that sleeping moves it at once.
struct Still(Mutex<SystemTime>);

impl Default for Still {
    fn default() -> Self {
        Self(Mutex::new(SystemTime::UNIX_EPOCH))
    }
}

impl Clock for Still {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.0.lock().unwrap() += time;
        Box::pin(std::future::ready(()))
    }
}

struct Middle;

impl Chance for Middle {
    fn unit(&self) -> f64 {
        0.5
    }
}

fn doors(transport: Arc<dyn Transport>) -> Doors {
    Doors { transport, clock: Arc::new(Still::default()), chance: Arc::new(Middle) }
}

fn credential() -> Credential {
    let scheme = Scheme::Basic(Basic { username: "E-mail".into(), password: "API token".into() });
    Credential::new(&scheme, Some("ada@acme.example"), Some(&Secret::new("hunter2-hunter2")))
        .unwrap()
        .unwrap()
}

fn origin(url: &str, credential: bool, post: bool) -> Origin {
    Origin { url: url.into(), credential, post, purpose: "read".into() }
}

fn route(from: &str, to: &str) -> Route {
    Route { from: from.into(), to: to.into() }
}

/// A site that gets the credential and takes POST, and a media host with neither.
fn plan() -> GatePlan {
    GatePlan {
        origins: vec![origin(SITE, true, true), origin(MEDIA, false, false)],
        credential: Some(Fixed::source(credential())),
        keep_exchanges: true,
        ..GatePlan::default()
    }
}

fn gate(transport: Arc<dyn Transport>) -> Gate {
    Gate::new(plan(), doors(transport)).unwrap()
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

fn status(status: u16) -> Result<Response<&'static str>, Failure> {
    Ok(Response::builder().status(status).body("").unwrap())
}

fn call() -> CallBudget {
    CallBudget::default()
}
