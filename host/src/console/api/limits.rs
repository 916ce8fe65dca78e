//! What a connection may spend at its source, and how it is there.

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
use crate::host::{Host, HostError};
use crate::model::{Allowance, Finding};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(read, set)).routes(routes!(doctor))
}

/// What holds now.
#[derive(Debug, Serialize, ToSchema)]
struct Limits {
    /// Requests in flight at once to one origin; none for the host's own choice.
    width: Option<usize>,
    /// None for the host's own choice: 90 % of what the source gives, if it says what.
    points_per_hour: Option<u64>,
    /// In the present hour of UTC.
    points_spent: u64,
}

/// What is to hold from the next request on; what is left out becomes the host's own choice.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLimits {
    #[schema(minimum = 1, maximum = 20)]
    width: Option<usize>,
    points_per_hour: Option<u64>,
}

fn limits(host: &Host, name: &str) -> Result<Limits, HostError> {
    let Allowance { width, points_per_hour } = host.allowance(name)?;
    Ok(Limits { width, points_per_hour, points_spent: host.points_spent(name)? })
}

/// What a connection may spend, and has spent in this hour.
#[utoipa::path(get, path = "/connections/{name}/limits", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Limits), (status = "default", body = Problem)))]
async fn read(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Limits>, Trouble> {
    Ok(Json(console.with_host(move |host| limits(host, &name)).await?))
}

/// Hold a connection to so many points an hour and requests at once.
#[utoipa::path(put, path = "/connections/{name}/limits", tag = "connections", params(("name" = String, Path)),
    request_body = NewLimits, responses((status = 200, body = Limits), (status = "default", body = Problem)))]
async fn set(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(NewLimits { width, points_per_hour }): Body<NewLimits>,
) -> Result<Json<Limits>, Trouble> {
    console.allow(&viewer, name.clone(), Allowance { width, points_per_hour }).await?;
    Ok(Json(console.with_host(move |host| limits(host, &name)).await?))
}

/// One thing that was looked at.
#[derive(Debug, Serialize, ToSchema)]
struct FindingLine {
    /// A stable name, as `audit-log`.
    name: String,
    /// good, notice, bad
    verdict: &'static str,
    message: String,
    /// What to do about it.
    remedy: Option<String>,
}

impl From<Finding> for FindingLine {
    fn from(finding: Finding) -> Self {
        let verdict = finding.verdict.as_str();
        Self { name: finding.name, verdict, message: finding.message, remedy: finding.remedy }
    }
}

/// Look a connection over, which asks its source. The worst comes first.
#[utoipa::path(post, path = "/connections/{name}/doctor", tag = "connections", params(("name" = String, Path)),
    responses((status = 200, body = Vec<FindingLine>), (status = "default", body = Problem)))]
async fn doctor(
    State(console): State<Console>,
    Administrator(_viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Vec<FindingLine>>, Trouble> {
    let findings = console.host().doctor(&name).await?;
    Ok(Json(findings.into_iter().map(FindingLine::from).collect()))
}
