//! Items: everything that was read.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::record::{ItemDetail, detail};
use super::rfc3339;
use super::{Asked, Body, Paged, Paging};
use crate::console::error::Problem;
use crate::console::records::{AskedRecords, level_cursor, level_of, newest_cursor, newest_of};
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::host::Stated;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(children))
        .routes(routes!(choose, unchoose))
}

/// An item, as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemLine {
    pub connection: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    /// Where a person opens it.
    pub url: String,
    /// RFC 3339
    pub updated: Option<String>,
    /// The title of what holds it at the top: its space.
    pub within: Option<String>,
    /// How it stands to searches: found, kind-off, not-chosen, withheld, waiting
    pub state: &'static str,
    /// How its file stands: `words`, `waiting`, or a short name of the reason why it has no words.
    pub file_state: Option<String>,
}

impl From<Stated> for ItemLine {
    fn from(Stated { line, state }: Stated) -> Self {
        Self {
            connection: line.connection_name,
            id: line.id,
            kind: line.kind,
            title: line.title,
            url: line.url,
            updated: line.updated.map(rfc3339),
            within: line.within,
            state: state.as_str(),
            file_state: line.file,
        }
    }
}

/// An item of a level, and how many lie directly below it.
#[derive(Debug, Serialize, ToSchema)]
struct ChildLine {
    #[serde(flatten)]
    item: ItemLine,
    /// How many lie directly below it; 1,001 stands for more than 1,000.
    below: u64,
}

/// What was read, the newest first.
///
/// What changes while one turns the pages is listed before them; nothing else is told twice or missed.
#[utoipa::path(get, path = "/items", tag = "items", params(AskedRecords, Paging),
    responses((status = 200, body = Paged<ItemLine>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _reader: Reader,
    Asked(asked): Asked<AskedRecords>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Paged<ItemLine>>, Trouble> {
    let filter = asked.filter()?;
    let (after, limit) = (newest_of(paging.cursor.as_deref()), paging.limit());
    let records = console.with_host(move |host| host.records(&filter, after, limit)).await?;
    let items = records.lines.into_iter().map(Into::into).collect();
    Ok(Json(Paged { items, next: records.next.map(newest_cursor) }))
}

/// One item with its words, its place, its readers level by level, and its history.
#[utoipa::path(get, path = "/connections/{name}/items/{id}", tag = "items",
    params(("name" = String, Path), ("id" = String, Path, description = "the whole id: `page:98765`")),
    responses((status = 200, body = ItemDetail), (status = "default", body = Problem)))]
async fn one(
    State(console): State<Console>,
    _reader: Reader,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<ItemDetail>, Trouble> {
    let looked = console.with_host(move |host| host.record(&name, &id)).await?;
    Ok(Json(detail(looked)))
}

/// What lies directly below an item, by kind and title.
#[utoipa::path(get, path = "/connections/{name}/items/{id}/children", tag = "items",
    params(("name" = String, Path), ("id" = String, Path), Paging),
    responses((status = 200, body = Paged<ChildLine>), (status = "default", body = Problem)))]
async fn children(
    State(console): State<Console>,
    _reader: Reader,
    Path((name, id)): Path<(String, String)>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Paged<ChildLine>>, Trouble> {
    let level = console
        .with_host(move |host| {
            let after = level_of(paging.cursor.as_deref());
            host.level(&name, Some(&id), after.as_ref(), paging.limit())
        })
        .await?;
    let line = |(stated, below): (Stated, u64)| ChildLine { item: stated.into(), below };
    let items = level.lines.into_iter().map(line).collect();
    Ok(Json(Paged { items, next: level.next.as_ref().map(level_cursor) }))
}

#[derive(Debug, Deserialize, ToSchema)]
struct Choosing {
    /// With whatever lies below it at the time of a search.
    #[serde(default)]
    with_descendants: bool,
}

/// Choose an item for a connection that searches only what was chosen.
#[utoipa::path(put, path = "/connections/{name}/items/{id}/indexed", tag = "items", request_body = Choosing,
    params(("name" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn choose(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((name, id)): Path<(String, String)>,
    Body(choosing): Body<Choosing>,
) -> Result<StatusCode, Trouble> {
    console.choose(&viewer, name, id, choosing.with_descendants).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a choice back. What was not chosen stays so.
#[utoipa::path(delete, path = "/connections/{name}/items/{id}/indexed", tag = "items",
    params(("name" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn unchoose(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, Trouble> {
    console.unchoose(&viewer, name, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
