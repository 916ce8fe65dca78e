//! Connections: how they stand, and what is done to them as a whole.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rfc3339;
use super::runs::RunLine;
use crate::console::error::Problem;
use crate::console::standing::Standing;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::host::Turn;
use crate::schedule::{State as Stand, When};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(remove))
        .routes(routes!(pause))
        .routes(routes!(resume))
}

/// A connection, as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionLine {
    name: String,
    /// What the connector calls itself, as `Confluence Cloud`.
    connector: String,
    account: String,
    /// active, manual, paused, needs-sign-in, setting-up, failing, syncing
    state: String,
    last_run: Option<RunLine>,
    next: NextRun,
    /// Items by kind; kinds of which there are none are left out.
    items: Vec<KindCount>,
    /// Users whose e-mail the source hides, and whom nobody linked.
    without_email: u64,
    /// Items that could not be read.
    failures: u64,
    /// Deletions that wait for a person.
    deletions: u64,
}

/// When a connection is read next.
#[derive(Debug, Serialize, ToSchema)]
struct NextRun {
    /// A time (RFC 3339); none if it is due now, or never by itself.
    at: Option<String>,
    /// now, later, never, under-way
    when: &'static str,
    /// What somebody asked for and no run answers yet: since, inventory, everything.
    wanted: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
struct KindCount {
    kind: String,
    title: String,
    items: u64,
}

impl From<&Standing> for ConnectionLine {
    fn from(standing: &Standing) -> Self {
        let count = |(kind, title, items): (&str, &str, u64)| KindCount {
            kind: kind.to_owned(),
            title: title.to_owned(),
            items,
        };
        Self {
            name: standing.turn.name.clone(),
            connector: standing.connector.clone(),
            account: standing.overview.connection.account.clone(),
            state: standing.turn.state.as_str().to_owned(),
            last_run: standing.overview.last_run.as_ref().map(RunLine::from),
            next: NextRun::from(&standing.turn),
            items: standing.counts().into_iter().map(count).collect(),
            without_email: standing.overview.without_email,
            failures: standing.overview.failures,
            deletions: standing.undecided,
        }
    }
}

impl From<&Turn> for NextRun {
    fn from(turn: &Turn) -> Self {
        let (when, at) = match turn.when {
            _ if turn.state == Stand::Syncing => ("under-way", None),
            When::Now => ("now", None),
            When::At(at) => ("later", Some(rfc3339(at))),
            When::Never(_) => ("never", None),
        };
        Self { at, when, wanted: turn.wanted.map(|mode| mode.as_str()) }
    }
}

/// All connections, by name.
#[utoipa::path(get, path = "/connections", tag = "connections",
    responses((status = 200, body = Vec<ConnectionLine>), (status = "default", body = Problem)))]
async fn list(State(console): State<Console>, _reader: Reader) -> Result<Json<Vec<ConnectionLine>>, Trouble> {
    let standings = console.standings().await?;
    Ok(Json(standings.iter().map(ConnectionLine::from).collect()))
}

/// What was removed.
#[derive(Debug, Serialize, ToSchema)]
struct RemovedConnection {
    name: String,
    items: u64,
    /// Nothing of it is left on the disk; otherwise that goes as soon as no connection is read.
    erased: bool,
}

/// Remove a connection with all that was read through it. A run under way is stopped.
#[utoipa::path(delete, path = "/connections/{name}", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = RemovedConnection), (status = "default", body = Problem)))]
async fn remove(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Json<RemovedConnection>, Trouble> {
    let removed = console.remove(&viewer, name).await?;
    Ok(Json(RemovedConnection { name: removed.name, items: removed.items, erased: removed.erased }))
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
