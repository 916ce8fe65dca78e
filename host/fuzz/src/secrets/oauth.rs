//! What a token address answered, and what it promises: no words of its own hold a secret.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode};

#[path = "../../../src/secrets/oauth/answer.rs"]
mod answer;
#[path = "../../../src/secrets/oauth/fault.rs"]
mod fault;

use super::Secret;
use answer::Answer;

const PLACE: &str = "https://auth.example";

/// Those that were sent; a server may repeat them.
const SECRETS: [&str; 2] = ["hunter2-hunter2", "refresh-0123456789"];

/// A status in one line, and the body.
pub fn hold(text: &str) {
    let (status, body) = text.split_once('\n').unwrap_or(("200", text));
    let Some(status) = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok()) else {
        return;
    };
    let headers = HeaderMap::new();
    let answer = Answer { place: PLACE, status, headers: &headers, body: body.as_bytes() };
    match answer.read(&SECRETS.map(Secret::new), SystemTime::UNIX_EPOCH) {
        Ok(tokens) => {
            assert!(status.is_success() && !tokens.access.is_empty());
            assert!(tokens.refresh.is_none_or(|token| !token.is_empty()));
        }
        Err(fault) => {
            let words = fault.to_string();
            assert!(!SECRETS.iter().any(|secret| words.contains(secret)), "{words}");
            assert!(!words.chars().any(char::is_control), "{words:?}");
            assert!(words.len() < 4_096, "{} bytes of words", words.len());
        }
    }
}
