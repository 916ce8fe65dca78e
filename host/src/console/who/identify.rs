//! Finding out who asks, once for each request.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Viewer, Way, csrf, session, token};
use crate::console::pages::shown;
use crate::console::{Console, Trouble};
use crate::host::{Host, HostError};
use crate::store::{Scope, SignedIn, Token};

/// Who asks, for the extractors; nobody is a viewer too.
#[derive(Debug, Clone)]
pub(super) struct Identified(pub Option<Viewer>);

/// What the last page wanted this one to say.
#[derive(Debug, Clone, Default)]
pub struct Said(pub Option<String>);

/// Puts who asks and what is to be said into the request, and refuses what a browser was made to send.
pub async fn identify(State(console): State<Console>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let viewer = match find(&console, request.headers()).await {
        Ok(viewer) => viewer,
        Err(trouble) => return shown(&path, trouble),
    };
    if let Some(viewer) = &viewer {
        request = match csrf::check(viewer, request).await {
            Ok(request) => request,
            Err(trouble) => return shown(&path, trouble),
        };
    }
    let is_page =
        *request.method() == axum::http::Method::GET && !path.starts_with("/api/") && !path.contains('.');
    let said = if is_page { session::said(request.headers()) } else { None };
    let unsay = said.as_ref().and_then(|_| session::unsay(&console));
    request.extensions_mut().insert(Identified(viewer));
    request.extensions_mut().insert(Said(said));
    let mut response = next.run(request).await.into_response();
    if let Some(unsay) = unsay {
        response.headers_mut().append(header::SET_COOKIE, unsay);
    }
    response
}

/// A bearer token goes before a cookie: a program that shows one means it.
async fn find(console: &Console, headers: &HeaderMap) -> Result<Option<Viewer>, Trouble> {
    if let Some(shown) = headers.get(header::AUTHORIZATION) {
        let bearer = shown.to_str().ok().and_then(bearer).ok_or(Trouble::SignedOut)?;
        let hashed = token::hash(bearer);
        let found = console.with_host(move |host| Ok(host.store().good_token(hashed, host.now()?)?)).await?;
        return found.map(|token| Some(of_token(token, Way::Bearer))).ok_or(Trouble::SignedOut);
    }
    let Some(secret) = session::secret(headers) else { return Ok(None) };
    let administrators = console.options().administrators.clone();
    console
        .with_host(move |host| {
            let way = Way::Session { csrf: csrf::of_session(&secret) };
            let found = host.store().session(token::hash(&secret), host.now()?, session::IDLE_MS_MAX)?;
            Ok(match found {
                None => None,
                Some(SignedIn::Token(id)) => token_by_id(host, id)?.map(|token| of_token(token, way)),
                Some(SignedIn::Oidc(email) | SignedIn::Header(email)) => {
                    let administers = administrators.contains(&email);
                    Some(of_person(email, administers, way))
                }
            })
        })
        .await
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

fn of_person(email: String, administers: bool, way: Way) -> Viewer {
    let mut scopes = vec![Scope::Search];
    if administers {
        scopes.extend([Scope::Read, Scope::Manage]);
    }
    Viewer { actor: email.clone(), email: Some(email), scopes, way }
}
