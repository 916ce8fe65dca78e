//! The browsers that are signed in.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rfc3339;
use crate::console::error::Problem;
use crate::console::who::{Administrator, IDLE_MS_MAX, hash_name, hash_named};
use crate::console::{Console, Trouble};
use crate::store::Session;

/// Sessions told, those seen last: more are ended all at once.
const ROWS: u32 = 500;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list, end_all)).routes(routes!(end))
}

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct SessionOut {
    /// Names it; opens nothing.
    id: String,
    /// The token it was begun with,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<i64>,
    /// or the person somebody vouched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// token, oidc, header
    way: String,
    /// RFC 3339, like the others.
    created: String,
    /// To some minutes.
    seen: String,
    expires: String,
}

impl From<Session> for SessionOut {
    fn from(session: Session) -> Self {
        let Session { hash, token, email, way, created, seen, expires } = session;
        let [created, seen, expires] = [created, seen, expires].map(rfc3339);
        Self { id: hash_name(&hash), token, email, way, created, seen, expires }
    }
}

/// The browsers that are signed in, the one seen last first; the first 500.
#[utoipa::path(get, path = "/sessions", tag = "access",
    responses((status = 200, body = Vec<SessionOut>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _administrator: Administrator,
) -> Result<Json<Vec<SessionOut>>, Trouble> {
    let sessions =
        console.with_host(|host| Ok(host.store().sessions(host.now()?, IDLE_MS_MAX, ROWS)?)).await?;
    Ok(Json(sessions.into_iter().map(Into::into).collect()))
}

/// Sign one browser out.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = "default", body = Problem)))]
async fn end(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, Trouble> {
    let hash = hash_named(&id).ok_or(Trouble::NotFound)?;
    let ended = console.end_session(&viewer, hash).await?;
    ended.map(|_| StatusCode::NO_CONTENT).ok_or(Trouble::NotFound)
}

/// Sign every browser out.
#[utoipa::path(delete, path = "/sessions", tag = "access",
    responses((status = 204), (status = "default", body = Problem)))]
async fn end_all(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
) -> Result<StatusCode, Trouble> {
    console.end_sessions(&viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
