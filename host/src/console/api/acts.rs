//! The audit trail.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Paged, Paging, rfc3339};
use crate::console::error::Problem;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble};
use crate::store::{Act, ActFilter};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One thing that was done, or that somebody tried to do.
#[derive(Debug, Serialize, ToSchema)]
struct ActOut {
    id: i64,
    /// RFC 3339.
    at: String,
    /// An e-mail, or a token's number and label.
    actor: String,
    /// A short name: `connection-paused`.
    act: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    /// The rest in words.
    about: String,
    /// done or failed; left out while it goes on, or if it was cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
}

impl From<Act> for ActOut {
    fn from(one: Act) -> Self {
        let Act { id, at, actor, act, connection, about, outcome } = one;
        Self { id, at: rfc3339(at), actor, act, connection, about, outcome }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ActsAsked {
    /// Part of who did it.
    actor: Option<String>,
    /// The connection's name.
    connection: Option<String>,
    /// `next` of the page before; left out for the first.
    cursor: Option<String>,
    /// Rows at most, up to 500; 50 if left out.
    #[param(maximum = 500, minimum = 1)]
    limit: Option<u32>,
}

/// What was done in the console and over the API, the newest first.
#[utoipa::path(get, path = "/acts", tag = "access", params(ActsAsked),
    responses((status = 200, body = Paged<ActOut>), (status = "default", body = Problem)))]
async fn list(
    State(console): State<Console>,
    _administrator: Administrator,
    Asked(asked): Asked<ActsAsked>,
) -> Result<Json<Paged<ActOut>>, Trouble> {
    let ActsAsked { actor, connection, cursor, limit } = asked;
    let paging = Paging { cursor, limit };
    let (limit, before) = (paging.limit(), paging.number());
    let filter = ActFilter { actor, connection };
    let acts = console.with_host(move |host| Ok(host.store().acts_of(&filter, before, limit + 1)?)).await?;
    let page = Paged::of(acts, limit, |act: &Act| act.id.to_string());
    Ok(Json(Paged { items: page.items.into_iter().map(Into::into).collect(), next: page.next }))
}
