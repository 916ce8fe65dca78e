//! What there is to choose when a connection is configured: values for its settings, kinds to be found, and what a first
//! sync would take.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body};
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::host::Estimate;
use crate::model::{self, Choice};
use crate::store::SearchedKind;

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(choices)).routes(routes!(estimate)).routes(routes!(kinds, set_kinds))
}

/// What to choose from.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// A JSON Pointer into the settings, as `/spaces`, or a name.
    setting: String,
    /// How what is looked for begins, or a word of it.
    #[serde(default)]
    q: String,
}

/// A value to choose for a setting.
#[derive(Debug, Serialize, ToSchema)]
struct SettingChoice {
    value: Value,
    title: String,
    hint: Option<String>,
}

impl From<Choice> for SettingChoice {
    fn from(Choice { value, title, hint }: Choice) -> Self {
        Self { value: serde_json::from_str(&value).unwrap_or(Value::String(value)), title, hint }
    }
}

/// What a setting may be chosen from, as the source has it now.
#[utoipa::path(get, path = "/connections/{name}/choices", tag = "connections",
    params(("name" = String, Path), Sought),
    responses((status = 200, body = Vec<SettingChoice>), (status = "default", body = Problem)))]
async fn choices(
    State(console): State<Console>,
    _administrator: Administrator,
    Path(name): Path<String>,
    Asked(sought): Asked<Sought>,
) -> Result<Json<Vec<SettingChoice>>, Trouble> {
    let choices = console.host().choices(&name, &sought.setting, sought.q.trim()).await?;
    Ok(Json(choices.into_iter().map(Into::into).collect()))
}

/// What a first sync takes, about.
#[derive(Debug, Serialize, ToSchema)]
struct Estimated {
    items: u64,
    requests: u64,
    /// In the source's own measure; 0 where it does not charge.
    points: u64,
    /// From now on.
    seconds: u64,
    /// Requests that the estimate itself took.
    asked: u64,
    amounts: Vec<EstimatedAmount>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EstimatedAmount {
    dataset: String,
    /// In the plural, for people.
    what: String,
    items: u64,
    requests: u64,
    points: u64,
    /// Whether a guess is part of it.
    rough: bool,
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Self {
        let (items, requests, points) = (estimate.items(), estimate.requests(), estimate.points());
        let amount = |amount: model::Amount| {
            let model::Amount { dataset, what, items, requests, points, rough } = amount;
            EstimatedAmount { dataset, what, items, requests, points, rough }
        };
        let amounts = estimate.amounts.into_iter().map(amount).collect();
        Self { items, requests, points, seconds: estimate.seconds, asked: estimate.asked, amounts }
    }
}

/// Ask the source how much there is, in a dozen requests or so. Nothing is read.
#[utoipa::path(get, path = "/connections/{name}/estimate", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Estimated), (status = "default", body = Problem)))]
async fn estimate(
    State(console): State<Console>,
    _administrator: Administrator,
    Path(name): Path<String>,
) -> Result<Json<Estimated>, Trouble> {
    Ok(Json(console.host().estimate(&name).await?.into()))
}

/// A kind of items, and whether searches find it.
#[derive(Debug, Serialize, ToSchema)]
struct ConnectionKind {
    name: String,
    title: String,
    family: String,
    /// Whether it can be searched at all.
    offered: bool,
    on: bool,
    /// Its items never have readers of their own.
    inherits: bool,
}

impl From<SearchedKind> for ConnectionKind {
    fn from(SearchedKind { name, title, family, offered, on, inherits }: SearchedKind) -> Self {
        Self { name, title, family, offered, on, inherits }
    }
}

/// The kinds of a connection's items, and which of them searches find.
#[utoipa::path(get, path = "/connections/{name}/kinds", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Vec<ConnectionKind>), (status = "default", body = Problem)))]
async fn kinds(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Vec<ConnectionKind>>, Trouble> {
    Ok(Json(console.host().kinds(&name).await?.into_iter().map(Into::into).collect()))
}

#[derive(Debug, Deserialize, ToSchema)]
struct KindsOn {
    /// The names of all kinds that searches find; the others are off.
    on: Vec<String>,
}

/// Say which kinds searches find. All is read whatever is said; it takes effect at the next search.
#[utoipa::path(put, path = "/connections/{name}/kinds", tag = "connections", params(("name" = String, Path)),
    request_body = KindsOn,
    responses((status = 200, body = Vec<ConnectionKind>), (status = "default", body = Problem)))]
async fn set_kinds(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(KindsOn { on }): Body<KindsOn>,
) -> Result<Json<Vec<ConnectionKind>>, Trouble> {
    let kinds = console.set_kinds(&viewer, name, on).await?;
    Ok(Json(kinds.into_iter().map(Into::into).collect()))
}
