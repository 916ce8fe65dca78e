//! Connections.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(pause)).routes(routes!(resume))
}

/// A connection, as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectionLine {
    name: String,
    /// active, manual, paused, needs-sign-in, failing, syncing
    state: String,
}

/// All connections, by name.
#[utoipa::path(get, path = "/connections", tag = "connections",
    responses((status = 200, body = Vec<ConnectionLine>), (status = "default", body = Problem)))]
async fn list(State(console): State<Console>, _reader: Reader) -> Result<Json<Vec<ConnectionLine>>, Trouble> {
    let turns = console.with_host(|host| host.turns()).await?;
    let line =
        |turn: crate::host::Turn| ConnectionLine { name: turn.name, state: turn.state.as_str().to_owned() };
    Ok(Json(turns.into_iter().map(line).collect()))
}

/// Read a connection on schedule no more. A run under way goes on.
#[utoipa::path(post, path = "/connections/{name}/pause", tag = "connections", params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn pause(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Trouble> {
    console.set_paused(&viewer, name, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read a connection on schedule again.
#[utoipa::path(post, path = "/connections/{name}/resume", tag = "connections", params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn resume(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Trouble> {
    console.set_paused(&viewer, name, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
