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

const SESSION: &str = "weir_session";
/// What the next page says, once.
const SAID: &str = "weir_said";
const SAID_BYTES_MAX: usize = 1_000;
/// What a browser that was sent to a sign-in service comes back with.
const SENT: &str = "weir_sign_in";

/// Signs a browser in, and out of what it was signed in to before; the answer sets the cookie, which is always new.
///
/// # Errors
///
/// When the store cannot be written.
pub async fn begin(console: &Console, headers: &HeaderMap, who: SignedIn) -> Result<HeaderValue, Trouble> {
    end(console, headers).await?;
    Ok(open(console, who).await?.1)
}

/// Keeps a session: its secret, and the cookie that holds it.
pub(super) async fn open(console: &Console, who: SignedIn) -> Result<(String, HeaderValue), Trouble> {
    let secret = chance()?;
    let hashed = hash(&secret);
    let keep = move |host: &crate::host::Host| {
        let now = host.now()?;
        Ok(host.store().begin_session(hashed, &who, now, now.saturating_add(SESSION_MS_MAX))?)
    };
    console.with_host(keep).await?;
    let cookie = header(ours(console, SESSION, secret.clone()))?;
    Ok((secret, cookie))
}

/// Signs it out; the answer takes the cookie away.
///
/// # Errors
///
/// When the store cannot be written.
pub async fn end(console: &Console, headers: &HeaderMap) -> Result<HeaderValue, Trouble> {
    if let Some(secret) = secret(console, headers) {
        console.with_host(move |host| Ok(host.store().end_session(hash(&secret))?)).await?;
    }
    gone(console, SESSION)
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
pub(super) fn said(console: &Console, headers: &HeaderMap) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(value(console, headers, SAID)?).ok()?).ok()
}

/// Takes away what was said.
pub(super) fn unsay(console: &Console) -> Option<HeaderValue> {
    gone(console, SAID).ok()
}

/// Lets a browser that is sent to a sign-in service be known when it comes back.
///
/// # Errors
///
/// Never, unless chance is no header any more.
pub fn send(console: &Console, value: String) -> Result<HeaderValue, Trouble> {
    header(ours(console, SENT, value))
}

/// What a browser that comes back was sent with.
pub fn sent(console: &Console, headers: &HeaderMap) -> Option<String> {
    value(console, headers, SENT)
}

/// Takes that away: it was good once.
///
/// # Errors
///
/// As [`send`].
pub fn arrived(console: &Console) -> Result<HeaderValue, Trouble> {
    gone(console, SENT)
}

pub(super) fn secret(console: &Console, headers: &HeaderMap) -> Option<String> {
    value(console, headers, SESSION)
}

fn value(console: &Console, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = named(console, name);
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut found = all.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name);
    found.next().map(|cookie| cookie.value().to_owned())
}

fn is_https(console: &Console) -> bool {
    console.options().url.scheme() == "https"
}

/// Browsers take a cookie with this prefix from this host alone, and from no neighbour of it, and over HTTPS only.
fn named(console: &Console, name: &str) -> String {
    if is_https(console) { format!("__Host-{name}") } else { name.to_owned() }
}

/// `Lax` and not `Strict`, because a consent page leads back here and the browser must then be known.
fn ours(console: &Console, name: &str, value: String) -> Cookie<'static> {
    Cookie::build((named(console, name), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https(console))
        .build()
}

fn gone(console: &Console, name: &str) -> Result<HeaderValue, Trouble> {
    let mut cookie = ours(console, name, String::new());
    cookie.make_removal();
    header(cookie)
}

fn header(cookie: Cookie<'static>) -> Result<HeaderValue, Trouble> {
    HeaderValue::from_str(&cookie.to_string()).map_err(|error| Trouble::Bad(error.to_string()))
}
