//! `/wiki/api/v2/footer-comments` and `/inline-comments`: all of them, one, and
//! the replies to one. A deleted comment is gone: 404.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{blog_posts, errors, pages, rows};
use crate::clock::iso;
use crate::site::{Comment, CommentKind, Container, Resolution, Selection};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Footer,
    Inline,
}

/// Roots and replies, unless a knob leaves the replies to the children route.
pub fn list(cx: &Exchange<'_>, kind: Kind) -> Result<Answer, Answer> {
    let order = Order::parse(cx, &["created-date", "modified-date"])?;
    let storage = rows::wants_storage(cx)?;
    let roots_only = cx.knobs.comment_lists_are_roots_only;
    let dataset = if kind == Kind::Footer { "footer-comments" } else { "inline-comments" };
    let listing = cx.listings.list(order.cache_key(cx, dataset), || {
        let seen = cx.site.comments.values().filter(|comment| is(comment, kind));
        let seen = seen.filter(|comment| cx.sight.comments.contains(&comment.id));
        Listing::new(
            seen.map(|comment| (sort_key(comment, &order.field), comment.id)).collect(),
            order.descending,
        )
    });
    keyset::page(cx, &order, &listing, 25, |id| {
        let comment = cx.site.comments.get(&id)?;
        let wanted = !roots_only || comment.parent.is_none();
        wanted.then(|| row(cx, comment, storage))
    })
}

pub fn one(cx: &Exchange<'_>, kind: Kind) -> Result<Answer, Answer> {
    Ok(rows::single(cx, row(cx, seen(cx, kind)?, rows::wants_storage(cx)?)))
}

/// Direct replies, each without its container: the parent's holds for all.
pub fn children(cx: &Exchange<'_>, kind: Kind) -> Result<Answer, Answer> {
    let above = seen(cx, kind)?;
    let order = Order::parse(cx, &["created-date", "modified-date"])?;
    let storage = rows::wants_storage(cx)?;
    let replies = cx.site.comments.values().filter(|comment| comment.parent == Some(above.id));
    let places = replies.map(|reply| (sort_key(reply, &order.field), reply.id)).collect();
    keyset::page(cx, &order, &Listing::new(places, order.descending), 25, |id| {
        let mut row = row(cx, cx.site.comments.get(&id)?, storage);
        if let Some(fields) = row.as_object_mut() {
            for name in ["pageId", "blogPostId", "resolutionLastModifierId", "resolutionLastModifiedAt"] {
                fields.remove(name);
            }
        }
        Some(row)
    })
}

fn seen<'a>(cx: &Exchange<'a>, kind: Kind) -> Result<&'a Comment, Answer> {
    let missing = || errors::v2_missing(format!("Cannot find a comment with id [{}]", cx.segment(4)));
    let id = cx.id(4).filter(|id| cx.sight.comments.contains(id)).ok_or_else(missing)?;
    cx.site.comments.get(&id).filter(|comment| is(comment, kind)).ok_or_else(missing)
}

pub fn is(comment: &Comment, kind: Kind) -> bool {
    matches!(comment.kind, CommentKind::Footer) == (kind == Kind::Footer)
}

pub fn row(cx: &Exchange<'_>, comment: &Comment, storage: bool) -> Value {
    let (field, id, title, webui) = container(cx, comment.container);
    let mut row = json!({
        "id": comment.id.to_string(),
        "status": "current",
        "title": format!("Re: {title}"),
        field: id.to_string(),
        "version": rows::version(comment.version()),
        "body": rows::body(&comment.body, storage),
        "_links": { "webui": format!("{webui}?focusedCommentId={}", comment.id) },
    });
    if let Some(parent) = comment.parent {
        row["parentCommentId"] = json!(parent.to_string());
    }
    if let CommentKind::Inline(selection) = &comment.kind {
        add_selection(&mut row, selection);
    }
    row
}

/// Each property comes twice, in camel and in kebab case, as on the wire.
fn add_selection(row: &mut Value, selection: &Selection) {
    row["resolutionStatus"] = json!(match selection.resolution {
        Resolution::Open => "open",
        Resolution::Reopened => "reopened",
        Resolution::Resolved => "resolved",
        Resolution::Dangling => "dangling",
    });
    row["properties"] = json!({
        "inlineMarkerRef": selection.marker,
        "inlineOriginalSelection": selection.text,
        "inline-marker-ref": selection.marker,
        "inline-original-selection": selection.text,
    });
    if let Some((account_id, at)) = &selection.resolved_by {
        row["resolutionLastModifierId"] = json!(account_id);
        row["resolutionLastModifiedAt"] = json!(iso(*at));
    }
}

/// The container's field name, id, title and link.
fn container(cx: &Exchange<'_>, container: Container) -> (&'static str, u64, String, String) {
    match container {
        Container::Page(id) => {
            let page = cx.site.pages.get(&id);
            let webui = page.map(|page| pages::webui(rows::space_key(cx.site, page.space), page));
            ("pageId", id, page.map(|page| page.title.clone()).unwrap_or_default(), webui.unwrap_or_default())
        }
        Container::BlogPost(id) => {
            let post = cx.site.blog_posts.get(&id);
            let webui = post.map(|post| blog_posts::webui(rows::space_key(cx.site, post.space), post));
            (
                "blogPostId",
                id,
                post.map(|post| post.title.clone()).unwrap_or_default(),
                webui.unwrap_or_default(),
            )
        }
    }
}

fn sort_key(comment: &Comment, field: &str) -> SortKey {
    match field {
        "created-date" => SortKey::Number(comment.created),
        "modified-date" => SortKey::Number(comment.version().at),
        _ => SortKey::Number(i64::try_from(comment.id).unwrap_or_default()),
    }
}
