//! What handlers ask for: who asks, and that one may.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::response::Response;

use super::Viewer;
use super::identify::{Caller, Identified, Said};
use crate::console::Trouble;
use crate::console::pages::shown_at;
use crate::store::Scope;

/// Somebody who may do all there is.
#[derive(Debug, Clone)]
pub struct Administrator(pub Viewer);

/// Somebody who may look at connections, runs, records and people.
#[derive(Debug, Clone)]
pub struct Reader(pub Viewer);

/// Somebody who may search as a person.
#[derive(Debug, Clone)]
pub struct Person(pub Viewer);

/// Anybody, or nobody. For pages that those see who are not signed in.
#[derive(Debug, Clone)]
pub struct Signed(pub Option<Viewer>);

fn viewer(parts: &Parts) -> Option<Viewer> {
    parts.extensions.get::<Identified>().and_then(|identified| identified.0.clone())
}

#[allow(clippy::result_large_err, reason = "axum takes a rejection as it is, and there is one a request")]
fn require(parts: &Parts, scope: Scope, takes: &'static str) -> Result<Viewer, Response> {
    let found = match viewer(parts) {
        None => Err(Trouble::SignedOut),
        Some(viewer) if viewer.may(scope) => Ok(viewer),
        Some(_) => Err(Trouble::Forbidden(takes)),
    };
    found.map_err(|trouble| {
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        shown_at(uri, trouble)
    })
}

impl<S: Sync> FromRequestParts<S> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        require(parts, Scope::Manage, "an administrator").map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        require(parts, Scope::Read, "an administrator, or a token with the scope `read`").map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        require(parts, Scope::Search, "somebody who may search").map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(viewer(parts)))
    }
}

impl<S: Sync> FromRequestParts<S> for Said {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Said>().cloned().unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Caller>().copied().unwrap_or(Self(None)))
    }
}
