//! A browser that is signed in: one cookie, which scripts cannot read and other sites cannot send.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};

use super::token::{chance, hash};
use crate::console::{Console, Trouble};
use crate::store::SignedIn;

/// A session ends after this long, whatever is done in it: a working day.
const SESSION_MS_MAX: u64 = 12 * 60 * 60 * 1_000;
/// And after this long without a request.
pub const IDLE_MS_MAX: u64 = 2 * 60 * 60 * 1_000;

const NAME: &str = "weir_session";
/// What the next page says, once.
const SAID: &str = "weir_said";
const SAID_BYTES_MAX: usize = 1_000;

/// Signs a browser in; the answer sets the cookie.
///
/// # Errors
///
/// When the store cannot be written.
pub async fn begin(console: &Console, who: SignedIn) -> Result<HeaderValue, Trouble> {
    let secret = chance()?;
    let hashed = hash(&secret);
    let keep = move |host: &crate::host::Host| {
        let now = host.now()?;
        Ok(host.store().begin_session(hashed, &who, now, now.saturating_add(SESSION_MS_MAX))?)
    };
    console.with_host(keep).await?;
    header(ours(console, NAME, secret))
}

/// Signs it out; the answer takes the cookie away.
///
/// # Errors
///
/// When the store cannot be written.
pub async fn end(console: &Console, headers: &HeaderMap) -> Result<HeaderValue, Trouble> {
    if let Some(secret) = secret(headers) {
        console.with_host(move |host| Ok(host.store().end_session(hash(&secret))?)).await?;
    }
    gone(console, NAME)
}

/// Lets the next page of this browser say something.
///
/// # Errors
///
/// Never, unless base64 is no header any more.
pub fn say(console: &Console, words: &str) -> Result<HeaderValue, Trouble> {
    let words = words.get(..words.floor_char_boundary(SAID_BYTES_MAX)).unwrap_or_default();
    header(ours(console, SAID, URL_SAFE_NO_PAD.encode(words)))
}

/// What this page is to say.
pub(super) fn said(headers: &HeaderMap) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(value(headers, SAID)?).ok()?).ok()
}

/// Takes away what was said.
pub(super) fn unsay(console: &Console) -> Option<HeaderValue> {
    gone(console, SAID).ok()
}

pub(super) fn secret(headers: &HeaderMap) -> Option<String> {
    value(headers, NAME)
}

fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut found = all.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name);
    found.next().map(|cookie| cookie.value().to_owned())
}

/// `Lax` and not `Strict`, because a consent page leads back here and the browser must then be known.
fn ours(console: &Console, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(console.options().url.scheme() == "https")
        .build()
}

fn gone(console: &Console, name: &'static str) -> Result<HeaderValue, Trouble> {
    let mut cookie = ours(console, name, String::new());
    cookie.make_removal();
    header(cookie)
}

fn header(cookie: Cookie<'static>) -> Result<HeaderValue, Trouble> {
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Trouble::Bad(error.to_string()))
}
