//! Finding out who asks, once for each request.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{SignInOptions, Viewer, Way, csrf, network, session, token};
use crate::console::listen::peer;
use crate::console::pages::shown;
use crate::console::watch::Who;
use crate::console::{Console, Trouble};
use crate::host::{Host, HostError};
use crate::store::{Scope, SignedIn, Token};

/// Who asks, for the extractors; nobody is a viewer too.
#[derive(Debug, Clone)]
pub(super) struct Identified(pub Option<Viewer>);

/// What the last page wanted this one to say.
#[derive(Debug, Clone, Default)]
pub struct Said(pub Option<String>);

/// The address of whoever asks, for those who count attempts.
#[derive(Debug, Clone, Copy)]
pub struct Caller(pub Option<IpAddr>);

/// Puts who asks and what is to be said into the request, and refuses what a browser was made to send.
pub async fn identify(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let asking = Asking::of(&console, &request);
    let Known { viewer, cookie } = match find(&console, request.headers(), &asking).await {
        Ok(known) => known,
        Err(trouble) => return shown(&path, trouble),
    };
    request = match csrf::check(viewer.as_ref(), request).await {
        Ok(request) => request,
        Err(trouble) => return shown(&path, trouble),
    };
    let is_page = *request.method() == Method::GET && !path.starts_with("/api/") && !path.contains('.');
    let said = if is_page { session::said(&console, request.headers()) } else { None };
    let unsay = said.as_ref().and_then(|_| session::unsay(&console));
    let sort = Who(viewer.as_ref().map_or("nobody", Viewer::sort));
    request.extensions_mut().insert(Identified(viewer));
    request.extensions_mut().insert(Said(said));
    request.extensions_mut().insert(asking.caller);
    let mut response = next.run(request).await.into_response();
    response.extensions_mut().insert(sort);
    for cookie in unsay.into_iter().chain(cookie) {
        // A page that signs somebody in or out has the last word on who that is.
        if !sets_the_same(&response, &cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// What is known of the way a request came.
struct Asking {
    caller: Caller,
    /// The person whom a trusted proxy names.
    vouched: Option<String>,
    /// A browser that opens a page, and will come again with a cookie.
    opens_page: bool,
}

impl Asking {
    fn of(console: &Console, request: &Request) -> Self {
        let (peer, headers) = (peer(request), request.headers());
        let SignInOptions { header, proxies, .. } = &console.options().sign_in;
        let named = |name: &String| network::vouched(peer, headers, name, proxies);
        let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        Self {
            caller: Caller(network::caller(peer, headers, proxies)),
            vouched: header.as_ref().and_then(named),
            opens_page: *request.method() == Method::GET
                && accepts.is_some_and(|accept| accept.contains("text/html")),
        }
    }
}

/// Who asks, and the cookie by which that one is known from now on.
#[derive(Default)]
struct Known {
    viewer: Option<Viewer>,
    cookie: Option<HeaderValue>,
}

/// A bearer token goes before a cookie: a program that shows one means it.
async fn find(console: &Console, headers: &HeaderMap, asking: &Asking) -> Result<Known, Trouble> {
    if let Some(shown) = headers.get(header::AUTHORIZATION) {
        let viewer = of_bearer(console, shown, asking.caller).await?;
        return Ok(Known { viewer: Some(viewer), cookie: None });
    }
    if let Some(viewer) = of_session(console, headers, asking).await? {
        return Ok(Known { viewer: Some(viewer), cookie: None });
    }
    match &asking.vouched {
        Some(email) => of_proxy(console, email.clone(), asking.opens_page).await,
        None => Ok(Known::default()),
    }
}

/// A right token is always let in: programs behind one address must not be kept out by the one that has a wrong
/// token. Wrong ones are counted, and cost more and more time.
async fn of_bearer(console: &Console, shown: &HeaderValue, caller: Caller) -> Result<Viewer, Trouble> {
    let hashed = shown.to_str().ok().and_then(bearer).map(token::hash);
    let good = move |host: &Host| match hashed {
        Some(hashed) => Ok(host.store().good_token(hashed, host.now()?)?),
        None => Ok(None),
    };
    if let Some(token) = console.with_host(good).await? {
        return Ok(of_token(token, Way::Bearer));
    }
    console.attempts().count(caller.0, console.host().now()?)?;
    Err(Trouble::SignedOut)
}

/// Nobody, if whoever vouched for the person when it began does so no more.
async fn of_session(
    console: &Console,
    headers: &HeaderMap,
    asking: &Asking,
) -> Result<Option<Viewer>, Trouble> {
    let Some(secret) = session::secret(console, headers) else { return Ok(None) };
    let way = Way::Session { csrf: csrf::of_session(&secret) };
    let find = move |host: &Host| {
        let found = host.store().session(token::hash(&secret), host.now()?, session::IDLE_MS_MAX)?;
        let token = match &found {
            Some(SignedIn::Token(id)) => token_by_id(host, *id)?,
            _ => None,
        };
        Ok((found, token))
    };
    let (found, token) = console.with_host(find).await?;
    let options = console.options();
    Ok(match found {
        None => None,
        Some(SignedIn::Token(_)) => token.map(|token| of_token(token, way)),
        Some(SignedIn::Oidc(email)) if options.sign_in.oidc.is_some() => {
            Some(of_person(email, &options.administrators, way))
        }
        Some(SignedIn::Header(email)) if asking.vouched.as_ref() == Some(&email) => {
            Some(of_person(email, &options.administrators, way))
        }
        Some(SignedIn::Oidc(_) | SignedIn::Header(_)) => None,
    })
}

/// A browser gets a session, without which it could change nothing; what only reads is answered without one.
async fn of_proxy(console: &Console, email: String, opens_page: bool) -> Result<Known, Trouble> {
    let (secret, cookie) = if opens_page {
        let (secret, cookie) = session::open(console, SignedIn::Header(email.clone())).await?;
        (secret, Some(cookie))
    } else {
        (token::chance()?, None)
    };
    let way = Way::Session { csrf: csrf::of_session(&secret) };
    Ok(Known { viewer: Some(of_person(email, &console.options().administrators, way)), cookie })
}

/// Whether the response sets a cookie of the same name.
fn sets_the_same(response: &Response, cookie: &HeaderValue) -> bool {
    let name = |value: &HeaderValue| value.as_bytes().split(|byte| *byte == b'=').next().map(<[u8]>::to_vec);
    response.headers().get_all(header::SET_COOKIE).into_iter().any(|set| name(set) == name(cookie))
}

/// The scheme is written in any case (RFC 9110).
fn bearer(shown: &str) -> Option<&str> {
    let (scheme, token) = shown.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn token_by_id(host: &Host, id: crate::store::TokenId) -> Result<Option<Token>, HostError> {
    Ok(host.store().tokens()?.into_iter().find(|token| token.id == id))
}

fn of_token(token: Token, way: Way) -> Viewer {
    let named = format!("token {} ({})", token.id, token.label);
    let actor = token.email.as_ref().map_or(named.clone(), |email| format!("{email} by {named}"));
    Viewer { email: token.email, scopes: token.scopes, way, actor }
}

fn of_person(email: String, administrators: &BTreeSet<String>, way: Way) -> Viewer {
    let mut scopes = vec![Scope::Search];
    if administrators.contains(&email) {
        scopes.extend([Scope::Read, Scope::Manage]);
    }
    Viewer { actor: email.clone(), email: Some(email), scopes, way }
}
