//! Addresses of pages. Names are other people's words, so they are written as URLs want them.

/// The page of a connection, or something below it: `connection("acme", "/pause")`.
pub fn connection(name: &str, rest: &str) -> String {
    format!("/connections/{}{rest}", segment(name))
}

/// One segment of a path (RFC 3986): nothing in it is taken for a `/`, `?` or `#`.
pub fn segment(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    text.bytes().fold(String::with_capacity(text.len()), |mut path, byte| {
        if kept(byte) {
            path.push(char::from(byte));
        } else {
            path += &format!("%{byte:02X}");
        }
        path
    })
}

/// An address with a query: pairs without a value are left out.
pub fn query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The address of an item at its source, if it is one that a browser may be led to: it is other people's words,
/// and `javascript:` is an address too.
pub fn source(url: &str) -> Option<&str> {
    let parsed = url::Url::parse(url).ok()?;
    matches!(parsed.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{connection, query, source};

    #[test]
    fn a_source_is_a_web_address() {
        assert_eq!(source("https://acme.example/a"), Some("https://acme.example/a"));
        for url in
            ["javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,x", "/a", "//evil.example", ""]
        {
            assert_eq!(source(url), None, "{url}");
        }
    }

    #[test]
    fn a_name_is_one_segment() {
        assert_eq!(
            connection("a/../b?c#d é", "/pause"),
            "/connections/a%2F%2E%2E%2Fb%3Fc%23d%20%C3%A9/pause"
        );
        assert_eq!(
            query("/search", [("q", Some("a&b")), ("kind", None), ("x", Some(""))]),
            "/search?q=a%26b"
        );
    }
}
