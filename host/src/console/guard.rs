//! What keeps browsers from being turned against their users: which hosts are answered, and what a page may do.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Console;

/// Everything comes from here, nothing is inline, nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every response. `no-store`: what a page shows is one person's.
const HEADERS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub async fn guard(State(console): State<Console>, request: Request, next: Next) -> Response {
    let mut response = if is_ours(&console, &request) {
        next.run(request).await
    } else {
        let words = "this host name is not Weir's; see `weir serve --url`\n";
        (StatusCode::MISDIRECTED_REQUEST, words).into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A page of another site can have its own name lead to loopback (DNS rebinding), and a browser then takes this
/// for that site's server. It still sends that name.
fn is_ours(console: &Console, request: &Request) -> bool {
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = named.or_else(|| request.uri().host());
    let url = &console.options().url;
    let Some(named) = named else { return false };
    let authority = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    named.eq_ignore_ascii_case(&authority) || is_loopback(named)
}

/// An address or `localhost`, at any port: these cannot be another site's.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn loopback_is_told_from_names_that_lead_there() {
        let ours = ["127.0.0.1:8780", "127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:8780"];
        let others = [
            "evil.example:8780",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "",
            "[::2]",
            "10.0.0.1:80",
        ];
        assert!(ours.into_iter().all(is_loopback));
        assert!(!others.into_iter().any(is_loopback));
    }
}
