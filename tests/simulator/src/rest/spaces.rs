//! `/wiki/api/v2/spaces` and one space. Its permissions are `space_permissions`'.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{errors, rows};
use crate::clock::iso;
use crate::site::{Space, SpaceKind};

/// Both current and archived spaces come when no status is asked for.
pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let order = Order::parse(cx, &["id", "key", "name"])?;
    let statuses = rows::statuses(cx, &["current", "archived"], &["current", "archived"])?;
    let ids = rows::id_filter(cx, "ids", 250)?;
    let keys = rows::id_filter(cx, "keys", 250)?;
    let types = cx.query.all("type");
    let listing = cx.listings.list(order.cache_key(cx, "spaces"), || {
        let seen = cx.site.spaces.values().filter(|space| cx.sight.spaces.contains(&space.id));
        Listing::new(seen.map(|space| (sort_key(space, &order.field), space.id)).collect(), order.descending)
    });
    keyset::page(cx, &order, &listing, 25, |id| {
        let space = cx.site.spaces.get(&id)?;
        let keyed =
            keys.as_ref().is_none_or(|keys| keys.iter().any(|key| key.eq_ignore_ascii_case(&space.key)));
        let typed = types.is_empty() || types.contains(&kind(space));
        let wanted = keyed && typed && statuses.contains(&status(space)) && rows::passes(ids.as_ref(), id);
        wanted.then(|| row(cx, space))
    })
}

pub fn one(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    Ok(rows::single(cx, row(cx, seen(cx)?)))
}

/// The space that the path names, if the caller sees it.
pub fn seen<'a>(cx: &Exchange<'a>) -> Result<&'a Space, Answer> {
    let missing = || errors::v2_missing(format!("Cannot find a space with id [{}]", cx.segment(4)));
    let id = cx.id(4).filter(|id| cx.sight.spaces.contains(id)).ok_or_else(missing)?;
    cx.site.spaces.get(&id).ok_or_else(missing)
}

fn row(cx: &Exchange<'_>, space: &Space) -> Value {
    let mut row = json!({
        "id": space.id.to_string(),
        "key": space.key,
        "name": space.name,
        "type": kind(space),
        "status": status(space),
        "authorId": space.author,
        "createdAt": iso(space.created),
        "homepageId": space.homepage.map(|id| id.to_string()),
        "currentActiveAlias": space.key,
        "icon": null,
        "description": null,
        "_links": { "webui": format!("/spaces/{}", space.key) },
    });
    if cx.query.get("description-format") == Some("plain") {
        row["description"] = json!({ "plain": { "value": space.description, "representation": "plain" } });
    }
    row
}

pub fn kind(space: &Space) -> &'static str {
    match space.kind {
        SpaceKind::Global => "global",
        SpaceKind::Collaboration => "collaboration",
        SpaceKind::KnowledgeBase => "knowledge_base",
        SpaceKind::Personal => "personal",
    }
}

pub fn status(space: &Space) -> &'static str {
    if space.archived { "archived" } else { "current" }
}

fn sort_key(space: &Space, field: &str) -> SortKey {
    match field {
        "key" => SortKey::Text(space.key.clone()),
        "name" => SortKey::Text(space.name.to_lowercase()),
        _ => SortKey::Number(i64::try_from(space.id).unwrap_or_default()),
    }
}
