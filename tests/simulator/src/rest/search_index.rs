//! What the search index holds, and what of it a query finds.

use std::sync::Arc;

use serde_json::Value;

use super::cql::{self, Direction, Field, Found, Horizon};
use super::exchange::Exchange;
use super::listing::{Listing, SortKey};
use crate::site::{Container, Id, PageStatus, Site};

/// The matching contents in the query's order. Kept while the site stands
/// still, unless the query or the index moves with the time.
pub fn matching(cx: &Exchange<'_>, text: &str, query: &cql::Query, archived_spaces: bool) -> Arc<Listing> {
    let statuses = Statuses::asked(cx);
    let indexed_until = cx.now - cx.knobs.index_lag_ms;
    let horizon = Horizon { now: cx.now, indexed_until, zone: cx.caller.time_zone };
    let make = || {
        let in_scope = |found: &Found<'_>| {
            let space = found.space(cx.site).and_then(|id| cx.site.spaces.get(&id));
            space.is_some_and(|space| archived_spaces || !space.archived)
        };
        let found = indexed(cx, statuses, horizon).filter(in_scope);
        let found = found.filter(|found| found.matches(&query.clause, cx.site, horizon));
        let places = found.map(|found| (sort_key(found, query, cx.site), found.id())).collect();
        Listing::new(places, matches!(query.order, Some((_, Direction::Descending))))
    };
    if cx.knobs.index_lag_ms > 0 || text.to_ascii_lowercase().contains("now") {
        return Arc::new(make());
    }
    cx.listings.list(format!("{} cql {statuses:?} {archived_spaces} {text}", cx.caller.account_id), make)
}

/// What the index holds of what the caller may see: content of the statuses that were
/// asked for, and nothing newer than its horizon.
fn indexed<'a>(cx: &Exchange<'a>, statuses: Statuses, horizon: Horizon) -> impl Iterator<Item = Found<'a>> {
    let site = cx.site;
    let sight = cx.sight.clone();
    let pages = site.pages.values().filter(move |page| statuses.include(page.status)).map(Found::Page);
    let nodes = site.nodes.values().filter(move |node| statuses.include(node.status)).map(Found::Node);
    let posts =
        site.blog_posts.values().filter(move |post| !post.trashed && statuses.current).map(Found::BlogPost);
    let on_current = move |container: Container| match container {
        Container::Page(id) => site.pages.get(&id).is_some_and(|page| statuses.include(page.status)),
        Container::BlogPost(_) => statuses.current,
    };
    let comments = site.comments.values().filter(move |it| on_current(it.container)).map(Found::Comment);
    let files = site.attachments.values().filter(move |it| on_current(it.container)).map(Found::Attachment);
    let all = pages.chain(nodes).chain(posts).chain(comments).chain(files);
    all.filter(move |found| match found {
        Found::Page(it) => sight.pages.contains(&it.id),
        Found::Node(it) => sight.nodes.contains(&it.id),
        Found::BlogPost(it) => sight.blog_posts.contains(&it.id),
        Found::Comment(it) => sight.comments.contains(&it.id),
        Found::Attachment(it) => sight.attachments.contains(&it.id),
    })
    .filter(move |found| found.versions().first().is_none_or(|first| first.at <= horizon.indexed_until))
}

/// Of which statuses content is looked for: `cqlcontext={"contentStatuses":["archived"]}`;
/// current content unless something else is named.
#[derive(Clone, Copy, Debug)]
struct Statuses {
    current: bool,
    archived: bool,
}

impl Statuses {
    fn asked(cx: &Exchange<'_>) -> Self {
        let context: Value =
            cx.query.get("cqlcontext").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let named = context["contentStatuses"].as_array();
        let names = |status| named.is_some_and(|all| all.iter().any(|it| it == status));
        Statuses { current: named.is_none() || names("current"), archived: names("archived") }
    }

    fn include(self, status: PageStatus) -> bool {
        match status {
            PageStatus::Current => self.current,
            PageStatus::Archived => self.archived,
            _ => false,
        }
    }
}

/// The content behind a place in a listing.
pub fn content(site: &Site, id: Id) -> Option<Found<'_>> {
    let page = site.branch(id).map(Found::branch);
    let post = || site.blog_posts.get(&id).map(Found::BlogPost);
    let comment = || site.comments.get(&id).map(Found::Comment);
    page.or_else(post).or_else(comment).or_else(|| site.attachments.get(&id).map(Found::Attachment))
}

fn sort_key(found: Found<'_>, query: &cql::Query, site: &Site) -> SortKey {
    match query.order.map(|(field, _)| field) {
        Some(Field::LastModified) => SortKey::Number(found.versions().last().map_or(0, |version| version.at)),
        Some(Field::Created) => SortKey::Number(found.created()),
        Some(Field::Title) => SortKey::Text(found.title(site).to_lowercase()),
        _ => SortKey::Number(0),
    }
}
