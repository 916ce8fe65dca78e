//! `/wiki/api/v2/blogposts` and one blog post.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::rows::BodyFormat;
use super::{errors, rows};
use crate::clock::iso;
use crate::site::BlogPost;

pub fn list(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let order = Order::parse(cx, &["id", "created-date", "modified-date"])?;
    let statuses = rows::statuses(cx, &["current", "deleted", "trashed"], &["current"])?;
    let format = rows::body_format(cx)?;
    let ids = rows::id_filter(cx, "id", 250)?;
    let spaces = rows::id_filter(cx, "space-id", 100)?;
    let title = cx.query.get("title").map(str::to_lowercase);
    let listing = cx.listings.list(order.cache_key(cx, "blogposts"), || {
        let seen = cx.site.blog_posts.values().filter(|post| cx.sight.blog_posts.contains(&post.id));
        Listing::new(seen.map(|post| (sort_key(post, &order.field), post.id)).collect(), order.descending)
    });
    keyset::page(cx, &order, &listing, 25, |id| {
        let post = cx.site.blog_posts.get(&id)?;
        let titled = title.as_ref().is_none_or(|title| post.title.to_lowercase() == *title);
        let wanted = titled
            && statuses.contains(&status(post))
            && rows::passes(ids.as_ref(), id)
            && rows::passes(spaces.as_ref(), post.space);
        wanted.then(|| row(cx, post, format))
    })
}

pub fn one(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let missing = || errors::v2_missing(format!("Cannot find a blog post with id [{}]", cx.segment(4)));
    let id = cx.id(4).filter(|id| cx.sight.blog_posts.contains(id)).ok_or_else(missing)?;
    let post = cx.site.blog_posts.get(&id).ok_or_else(missing)?;
    Ok(rows::single(cx, row(cx, post, rows::body_format(cx)?)))
}

fn row(cx: &Exchange<'_>, post: &BlogPost, format: Option<BodyFormat>) -> Value {
    let key = rows::space_key(cx.site, post.space);
    json!({
        "id": post.id.to_string(),
        "status": status(post),
        "title": post.title,
        "spaceId": post.space.to_string(),
        "authorId": post.author,
        "createdAt": iso(post.created),
        "version": rows::version(post.version()),
        "body": rows::body_in(format, &post.body, None),
        "_links": {
            "webui": webui(key, post),
            "editui": format!("/pages/resumedraft.action?draftId={}", post.id),
            "tinyui": format!("/x/{:x}", post.id),
        },
    })
}

/// `/spaces/EX/blog/2026/03/09/5439489/Title`, relative to `_links.base`.
pub fn webui(key: &str, post: &BlogPost) -> String {
    let day = iso(post.created).get(..10).unwrap_or_default().replace('-', "/");
    format!("/spaces/{key}/blog/{day}/{}/{}", post.id, rows::slug(&post.title))
}

pub fn status(post: &BlogPost) -> &'static str {
    if post.trashed { "trashed" } else { "current" }
}

fn sort_key(post: &BlogPost, field: &str) -> SortKey {
    match field {
        "created-date" => SortKey::Number(post.created),
        "modified-date" => SortKey::Number(post.version().at),
        _ => SortKey::Number(i64::try_from(post.id).unwrap_or_default()),
    }
}
