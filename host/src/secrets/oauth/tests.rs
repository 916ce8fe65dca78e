//! Short stories about a grant's life: renewed in time, once, durably; and what goes wrong.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt as _, Full};

use super::answer::Tokens;
use super::{Client, Grant, GrantLock, Keeper, Safe, SafeFault};
use crate::gate::{BoxFuture, Chance, Clock, Departure, Doors, Failure, RawBody, Transport};
use crate::model::{Encoding, Grant as Flow};
use crate::secrets::{Credential, Credentials, Lack, Secret};

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
