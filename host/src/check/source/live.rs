//! The source itself, asked once for each request and remembered from then on.
//!
//! Whatever a law needs twice it gets from memory, so that a check costs the source little more than one read, is as
//! repeatable as a file, and can be written into one. The source is edited once, at the first request that is to
//! see it edited; as it was before it is only known from memory then.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::{Answer, Asked, Reply, Source, body, file};
use crate::gate::{BoxFuture, Client, Departure, Gate, RawBody, Reach, Signed, Transport as _};
use crate::sandbox::{Code, Denied, Way};
use crate::tape::Blanks;

/// Bytes of answers kept in memory: a check is for a small site, or a small part of a large one.
const KEPT_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A source behind its gate.
pub struct Live {
    gate: Gate,
    /// Where a POST edits something.
    edit: Option<Url>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    before: Vec<(Asked, Answer)>,
    afterwards: Vec<(Asked, Answer)>,
    bytes: usize,
    edited: bool,
    blanks: Blanks,
}

impl Live {
    pub fn new(gate: Gate, edit: Option<Url>) -> Self {
        Self { gate, edit, kept: Mutex::default() }
    }

    /// A recorded source with all that was answered. No credential is in it, nor what a server repeated of one.
    pub async fn written(&self, settings: &Value, login: &str, now: Duration) -> String {
        let kept = self.kept.lock().await;
        let text = file::written(settings, login, now, &kept.before, &kept.afterwards);
        kept.blanks.over(text)
    }

    async fn reply(&self, request: &Request<Bytes>, edited: bool) -> Reply {
        let asked = Asked::of(request);
        let mut kept = self.kept.lock().await;
        let known = if edited { &kept.afterwards } else { &kept.before };
        if let Some((_, answer)) = known.iter().find(|(known, _)| *known == asked) {
            return Reply::Answer(answer.clone());
        }
        match (edited, kept.edited) {
            (false, true) => return Reply::Unknown,
            (true, false) => match self.edit().await {
                Ok(()) => kept.edited = true,
                Err(words) => return denied(words),
            },
            _ => {}
        }
        let answered = Way::from(&self.gate).outside().send(request.clone()).await;
        match answered {
            Ok(response) => kept.keep(asked, response, edited).await,
            Err(denied) => Reply::Denied(denied),
        }
    }

    /// Has the source edited, by whoever serves that URL.
    async fn edit(&self) -> Result<(), String> {
        let url = self.edit.clone().ok_or("no edit was asked for")?;
        let failed = |words: String| {
            format!("the edit at {} failed: {words}", self.edit.as_ref().map_or("", Url::as_str))
        };
        let departure = Departure {
            method: Method::POST,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            reach: Reach::Either,
        };
        let response =
            Client::default().send(departure).await.map_err(|failure| failed(failure.to_string()))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(failed(format!("it was answered with {status}"))),
        }
    }
}

impl Kept {
    async fn keep(&mut self, asked: Asked, response: Response<RawBody>, edited: bool) -> Reply {
        let (head, raw) = response.into_parts();
        if let Some(Signed(used)) = head.extensions.get::<Signed>() {
            self.blanks.know(used);
        }
        if let Some(location) = head.headers.get(LOCATION).and_then(|value| value.to_str().ok()) {
            self.blanks.redirected(location);
        }
        let body = match body::whole(raw).await {
            Ok(body) => body,
            Err(fault) => return denied(fault.to_string()),
        };
        self.bytes = self.bytes.saturating_add(body.len());
        if self.bytes > KEPT_BYTES_MAX {
            return denied(format!(
                "the source answered more than the {KEPT_BYTES_MAX} bytes that a check keeps; narrow it with --set"
            ));
        }
        // The body is here whole: what told how it came is no part of it.
        let told = |name: &http::HeaderName| *name != CONTENT_LENGTH && *name != TRANSFER_ENCODING;
        let text = |value: &http::HeaderValue| value.to_str().map(str::to_owned).ok();
        let headers = head.headers.iter().filter(|(name, _)| told(name));
        let headers = headers.filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect();
        let answer = Answer { status: head.status.as_u16(), headers, body };
        let kept = if edited { &mut self.afterwards } else { &mut self.before };
        kept.push((asked, answer.clone()));
        Reply::Answer(answer)
    }
}

impl Source for Live {
    fn answer<'a>(&'a self, request: &'a Request<Bytes>, edited: bool) -> BoxFuture<'a, Reply> {
        Box::pin(self.reply(request, edited))
    }

    fn unedited(&self) -> Option<&'static str> {
        self.edit.is_none().then_some("nothing says how to edit the source; give --edit URL")
    }
}

impl Source for Arc<Live> {
    fn answer<'a>(&'a self, request: &'a Request<Bytes>, edited: bool) -> BoxFuture<'a, Reply> {
        Source::answer(self.as_ref(), request, edited)
    }

    fn unedited(&self) -> Option<&'static str> {
        Source::unedited(self.as_ref())
    }
}

fn denied(words: String) -> Reply {
    Reply::Denied(Denied { code: Code::ConnectionTerminated, words: Some(words), unsigned: None })
}
