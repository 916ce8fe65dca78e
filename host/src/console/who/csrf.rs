//! That what a browser asks for was asked for on one of our pages: a value that only they hold, and the
//! browser's own word.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::{Viewer, Way};
use crate::console::Trouble;

/// The header that scripts send it in; forms have a field `csrf`.
const HEADER: &str = "x-weir-csrf";
const FIELD: &str = "csrf";
/// Of a form; as of any request.
const FORM_BYTES_MAX: usize = 2 * 1024 * 1024;

const REFUSED: Trouble = Trouble::Forbidden("a page of this console: load it again and repeat what you did");

/// The value of a session's pages. Whoever knows it does not know the cookie.
pub fn of_session(secret: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"weir csrf\0");
    hasher.update(secret.as_bytes());
    URL_SAFE_NO_PAD.encode(hasher.finalize())
}

/// Lets a request pass that changes nothing, that no browser sends by itself, or that one of our pages made.
///
/// # Errors
///
/// [`Trouble::Forbidden`] for any other.
pub async fn check(viewer: Option<&Viewer>, request: Request) -> Result<Request, Trouble> {
    let csrf = match viewer.map(|viewer| &viewer.way) {
        Some(Way::Bearer) => return Ok(request),
        Some(Way::Session { csrf }) => Some(csrf),
        None => None,
    };
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(request);
    }
    // Also of those who are nobody yet: another site's page must not sign them in as somebody of its choice.
    if comes_from_elsewhere(request.headers()) {
        return Err(REFUSED);
    }
    let Some(csrf) = csrf else { return Ok(request) };
    if let Some(shown) = request.headers().get(HEADER) {
        return if shown.as_bytes() == csrf.as_bytes() { Ok(request) } else { Err(REFUSED) };
    }
    let form = request.headers().get(header::CONTENT_TYPE);
    if form.is_none_or(|form| !form.as_bytes().starts_with(b"application/x-www-form-urlencoded")) {
        return Err(REFUSED);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_BYTES_MAX).await.map_err(|error| Trouble::Bad(error.to_string()))?;
    let shown =
        url::form_urlencoded::parse(&bytes).any(|(name, value)| name == FIELD && value == csrf.as_str());
    if shown { Ok(Request::from_parts(parts, Body::from(bytes))) } else { Err(REFUSED) }
}

/// What the browser says of the page that asks (Fetch Metadata).
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}
