//! Items that could not be read.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body, Paged, Paging, rfc3339};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::store::FailedItem;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry))
}

/// An item that could not be read, or that a limit refused.
#[derive(Debug, Serialize, ToSchema)]
struct FailureLine {
    id: String,
    /// None, like the title, for an item that was never read.
    kind: Option<String>,
    title: Option<String>,
    url: Option<String>,
    reason: String,
    attempts: u32,
    /// RFC 3339.
    since: String,
    /// RFC 3339; none if it is asked about with the next sync, or was refused.
    next: Option<String>,
    /// A limit refused it: it is asked about again when its version changes.
    refused: bool,
}

impl From<FailedItem> for FailureLine {
    fn from(failed: FailedItem) -> Self {
        let next = (failed.next > 0 && !failed.refused).then(|| rfc3339(failed.next));
        let since = rfc3339(failed.since);
        let FailedItem { id, kind, title, url, reason, attempts, refused, .. } = failed;
        Self { id, kind, title, url, reason, attempts, since, next, refused }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Because {
    /// Only those of this reason, in which `…` stands for each number.
    reason: Option<String>,
}

/// Items of a connection that could not be read, by id.
#[utoipa::path(get, path = "/connections/{name}/failures", tag = "failures",
    params(("name" = String, Path), Paging, Because),
    responses((status = 200, body = Paged<FailureLine>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(paging): Asked<Paging>,
    Asked(Because { reason }): Asked<Because>,
) -> Result<Json<Paged<FailureLine>>, Trouble> {
    let limit = paging.limit();
    let failed = console
        .with_host(move |host| {
            let (store, connection) = (host.store(), host.store().connection(&name)?.id);
            let (after, one_more) = (paging.cursor.as_deref(), limit.saturating_add(1));
            Ok(match reason {
                Some(reason) => store.failures_because(connection, &reason, after, one_more)?,
                None => store.failures(connection, after, one_more)?,
            })
        })
        .await?;
    let lines = failed.into_iter().map(FailureLine::from).collect();
    Ok(Json(Paged::of(lines, limit, |line: &FailureLine| line.id.clone())))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
struct Again {
    /// The ids of items; without any, all that failed.
    #[serde(default)]
    ids: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Due {
    /// So many are asked about with the next sync.
    items: u64,
}

/// Ask about items again with the next sync, whenever they would be due.
#[utoipa::path(post, path = "/connections/{name}/failures/retry", tag = "failures", params(("name" = String, Path)),
    request_body = Again, responses((status = 200, body = Due), (status = "default", body = Problem)))]
async fn retry(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(Again { ids }): Body<Again>,
) -> Result<Json<Due>, Trouble> {
    Ok(Json(Due { items: console.retry_failures(&viewer, name, ids).await? }))
}
