//! Files whose words cannot be found, and why.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Paged, Paging};
use crate::console::error::Problem;
use crate::console::who::Reader;
use crate::console::{Console, Trouble};
use crate::store;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A file without words.
#[derive(Debug, Serialize, ToSchema)]
struct FileWithoutWords {
    id: String,
    title: String,
    media_type: String,
    /// In bytes, if the source told it.
    size: Option<u64>,
    /// A short name, as `encrypted`; `waiting` for one that was not looked at yet.
    reason: String,
    /// The reason for people; empty while it waits.
    detail: String,
}

impl From<store::FileLine> for FileWithoutWords {
    fn from(line: store::FileLine) -> Self {
        let store::FileLine { id, title, media_type, size, reason, detail, .. } = line;
        Self { id, title, media_type, size, reason, detail }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Because {
    /// Only those of this reason, as `encrypted`.
    reason: Option<String>,
}

/// Files of a connection whose words cannot be found, in the order in which they were met.
#[utoipa::path(get, path = "/connections/{name}/files", tag = "failures",
    params(("name" = String, Path), Paging, Because),
    responses((status = 200, body = Paged<FileWithoutWords>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(paging): Asked<Paging>,
    Asked(Because { reason }): Asked<Because>,
) -> Result<Json<Paged<FileWithoutWords>>, Trouble> {
    let (limit, after) = (paging.limit(), paging.number().unwrap_or(0));
    let files = console
        .with_host(move |host| {
            let connection = host.store().connection(&name)?.id;
            let one_more = limit.saturating_add(1);
            Ok(host.store().files_without_words(connection, reason.as_deref(), after, one_more)?)
        })
        .await?;
    let Paged { items, next } = Paged::of(files, limit, |line| line.num.to_string());
    Ok(Json(Paged { items: items.into_iter().map(Into::into).collect(), next }))
}
