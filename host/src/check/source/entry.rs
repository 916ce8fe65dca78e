//! One answer of a recorded source: which request it is for, and what it says.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pattern::{Pattern, Sent};
use super::{Answer, Asked};

/// As it stands in the file.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    get: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<String>,
    /// Of a POST: a JSON value, compared as such, or a text, compared letter by letter. Without it, any body.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(default = "ok", skip_serializing_if = "is_ok")]
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// Bytes that are no text: RFC 4648, with padding.
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

/// Read and understood.
#[derive(Debug, Clone)]
pub struct Entry {
    method: &'static str,
    pattern: Pattern,
    body: Option<Value>,
    pub answer: Answer,
}

const CONTENT_TYPE: &str = "content-type";

impl Entry {
    /// # Errors
    ///
    /// Says in words what is wrong with the entry.
    pub fn read(value: Value) -> Result<Self, String> {
        let written: Written = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let (method, url) = match (&written.get, &written.post) {
            (Some(url), None) => ("GET", url),
            (None, Some(url)) => ("POST", url),
            _ => return Err("it needs either `get` or `post`, with the URL that it answers".to_owned()),
        };
        if method == "GET" && written.body.is_some() {
            return Err("`body` is what a `post` sends; a `get` sends none".to_owned());
        }
        if !(200..600).contains(&written.status) {
            return Err(format!("{} is no status: 200 to 599", written.status));
        }
        let pattern = Pattern::parse(url)?;
        let (bytes, media_type) = written.bytes()?;
        let mut headers: Vec<(String, String)> =
            written.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        for (name, value) in &headers {
            let bad = http::HeaderName::from_bytes(name.as_bytes()).is_err()
                || http::HeaderValue::from_str(value).is_err();
            if bad {
                return Err(format!("`{name}: {value}` is no header"));
            }
        }
        if let Some(media_type) = media_type.filter(|_| headers.iter().all(|(name, _)| name != CONTENT_TYPE))
        {
            headers.push((CONTENT_TYPE.to_owned(), media_type.to_owned()));
        }
        let answer = Answer { status: written.status, headers, body: bytes };
        Ok(Self { method, pattern, body: written.body, answer })
    }

    /// Whether it answers this request.
    pub fn fits(&self, asked: &Asked, url: &Sent) -> bool {
        // A HEAD is answered as the GET would be.
        let method = if asked.method == "HEAD" { "GET" } else { asked.method.as_str() };
        method == self.method && self.pattern.fits(url) && self.fits_body(&asked.body)
    }

    fn fits_body(&self, sent: &[u8]) -> bool {
        match &self.body {
            None => true,
            Some(Value::String(text)) => text.as_bytes() == sent,
            Some(value) => serde_json::from_slice::<Value>(sent).is_ok_and(|sent| sent == *value),
        }
    }
}

impl Written {
    /// What was asked and answered, as an entry that fits just that.
    pub fn of(asked: &Asked, answer: &Answer) -> Self {
        // A star that was sent is no pattern.
        let url = asked.url.replace('*', "%2A");
        let posted = asked.method == "POST";
        let sent = || {
            let parsed: Option<Value> = serde_json::from_slice(&asked.body).ok();
            parsed.filter(|value| !value.is_string()).unwrap_or_else(|| text_of(&asked.body).into())
        };
        let mut written = Self {
            get: (!posted).then(|| url.clone()),
            post: posted.then_some(url),
            body: posted.then(sent),
            status: answer.status,
            headers: answer.headers.iter().cloned().collect(),
            ..Self::default()
        };
        match (serde_json::from_slice(&answer.body), std::str::from_utf8(&answer.body)) {
            (Ok(value), Ok(_)) => written.json = Some(value),
            (_, Ok(text)) => written.text = Some(text.to_owned()),
            _ => written.base64 = Some(STANDARD.encode(&answer.body)),
        }
        written
    }

    fn bytes(&self) -> Result<(Bytes, Option<&'static str>), String> {
        match (&self.json, &self.text, &self.base64) {
            (Some(value), None, None) => Ok((Bytes::from(value.to_string()), Some("application/json"))),
            (None, Some(text), None) => Ok((Bytes::from(text.clone()), Some("text/plain; charset=utf-8"))),
            (None, None, Some(text)) => {
                let bytes = STANDARD.decode(text).map_err(|error| format!("`base64` is none: {error}"))?;
                Ok((Bytes::from(bytes), Some("application/octet-stream")))
            }
            (None, None, None) => Ok((Bytes::new(), None)),
            _ => Err("it has more than one of `json`, `text` and `base64`".to_owned()),
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ok() -> u16 {
    200
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes it so
fn is_ok(status: &u16) -> bool {
    *status == ok()
}
