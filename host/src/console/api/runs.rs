//! Runs: asked for, stopped, and in numbers.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body, Paged, Paging, rfc3339};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::store::{Mode, Run, RunId};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(sync))
        .routes(routes!(cancel))
        .routes(routes!(list))
        .routes(routes!(one))
}

/// What a run sets out to read.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum WantedMode {
    /// What changed, and a part of what no source tells of.
    #[default]
    Since,
    /// Where everything is, and who may read it.
    Inventory,
    /// All of it anew.
    Everything,
}

#[derive(Debug, Deserialize, ToSchema)]
struct WantedRun {
    #[serde(default)]
    mode: WantedMode,
}

/// A run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunLine {
    id: RunId,
    /// since, inventory, everything
    mode: &'static str,
    /// hand, schedule
    trigger: &'static str,
    /// RFC 3339.
    started: String,
    /// None while it goes on.
    finished: Option<String>,
    /// complete, incomplete, failed, canceled, interrupted; none while it goes on.
    outcome: Option<&'static str>,
    message: Option<String>,
    counts: RunNumbers,
}

/// A run in numbers. Items are counted once for each thing that happened to them.
#[derive(Debug, Serialize, ToSchema)]
struct RunNumbers {
    added: u64,
    changed: u64,
    moved: u64,
    access_changed: u64,
    unchanged: u64,
    deleted: u64,
    binned: u64,
    restored: u64,
    archived: u64,
    left_out: u64,
    failed: u64,
    /// Parts that were not read to their end.
    skipped: u64,
    requests: u64,
    retries: u64,
    bytes: u64,
    /// In the source's own measure.
    points: u64,
    /// Items read in full, by kind.
    by_kind: BTreeMap<String, u64>,
}

impl From<&Run> for RunLine {
    fn from(run: &Run) -> Self {
        let counts = &run.counts;
        Self {
            id: run.id,
            mode: run.mode.as_str(),
            trigger: run.trigger.as_str(),
            started: rfc3339(run.started),
            finished: run.finished.map(rfc3339),
            outcome: run.outcome.map(|outcome| outcome.as_str()),
            message: run.message.clone(),
            counts: RunNumbers {
                added: counts.added,
                changed: counts.changed,
                moved: counts.moved,
                access_changed: counts.access_changed,
                unchanged: counts.unchanged,
                deleted: counts.deleted,
                binned: counts.binned,
                restored: counts.restored,
                archived: counts.archived,
                left_out: counts.left_out,
                failed: counts.failed,
                skipped: counts.skipped,
                requests: counts.requests,
                retries: counts.retries,
                bytes: counts.bytes,
                points: counts.points,
                by_kind: counts.by_kind.clone(),
            },
        }
    }
}

/// Ask for a run. It begins in a moment, or when one of four others has ended; one that goes on and learns as much
/// answers it too.
#[utoipa::path(post, path = "/connections/{name}/sync", tag = "runs", params(("name" = String, Path)),
    request_body = WantedRun, responses((status = 202), (status = "default", body = Problem)))]
async fn sync(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(WantedRun { mode }): Body<WantedRun>,
) -> Result<StatusCode, Trouble> {
    let mode = match mode {
        WantedMode::Since => Mode::Since,
        WantedMode::Inventory => Mode::Inventory,
        WantedMode::Everything => Mode::Everything,
    };
    console.ask_for_run(&viewer, name, mode).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The run that was asked to stop.
#[derive(Debug, Serialize, ToSchema)]
struct Canceled {
    /// None if none goes on.
    run: Option<RunId>,
}

/// Ask the run under way to stop. What it has read is kept.
#[utoipa::path(post, path = "/connections/{name}/cancel", tag = "runs", params(("name" = String, Path)),
    responses((status = 200, body = Canceled), (status = "default", body = Problem)))]
async fn cancel(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Canceled>, Trouble> {
    Ok(Json(Canceled { run: console.cancel_run(&viewer, name).await? }))
}

/// The runs of a connection, newest first.
#[utoipa::path(get, path = "/connections/{name}/runs", tag = "runs", params(("name" = String, Path), Paging),
    responses((status = 200, body = Paged<RunLine>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Paged<RunLine>>, Trouble> {
    let (limit, before) = (paging.limit(), paging.number());
    let runs = console
        .with_host(move |host| {
            let connection = host.store().connection(&name)?.id;
            Ok(host.store().runs_before(connection, before, limit.saturating_add(1))?)
        })
        .await?;
    let lines = runs.iter().map(RunLine::from).collect();
    Ok(Json(Paged::of(lines, limit, |run: &RunLine| run.id.to_string())))
}

/// One run.
#[utoipa::path(get, path = "/connections/{name}/runs/{id}", tag = "runs",
    params(("name" = String, Path), ("id" = i64, Path)),
    responses((status = 200, body = RunLine), (status = "default", body = Problem)))]
async fn one(
    State(console): State<Console>,
    _reader: Reader,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<RunLine>, Trouble> {
    let id: RunId = id.parse().map_err(|_| Trouble::NotFound)?;
    let found = console
        .with_host(move |host| {
            let connection = host.store().connection(&name)?.id;
            Ok(host.store().run(id)?.filter(|run| run.connection == connection))
        })
        .await?;
    found.as_ref().map(RunLine::from).map(Json).ok_or(Trouble::NotFound)
}
