//! Short stories about a grant's life: renewed in time, once, durably; and what goes wrong.

mod keeping;
mod refusing;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt as _, Full};
use tokio::sync::Notify;

use super::answer::Tokens;
use super::{Client, Grant, GrantLock, Keeper, Safe, SafeFault};
use crate::gate::{BoxFuture, Chance, Clock, Departure, Doors, Failure, RawBody, Transport};
use crate::model::{Encoding, Grant as Flow};
use crate::secrets::{Credentials as _, Lack, Secret};

/// Bytes that count up, so that a test repeats.
#[derive(Default)]
pub struct Counting(AtomicU8);

impl Chance for Counting {
    fn unit(&self) -> f64 {
        0.5
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), getrandom::Error> {
        bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

pub fn client() -> Client {
    Client {
        id: "app".into(),
        secret: Secret::new("client-secret"),
        flow: Flow::AuthorizationCode("https://auth.example/authorize".into()),
        token_url: "https://auth.example/oauth/token".into(),
        encoding: Encoding::Json,
        redirect: "http://127.0.0.1:8737/callback".into(),
    }
}

/// A clock that only a test moves; sleeping moves it at once.
struct Time(Mutex<SystemTime>);

impl Time {
    fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for Time {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.pass(time);
        Box::pin(std::future::ready(()))
    }
}

/// A token server that rotates as Atlassian's does: the old token for ten minutes more, then never
/// again, and whoever tries ends the family.
struct Auth {
    time: Arc<Time>,
    /// What happened, in order; the safe writes here too.
    log: Arc<Mutex<Vec<String>>>,
    family: Mutex<Family>,
    /// Answers to give instead, and whether the request has its effect all the same.
    scripted: Mutex<VecDeque<Scripted>>,
    /// If set, an answer waits for it.
    gate: Option<Notify>,
}

type Scripted = (bool, Result<Response<&'static str>, Failure>);

struct Family {
    generation: u32,
    rotated: SystemTime,
    revoked: bool,
}

fn refresh_token(generation: u32) -> String {
    format!("refresh-{generation}-0123456789")
}

fn access_token(generation: u32) -> String {
    format!("access-{generation}-0123456789")
}

impl Auth {
    fn answer(&self, body: &str) -> (u16, String) {
        let mut family = self.family.lock().unwrap();
        let now = self.time.now();
        let uses = |generation: u32| body.contains(&refresh_token(generation));
        let late = now.duration_since(family.rotated).unwrap() > Duration::from_secs(600);
        let known =
            uses(family.generation) || (family.generation > 0 && uses(family.generation - 1) && !late);
        if !body.contains("client_credentials") && (family.revoked || !known) {
            family.revoked = true;
            let words = r#"{"error":"unauthorized_client","error_description":"refresh_token is invalid"}"#;
            return (403, words.into());
        }
        family.generation += 1;
        family.rotated = now;
        let (access, refresh) = (access_token(family.generation), refresh_token(family.generation));
        let refresh = match body.contains("client_credentials") {
            true => String::new(),
            false => format!(r#""refresh_token":"{refresh}","#),
        };
        (200, format!(r#"{{"access_token":"{access}",{refresh}"expires_in":3600,"scope":"read:a"}}"#))
    }
}

impl Transport for Auth {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        let body = String::from_utf8(departure.body.to_vec()).unwrap();
        let scripted = self.scripted.lock().unwrap().pop_front();
        self.log.lock().unwrap().push(format!("asked {}", departure.url));
        let (status, text) = match &scripted {
            Some((false, _)) => (0, String::new()),
            _ => self.answer(&body),
        };
        Box::pin(async move {
            if let Some(gate) = &self.gate {
                gate.notified().await;
            }
            match scripted {
                Some((_, answer)) => answer.map(|answer| answer.map(|text| raw(text.to_owned()))),
                None => Ok(Response::builder().status(status).body(raw(text)).unwrap()),
            }
        })
    }
}

fn raw(text: String) -> RawBody {
    Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync()
}

/// Keeps in memory, and fails when it is told to.
struct Memory {
    kept: Mutex<(Client, Grant)>,
    log: Arc<Mutex<Vec<String>>>,
    /// How often keeping still works.
    works: Mutex<u32>,
}

impl Safe for Memory {
    fn open(&self) -> Result<(Client, Grant), SafeFault> {
        Ok(self.kept.lock().unwrap().clone())
    }

    fn keep(&self, grant: &Grant) -> Result<(), SafeFault> {
        let mut works = self.works.lock().unwrap();
        *works = works.checked_sub(1).ok_or_else(|| SafeFault("the disk is full".into()))?;
        let what = if grant.renewing_since.is_some() { "begun" } else { grant.access.expose() };
        self.log.lock().unwrap().push(format!("kept {what}"));
        self.kept.lock().unwrap().1 = grant.clone();
        Ok(())
    }
}

/// A grant of an hour, its server, and the folder of its lock.
struct World {
    time: Arc<Time>,
    auth: Arc<Auth>,
    memory: Arc<Memory>,
    log: Arc<Mutex<Vec<String>>>,
    folder: tempfile::TempDir,
}

const HOUR: Duration = Duration::from_secs(3_600);
const MINUTE: Duration = Duration::from_secs(60);

impl World {
    fn new() -> Self {
        Self::of(client(), None)
    }

    fn of(client: Client, gate: Option<Notify>) -> Self {
        // 2026-03-26T15:59:50Z.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_540_790);
        let (time, log) = (Arc::new(Time(Mutex::new(now))), Arc::<Mutex<Vec<String>>>::default());
        let tokens = Tokens {
            access: Secret::new(access_token(0)),
            refresh: client.authorize_url().map(|_| Secret::new(refresh_token(0))),
            lives: Some(HOUR),
            scope: None,
        };
        let grant = Grant::new(tokens, &["read:a".to_owned()], now);
        Self {
            auth: Arc::new(Auth {
                time: Arc::clone(&time),
                log: Arc::clone(&log),
                family: Mutex::new(Family { generation: 0, rotated: now, revoked: false }),
                scripted: Mutex::default(),
                gate,
            }),
            memory: Arc::new(Memory {
                kept: Mutex::new((client, grant)),
                log: Arc::clone(&log),
                works: Mutex::new(u32::MAX),
            }),
            time,
            log,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// As another process would open it: nothing but the safe and the lock is shared.
    fn keeper(&self) -> Keeper {
        let doors = Doors {
            transport: Arc::clone(&self.auth) as _,
            clock: Arc::clone(&self.time) as _,
            chance: Arc::new(Counting::default()),
        };
        let lock = GrantLock::at(self.folder.path().join("grant-1.lock"));
        Keeper::new("acme", Arc::clone(&self.memory) as _, lock, &[], doors)
    }

    /// The next answer of the server, and whether the request has its effect all the same.
    fn answers(&self, works: bool, status: u16, body: &'static str) {
        let answer = Response::builder().status(status).body(body).unwrap();
        self.auth.scripted.lock().unwrap().push_back((works, Ok(answer)));
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    fn asked(&self) -> usize {
        self.log().iter().filter(|line| line.starts_with("asked")).count()
    }

    fn kept(&self) -> Grant {
        self.memory.kept.lock().unwrap().1.clone()
    }
}

/// The token that would be sent now.
async fn token(keeper: &Keeper) -> Result<String, Lack> {
    let credential = keeper.current().await?;
    Ok(credential.value().to_str().unwrap().trim_start_matches("Bearer ").to_owned())
}
