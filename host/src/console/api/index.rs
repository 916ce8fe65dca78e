//! What of a connection searches find beside its kinds: everything, or only what was chosen.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Body;
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::store::{self, IndexMode};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(index, set_index))
}

/// Whether everything is searched.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Everything,
    /// Only what was chosen.
    Manual,
}

#[derive(Debug, Serialize, ToSchema)]
struct Searched {
    mode: Mode,
    /// What was chosen for manual mode, whichever mode there is now.
    chosen: Vec<ChosenItem>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ChosenItem {
    id: String,
    /// None, like the kind, while the item is gone.
    title: Option<String>,
    kind: Option<String>,
    with_descendants: bool,
}

impl From<store::Chosen> for ChosenItem {
    fn from(store::Chosen { id, title, kind, with_descendants, .. }: store::Chosen) -> Self {
        Self { id, title, kind, with_descendants }
    }
}

async fn searched(console: &Console, name: String) -> Result<Searched, Trouble> {
    let (mode, chosen) = console
        .with_host(move |host| {
            let (store, connection) = (host.store(), host.store().connection(&name)?.id);
            Ok((store.index_mode(connection)?, store.chosen(connection)?))
        })
        .await?;
    let mode = match mode {
        IndexMode::Everything => Mode::Everything,
        IndexMode::Manual => Mode::Manual,
    };
    Ok(Searched { mode, chosen: chosen.into_iter().map(Into::into).collect() })
}

/// Whether everything of a connection is searched, and what was chosen for manual mode.
#[utoipa::path(get, path = "/connections/{name}/index", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Searched), (status = "default", body = Problem)))]
async fn index(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Searched>, Trouble> {
    Ok(Json(searched(&console, name).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
struct ModeWanted {
    mode: Mode,
}

/// Let searches find everything of a connection, or only what was chosen. It takes effect at the next search.
#[utoipa::path(put, path = "/connections/{name}/index", tag = "connections", params(("name" = String, Path)),
    request_body = ModeWanted,
    responses((status = 200, body = Searched), (status = "default", body = Problem)))]
async fn set_index(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(ModeWanted { mode }): Body<ModeWanted>,
) -> Result<Json<Searched>, Trouble> {
    let mode = match mode {
        Mode::Everything => IndexMode::Everything,
        Mode::Manual => IndexMode::Manual,
    };
    console.set_index_mode(&viewer, name.clone(), mode).await?;
    Ok(Json(searched(&console, name).await?))
}
