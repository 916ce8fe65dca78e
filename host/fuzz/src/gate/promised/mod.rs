//! What the gate promises. Here, because its parts are visible to it alone.

pub mod headers;
pub mod places;
pub mod waits;

use http::{HeaderMap, HeaderName, HeaderValue};

/// `name: value` a line; what no header can hold is left out, as a server's client would.
fn read(text: &str) -> HeaderMap {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let header = |(name, value): (&str, &str)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value.trim()).ok()?))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(header) {
        headers.append(name, value);
    }
    headers
}
