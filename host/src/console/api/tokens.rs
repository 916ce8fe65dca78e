//! Tokens: made, listed, revoked.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, rfc3339};
use crate::console::error::Problem;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble};
use crate::store::{NewToken, Scope, Token};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list, make)).routes(routes!(revoke))
}

/// A token; the token itself is known to whoever was given it.
#[derive(Debug, Serialize, ToSchema)]
struct TokenOut {
    id: i64,
    label: String,
    /// The person it searches as.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// search, read, manage
    scopes: Vec<String>,
    /// RFC 3339, like the others.
    created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    /// When it was last shown, to some minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    used: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<String>,
}

impl From<Token> for TokenOut {
    fn from(token: Token) -> Self {
        let Token { id, label, email, scopes, created, expires, used, revoked } = token;
        let scopes = scopes.into_iter().map(|scope| scope.as_str().to_owned()).collect();
        let [expires, used, revoked] = [expires, used, revoked].map(|time| time.map(rfc3339));
        Self { id, label, email, scopes, created: rfc3339(created), expires, used, revoked }
    }
}

/// All tokens, the newest first, revoked ones too.
#[utoipa::path(get, path = "/tokens", tag = "access",
    responses((status = 200, body = Vec<TokenOut>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _administrator: Administrator,
) -> Result<Json<Vec<TokenOut>>, Trouble> {
    let tokens = console.with_host(|host| Ok(host.store().tokens()?)).await?;
    Ok(Json(tokens.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
struct TokenIn {
    /// What it is for.
    label: String,
    /// The person it searches as; needed with the scope `search`.
    email: Option<String>,
    /// search, read, manage
    #[schema(value_type = Vec<String>)]
    scopes: Vec<Scope>,
    /// Days for which it is good; for ever if left out.
    days: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenMade {
    id: i64,
    /// The token, which is told only now.
    token: String,
}

/// Make a token. It is in the answer, and never told again.
#[utoipa::path(post, path = "/tokens", tag = "access", request_body = TokenIn,
    responses((status = 201, body = TokenMade), (status = "default", body = Problem)))]
async fn make(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Body(TokenIn { label, email, scopes, days }): Body<TokenIn>,
) -> Result<(StatusCode, Json<TokenMade>), Trouble> {
    let now = console.with_host(|host| host.now()).await?;
    let expires = days.map(|days| now.saturating_add(u64::from(days) * DAY_MS));
    let (id, token) = console.make_token(&viewer, NewToken { label, email, scopes, expires }).await?;
    Ok((StatusCode::CREATED, Json(TokenMade { id, token })))
}

/// Revoke a token; sessions that were begun with it end.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "access", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = "default", body = Problem)))]
async fn revoke(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(id): Path<i64>,
) -> Result<StatusCode, Trouble> {
    match console.revoke_token(&viewer, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Trouble::NotFound),
    }
}
