//! `/wiki/api/v2/pages`, one page, and its labels.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::rows::BodyFormat;
use super::{errors, rows};
use crate::clock::iso;
use crate::site::{Page, PageStatus};

/// Current and archived pages come when no status is asked for.
pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let order = Order::parse(cx, &["id", "created-date", "modified-date", "title"])?;
    let allowed = ["current", "archived", "deleted", "trashed"];
    let statuses = rows::statuses(cx, &allowed, &["current", "archived"])?;
    let format = rows::body_format(cx)?;
    let ids = rows::id_filter(cx, "id", 250)?;
    let spaces = rows::id_filter(cx, "space-id", 100)?;
    let title = cx.query.get("title").map(str::to_lowercase);
    let live = match cx.query.get("subtype") {
        None => None,
        Some("live") => Some(true),
        Some("page") => Some(false),
        Some(_) => return Err(errors::v2_bad_parameter("subtype", "PageSubtype")),
    };
    let listing = cx.listings.list(order.cache_key(cx, "pages"), || {
        let seen = cx.site.pages.values().filter(|page| cx.sight.pages.contains(&page.id));
        Listing::new(seen.map(|page| (sort_key(page, &order.field), page.id)).collect(), order.descending)
    });
    keyset::page(cx, &order, &listing, 25, |id| {
        let page = cx.site.pages.get(&id)?;
        let titled = title.as_ref().is_none_or(|title| page.title.to_lowercase() == *title);
        let wanted = titled
            && live.is_none_or(|live| page.live == live)
            && statuses.contains(&status(page.status))
            && rows::passes(ids.as_ref(), id)
            && rows::passes(spaces.as_ref(), page.space);
        wanted.then(|| {
            let mut row = row(cx, page, format);
            // Only lists tell it, in Atlassian's document.
            row["subtype"] = json!(page.live.then_some("live"));
            row
        })
    })
}

/// A page in the bin is still answered, with 200 and no parent.
pub fn one(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let page = seen(cx)?;
    let mut row = row(cx, page, rows::body_format(cx)?);
    if cx.query.get("include-labels") == Some("true") {
        let labels = rows::labels(cx.site, page.labels.get(..50).unwrap_or(&page.labels));
        let has_more = page.labels.len() > 50;
        let links = json!({ "self": format!("/wiki/api/v2/pages/{}/labels", page.id) });
        row["labels"] = json!({ "results": labels, "meta": { "hasMore": has_more }, "_links": links });
    }
    Ok(rows::single(cx, row))
}

pub fn labels(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let page = seen(cx)?;
    let order = Order { field: "id".into(), descending: false };
    let places = (0..page.labels.len() as u64).map(|index| (SortKey::Number(0), index)).collect();
    let all = rows::labels(cx.site, &page.labels);
    keyset::page(cx, &order, &Listing::new(places, false), 25, |index| {
        all.get(usize::try_from(index).ok()?).cloned()
    })
}

/// The page that the path names, if the caller sees it.
pub fn seen<'a>(cx: &Exchange<'a>) -> Result<&'a Page, Answer> {
    let missing = || errors::v2_missing(format!("Cannot find a page with id [{}]", cx.segment(4)));
    let id = cx.id(4).filter(|id| cx.sight.pages.contains(id)).ok_or_else(missing)?;
    cx.site.pages.get(&id).ok_or_else(missing)
}

fn row(cx: &Exchange<'_>, page: &Page, format: Option<BodyFormat>) -> Value {
    let key = rows::space_key(cx.site, page.space);
    let in_bin = page.status == PageStatus::Trashed;
    json!({
        "id": page.id.to_string(),
        "status": status(page.status),
        "title": page.title,
        "spaceId": page.space.to_string(),
        "parentId": page.parent.map(|parent| parent.id.to_string()),
        "parentType": page.parent.map(|parent| parent.kind.name()),
        "position": (!in_bin).then_some(page.position),
        "authorId": page.author,
        "ownerId": page.author,
        "lastOwnerId": null,
        "createdAt": iso(page.created),
        "version": rows::version(page.version()),
        "body": rows::body_in(format, &page.body, page.adf.as_deref()),
        "_links": {
            "webui": webui(key, page),
            "editui": format!("/pages/resumedraft.action?draftId={}", page.id),
            "tinyui": format!("/x/{:x}", page.id),
        },
    })
}

/// `/spaces/EX/pages/5439489/TODOs+for+Today`, relative to `_links.base`.
pub fn webui(key: &str, page: &Page) -> String {
    format!("/spaces/{key}/pages/{}/{}", page.id, rows::slug(&page.title))
}

pub fn status(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Current => "current",
        PageStatus::Archived => "archived",
        PageStatus::Trashed => "trashed",
    }
}

fn sort_key(page: &Page, field: &str) -> SortKey {
    match field {
        "created-date" => SortKey::Number(page.created),
        "modified-date" => SortKey::Number(page.version().at),
        "title" => SortKey::Text(page.title.to_lowercase()),
        _ => SortKey::Number(i64::try_from(page.id).unwrap_or_default()),
    }
}
