//! Headers of a connector's request and of a server's answer: no credential goes or comes this way.

use std::sync::Arc;

use http::HeaderName;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, RANGE, SET_COOKIE, WWW_AUTHENTICATE};

use super::read;
use crate::gate::headers::{incoming, outgoing};
use crate::gate::limits::{REQUEST_HEADER_BYTES_MAX, RESPONSE_HEADER_BYTES_MAX};
use crate::model::{Scheme, Token};
use crate::secrets::{Credential, Secret};

const SECRET: &str = "hunter2-hunter2";
const LOGIN: HeaderName = HeaderName::from_static("x-api-key");

/// What signs in, frames a message, or says for whom it is; servers exist that read `_` as `-`.
const NEVER: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "host",
    "connection",
    "transfer-encoding",
    "x-forwarded-host",
    "x-http-method-override",
    "x-api-key",
];

/// `name: value` a line.
pub fn hold(text: &str) {
    let body_bytes = text.len() % 16;
    if let Ok(leaving) = outgoing(read(text), body_bytes, Some(&LOGIN)) {
        for name in leaving.keys() {
            assert!(!NEVER.contains(&name.as_str().replace('_', "-").as_str()), "{name} got out");
        }
        assert!(!leaving.contains_key(CONTENT_LENGTH));
        assert_eq!(leaving.contains_key(ACCEPT_ENCODING), leaving.contains_key(RANGE));
        let bytes: usize = leaving.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        assert!(bytes <= REQUEST_HEADER_BYTES_MAX);
        assert_eq!(outgoing(leaving.clone(), body_bytes, Some(&LOGIN)), Ok(leaving), "judged once more");
    }
    if let Ok(seen) = incoming(read(text), &[credential()]) {
        let mut bytes = 0;
        for (name, value) in &seen {
            assert!(![SET_COOKIE, WWW_AUTHENTICATE, LOGIN].contains(name), "{name} came in");
            let repeats = value.as_bytes().windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
            assert!(!repeats, "{name} repeats the secret");
            bytes += name.as_str().len() + value.len();
        }
        assert!(bytes <= RESPONSE_HEADER_BYTES_MAX);
    }
}

fn credential() -> Arc<Credential> {
    let token = Token { label: "Key".into(), header: LOGIN.to_string(), prefix: String::new() };
    let credential = Credential::new(&Scheme::Token(token), None, Some(&Secret::new(SECRET)));
    Arc::new(credential.expect("a header can carry it").expect("a token"))
}
