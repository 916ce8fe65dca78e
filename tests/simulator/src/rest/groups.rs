//! v1 `group`, `group/{id}/membersByGroupId` and `user/memberof`. Groups are flat.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, rows, v1_page};
use crate::site::{AccountStatus, Group, GroupAccess, User};

const GROUP_LIMIT_MAX: usize = 200;

pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let wanted = match cx.query.get("accessType") {
        None => None,
        Some("user") => Some(GroupAccess::User),
        Some("admin" | "site-admin") => Some(GroupAccess::Admin),
        Some(other) => return Err(errors::v1(400, &format!("Invalid accessType: {other}"))),
    };
    let all: Vec<&Group> =
        cx.site.groups.values().filter(|group| wanted.is_none_or(|wanted| group.access == wanted)).collect();
    identities(v1_page::page(cx, &all, limit(cx)?, |group| row(cx, group))?)
}

/// An unknown group has no members and no error.
pub fn members(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let group = cx.site.groups.get(cx.segment(4));
    let ids = group.into_iter().flat_map(|group| &group.members);
    let users =
        ids.filter_map(|id| cx.site.users.get(id)).filter(|user| user.status == AccountStatus::Active);
    let users: Vec<&User> = users.collect();
    let row = |user: &&User| rows::v1_user(cx.site, user, user.account_id == cx.caller.account_id);
    identities(v1_page::page(cx, &users, limit(cx)?, row)?)
}

pub fn of_member(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let account_id = cx.query.get("accountId").unwrap_or_default();
    if !cx.site.users.contains_key(account_id) {
        return Err(errors::v1(404, &format!("No user with accountId: {account_id}")));
    }
    let all: Vec<&Group> =
        cx.site.groups.values().filter(|group| group.members.contains(account_id)).collect();
    identities(v1_page::page(cx, &all, limit(cx)?, |group| row(cx, group))?)
}

pub fn row(cx: &Exchange<'_>, group: &Group) -> Value {
    json!({
        "type": "group",
        "name": group.name,
        "id": group.id,
        "managedBy": "ADMINS",
        "usageType": "USERBASE_GROUP",
        "resourceAri": format!("ari:cloud:identity::group/{}", group.id),
        "_links": { "self": format!("{}/wiki/rest/api/group/by-id?id={}", cx.site.url, group.id) },
    })
}

/// A deleted group is still named; its name is lost with it.
pub fn deleted(id: &str) -> Value {
    json!({ "type": "group", "name": id, "id": id })
}

fn limit(cx: &Exchange<'_>) -> Result<usize, Answer> {
    let limit = cx.query.v1_integer("limit", GROUP_LIMIT_MAX)?;
    if limit > GROUP_LIMIT_MAX {
        return Err(errors::v1(400, "java.lang.IllegalArgumentException: limit cannot be greater than 200"));
    }
    Ok(limit)
}

fn identities(answer: Answer) -> Result<Answer, Answer> {
    let super::answer::Content::Json(body) = &answer.body else {
        return Ok(answer);
    };
    let size = body["size"].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    Ok(answer.holding_identities(size))
}
