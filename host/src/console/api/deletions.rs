//! Deletions that wait for a person.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body, Paged, Paging, rfc3339};
use crate::console::acts::Approval;
use crate::console::error::Problem;
use crate::console::who::{Administrator, Reader};
use crate::console::{Console, Trouble};
use crate::store::{DeletionRule, ItemNum, Waiting, WaitingGroup};

pub fn router() -> OpenApiRouter<Console> {
    OpenApiRouter::new()
        .routes(routes!(summary))
        .routes(routes!(items))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(limit))
}

/// What waits, in numbers.
#[derive(Debug, Serialize, ToSchema)]
struct Deletions {
    groups: Vec<DeletionGroup>,
    limit: DeletionLimit,
    /// The last approval since Weir was started.
    approval: Option<ApprovalState>,
}

/// How many items of a kind wait in one place.
#[derive(Debug, Serialize, ToSchema)]
struct DeletionGroup {
    within: String,
    kind: String,
    items: u64,
    /// The earliest; RFC 3339.
    since: String,
    /// Somebody said that they stay.
    rejected: bool,
}

/// More items than both numbers say wait for a person when they are missing at once.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct DeletionLimit {
    /// Of all items, in percent.
    #[schema(maximum = 100)]
    share: u8,
    at_least: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct ApprovalState {
    /// goes-on, ended, failed
    state: &'static str,
    /// Items that were asked about.
    waited: u64,
    gone: u64,
    present: u64,
    unanswered: u64,
    /// Why it failed, or why the source would not be asked any more.
    message: Option<String>,
}

/// An item that waits.
#[derive(Debug, Serialize, ToSchema)]
struct WaitingItem {
    #[serde(skip)]
    num: ItemNum,
    id: String,
    kind: String,
    title: String,
    url: String,
    within: String,
    /// RFC 3339.
    since: String,
    rejected: bool,
}

impl From<WaitingGroup> for DeletionGroup {
    fn from(group: WaitingGroup) -> Self {
        let since = rfc3339(group.since);
        let WaitingGroup { within, kind, items, rejected, .. } = group;
        Self { within, kind, items, since, rejected }
    }
}

impl From<Waiting> for WaitingItem {
    fn from(one: Waiting) -> Self {
        let since = rfc3339(one.since);
        let Waiting { num, id, kind, title, url, within, rejected, .. } = one;
        Self { num, id, kind, title, url, within, since, rejected }
    }
}

impl From<Approval> for ApprovalState {
    fn from(approval: Approval) -> Self {
        let none = Self { state: "goes-on", waited: 0, gone: 0, present: 0, unanswered: 0, message: None };
        match approval {
            Approval::GoesOn => none,
            Approval::Failed(words) => Self { state: "failed", message: Some(words), ..none },
            Approval::Ended { waited, gone, present, unanswered, stopped, .. } => {
                Self { state: "ended", waited, gone, present, unanswered, message: stopped }
            }
        }
    }
}

/// What waits for a person, by place and kind, and what came of the last approval.
#[utoipa::path(get, path = "/connections/{name}/deletions", tag = "deletions", params(("name" = String, Path)),
    responses((status = 200, body = Deletions), (status = "default", body = Problem)))]
async fn summary(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
) -> Result<Json<Deletions>, Trouble> {
    let (connection, groups, rule) = console
        .with_host(move |host| {
            let connection = host.store().connection(&name)?.id;
            let groups = Waiting::groups(&host.waiting_deletions(&name)?);
            Ok((connection, groups, host.store().deletion_rule(connection)?))
        })
        .await?;
    Ok(Json(Deletions {
        groups: groups.into_iter().map(DeletionGroup::from).collect(),
        limit: DeletionLimit { share: rule.share, at_least: rule.at_least },
        approval: console.approvals().of(connection).map(ApprovalState::from),
    }))
}

/// Each item that waits.
#[utoipa::path(get, path = "/connections/{name}/deletions/items", tag = "deletions",
    params(("name" = String, Path), Paging),
    responses((status = 200, body = Paged<WaitingItem>), (status = "default", body = Problem)))]
async fn items(
    State(console): State<Console>,
    _reader: Reader,
    Path(name): Path<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Paged<WaitingItem>>, Trouble> {
    let waiting = console.with_host(move |host| host.waiting_deletions(&name)).await?;
    let (limit, after) = (paging.limit(), paging.number().unwrap_or(0));
    let further = waiting.into_iter().filter(|one| one.num > after);
    let lines = further.take(limit as usize + 1).map(WaitingItem::from).collect();
    Ok(Json(Paged::of(lines, limit, |line: &WaitingItem| line.num.to_string())))
}

/// Ask the source about each item that waits, and delete what it says is gone. That goes on after the answer.
#[utoipa::path(post, path = "/connections/{name}/deletions/approve", tag = "deletions", params(("name" = String, Path)),
    responses((status = 202), (status = "default", body = Problem)))]
async fn approve(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Trouble> {
    console.approve_deletions(&viewer, name).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What stays.
#[derive(Debug, Serialize, ToSchema)]
struct Kept {
    items: u64,
}

/// Keep what waits, and do not ask again before it shows up once more.
#[utoipa::path(post, path = "/connections/{name}/deletions/reject", tag = "deletions", params(("name" = String, Path)),
    responses((status = 200, body = Kept), (status = "default", body = Problem)))]
async fn reject(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Kept>, Trouble> {
    Ok(Json(Kept { items: console.reject_deletions(&viewer, name).await? }))
}

/// Say how many items may be missing at once before a person is asked.
#[utoipa::path(put, path = "/connections/{name}/deletions/limit", tag = "deletions", params(("name" = String, Path)),
    request_body = DeletionLimit, responses((status = 204), (status = "default", body = Problem)))]
async fn limit(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Body(DeletionLimit { share, at_least }): Body<DeletionLimit>,
) -> Result<StatusCode, Trouble> {
    console.set_deletion_rule(&viewer, name, DeletionRule { share, at_least }).await?;
    Ok(StatusCode::NO_CONTENT)
}
