//! Trying to learn the secret, and to tell it.

use crate::http;
use crate::wasi::http::types::Method;

/// All that an answer says, headers and body.
pub fn listens(url: &str) -> Result<String, String> {
    heard(url)
}

/// Tells the second address what the first one said: in the path, the query and a header.
pub fn carries_on(urls: &str) -> Result<String, String> {
    let (from, to) = urls.split_once(' ').ok_or("two addresses")?;
    let heard: String = heard(from)?.chars().filter(char::is_ascii_alphanumeric).collect();
    http::status(&Method::Get, &format!("{to}{heard}?heard={heard}"), &[("x-heard", &heard)], None)
}

fn heard(url: &str) -> Result<String, String> {
    let answer = http::send(&Method::Get, url, &[], None)?;
    let mut headers: Vec<String> = answer
        .headers()
        .entries()
        .into_iter()
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(&value)))
        .collect();
    headers.sort();
    let mut body = Vec::new();
    http::read(answer, |piece| body.extend_from_slice(piece))?;
    Ok(format!("{} | {}", headers.join(", "), String::from_utf8_lossy(&body)))
}
