//! Going where nobody agreed to, and in ways that nobody agreed to.

use crate::http;
use crate::wasi::http::types::Method;

const AGREED: &str = "https://agreed.example/";

/// Sends a request to an address that was never agreed, or that should not be reached.
pub fn dials(url: &str) -> Result<String, String> {
    http::get(url, &[])
}

/// Sends the same request until it is refused.
pub fn dials_for_ever(url: &str) -> Result<String, String> {
    loop {
        http::get(url, &[])?;
    }
}

/// Goes where an answer sends it.
pub fn follows(url: &str) -> Result<String, String> {
    let answer = http::send(&Method::Get, url, &[], None)?;
    match http::header(&answer, "location") {
        Some(location) => http::get(&location, &[]),
        None => Ok(format!("status {}", answer.status())),
    }
}

/// Reads an answer to its end and keeps none of it.
pub fn drinks(url: &str) -> Result<String, String> {
    let answer = http::send(&Method::Get, url, &[], None)?;
    let mut bytes = 0;
    http::read(answer, |piece| bytes += piece.len())?;
    Ok(format!("{bytes} bytes"))
}

pub fn posts(url: &str) -> Result<String, String> {
    http::status(&Method::Post, url, &[], None)
}

/// Sends a method by its name.
pub fn sends_method(name: &str) -> Result<String, String> {
    let method = match name {
        "CONNECT" => Method::Connect,
        "TRACE" => Method::Trace,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "OPTIONS" => Method::Options,
        other => Method::Other(other.into()),
    };
    http::status(&method, AGREED, &[], None)
}

/// Sets a header that may be the host's.
pub fn sets_header(name: &str) -> Result<String, String> {
    http::get(AGREED, &[(name, "Basic c3Rvb3BpZA==")])
}

/// Puts a second request, or a second header, into a header.
pub fn splits_a_header() -> Result<String, String> {
    let tries = [("x-a", "1\r\nx-evil: 1"), ("x-a\r\nx-evil", "1"), ("x-a", "1\n"), ("x a", "1"), ("", "1")];
    let said = tries.map(|(name, value)| {
        let said = http::get(AGREED, &[(name, value)]).unwrap_or_else(|refused| refused);
        format!("{name:?}: {value:?} - {said}")
    });
    Ok(said.join("\n"))
}

/// Ten thousand headers.
pub fn sets_many_headers() -> Result<String, String> {
    let names: Vec<String> = (0..10_000).map(|number| format!("x-{number}")).collect();
    let headers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    http::get(AGREED, &headers)
}

/// A header of 20 kB.
pub fn sets_a_long_header() -> Result<String, String> {
    http::get(AGREED, &[("x-long", &"a".repeat(20_000))])
}

/// Part of an answer.
pub fn asks_for_a_part() -> Result<String, String> {
    http::get(AGREED, &[("range", "bytes=0-3")])
}

/// Headers that come after the body.
pub fn adds_trailers() -> Result<String, String> {
    http::status(&Method::Get, AGREED, &[], Some(("x-late", "1")))
}
