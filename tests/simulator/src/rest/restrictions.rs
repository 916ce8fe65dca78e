//! v1 `content/{id}/restriction` and `…/byOperation/read`: both operations are
//! always there, and an empty one is open to all. Pages, blog posts and the nodes
//! of the tree have them, the last unless a knob says that theirs cannot be read.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, rows};
use crate::site::{Id, Restriction};

/// How many users, and how many groups, one answer names.
pub const SUBJECTS_MAX: usize = 200;

pub fn all(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let restriction = of_content(cx)?;
    let (start, limit) = window(cx)?;
    let read = operation(cx, "read", restriction, start, limit);
    let update = operation(cx, "update", None, start, limit);
    let links = super::v1_page::links(cx, None);
    let identities = subjects(&read);
    Ok(Answer::json(json!({
        "results": [read, update],
        "start": start,
        "limit": limit,
        "size": 2,
        "restrictionsHash": hash(restriction),
        "_links": links,
    }))
    .holding_identities(identities))
}

pub fn by_operation(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let restriction = of_content(cx)?;
    let (start, limit) = window(cx)?;
    let answer = match cx.segment(7) {
        "read" => operation(cx, "read", restriction, start, limit),
        "update" => operation(cx, "update", None, start, limit),
        other => return Err(errors::v1(400, &format!("Unknown operation key: {other}"))),
    };
    let identities = subjects(&answer);
    Ok(Answer::json(answer).holding_identities(identities))
}

/// One operation with a window of its users and of its groups.
pub fn operation(
    cx: &Exchange<'_>,
    key: &str,
    restriction: Option<&Restriction>,
    start: usize,
    limit: usize,
) -> Value {
    let id = cx.segment(4);
    let path = format!("/rest/api/content/{id}/restriction/byOperation/{key}");
    json!({
        "operation": key,
        "restrictions": { "user": users(cx, restriction, start, limit), "group": groups(cx, restriction, start, limit) },
        "_expandable": { "content": format!("/rest/api/content/{id}") },
        "_links": { "self": format!("{}{path}", cx.base()) },
    })
}

pub fn users(cx: &Exchange<'_>, restriction: Option<&Restriction>, start: usize, limit: usize) -> Value {
    let all = restriction.map_or(&[][..], |restriction| &restriction.users);
    list(all, start, limit, |id| match cx.site.users.get(id) {
        Some(user) => rows::v1_user(cx.site, user, user.account_id == cx.caller.account_id),
        None => rows::v1_unknown_user(id),
    })
}

pub fn groups(cx: &Exchange<'_>, restriction: Option<&Restriction>, start: usize, limit: usize) -> Value {
    let all = restriction.map_or(&[][..], |restriction| &restriction.groups);
    list(all, start, limit, |id| match cx.site.groups.get(id) {
        Some(group) => super::groups::row(cx, group),
        None => super::groups::deleted(id),
    })
}

fn list(all: &[String], start: usize, limit: usize, row: impl Fn(&String) -> Value) -> Value {
    let rows: Vec<Value> = all.iter().skip(start).take(limit).map(row).collect();
    json!({ "results": rows, "start": start, "limit": limit, "size": rows.len() })
}

fn of_content<'a>(cx: &Exchange<'a>) -> Result<Option<&'a Restriction>, Answer> {
    let id: Id = cx.id(4).ok_or_else(|| errors::v1_missing_content(cx.segment(4)))?;
    if let Some(page) = cx.site.pages.get(&id).filter(|_| cx.sight.pages.contains(&id)) {
        return Ok(page.restriction.as_ref());
    }
    if let Some(node) = cx.site.nodes.get(&id).filter(|_| cx.sight.nodes.contains(&id)) {
        return match cx.knobs.node_restrictions_unreadable {
            true => Err(errors::v1_not_for_content_finder(node.kind.name())),
            false => Ok(node.restriction.as_ref()),
        };
    }
    let post = cx.site.blog_posts.get(&id).filter(|_| cx.sight.blog_posts.contains(&id));
    post.map(|post| post.restriction.as_ref()).ok_or_else(|| errors::v1_missing_content(cx.segment(4)))
}

fn window(cx: &Exchange<'_>) -> Result<(usize, usize), Answer> {
    let start = cx.query.v1_integer("start", 0)?;
    let limit = cx.query.v1_integer("limit", 100)?.min(SUBJECTS_MAX);
    Ok((start, limit))
}

fn subjects(operation: &Value) -> usize {
    let size = |kind: &str| operation["restrictions"][kind]["results"].as_array().map_or(0, Vec::len);
    size("user") + size("group")
}

/// Changes whenever the restriction does.
fn hash(restriction: Option<&Restriction>) -> String {
    let names = restriction.iter().flat_map(|it| it.users.iter().chain(&it.groups));
    let hash = names.flat_map(|name| name.bytes()).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
