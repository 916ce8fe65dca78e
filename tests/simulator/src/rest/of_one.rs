//! What belongs to one page or blog post: its comments (roots only) and its attachments; and the
//! labels of a blog post and of the site.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::comments::{self, Kind};
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{attachments, errors, rows};
use crate::site::Container;

/// `pages/{id}/footer-comments` and its like: the roots, as Atlassian's document says.
pub fn root_comments(cx: &Exchange<'_>, kind: Kind) -> Result<Answer, Answer> {
    let holder = holder(cx)?;
    let order = Order::parse(cx, &["created-date", "modified-date"])?;
    let storage = rows::wants_storage(cx)?;
    let roots = cx.site.comments.values().filter(|comment| {
        comments::is(comment, kind) && comment.container == holder && comment.parent.is_none()
    });
    let places = roots.map(|root| (SortKey::Number(root.created), root.id)).collect();
    keyset::page(cx, &order, &Listing::new(places, order.descending), 25, |id| {
        cx.site.comments.get(&id).map(|comment| comments::row(cx, comment, storage))
    })
}

pub fn attachments(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let holder = holder(cx)?;
    let order = Order::parse(cx, &["created-date", "modified-date"])?;
    let statuses = rows::statuses(cx, &["current", "archived", "trashed"], &["current", "archived"])?;
    let files = cx.site.attachments.values().filter(|file| {
        file.container == holder
            && cx.sight.attachments.contains(&file.id)
            && statuses.contains(&attachments::status(file))
    });
    let places = files.map(|file| (SortKey::Number(file.created), file.id)).collect();
    keyset::page(cx, &order, &Listing::new(places, order.descending), 50, |id| {
        cx.site.attachments.get(&id).map(attachments::row)
    })
}

pub fn blog_post_labels(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let Container::BlogPost(id) = holder(cx)? else { return Err(missing(cx)) };
    let names = cx.site.blog_posts.get(&id).map(|post| post.labels.clone()).unwrap_or_default();
    Ok(keyset::envelope(cx, rows::labels(cx.site, &names), None))
}

/// `/labels`: those of everything that the caller sees.
pub fn site_labels(cx: &Exchange<'_>) -> Result<Answer, Answer> {
    let pages = cx.site.pages.values().filter(|page| cx.sight.pages.contains(&page.id));
    let posts = cx.site.blog_posts.values().filter(|post| cx.sight.blog_posts.contains(&post.id));
    let labels = pages.flat_map(|page| &page.labels).chain(posts.flat_map(|post| &post.labels));
    let names: Vec<String> = labels.cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let all = rows::labels(cx.site, &names);
    let order = Order { field: "id".into(), descending: false };
    let places = (0..all.len() as u64).map(|index| (SortKey::Number(0), index)).collect();
    keyset::page(cx, &order, &Listing::new(places, false), 25, |index| {
        all.get(usize::try_from(index).ok()?).cloned()
    })
}

/// The page or blog post in the path, if the caller sees it.
fn holder(cx: &Exchange<'_>) -> Result<Container, Answer> {
    let id = cx.id(4).ok_or_else(|| missing(cx))?;
    match cx.segment(3) {
        "pages" if cx.sight.pages.contains(&id) => Ok(Container::Page(id)),
        "blogposts" if cx.sight.blog_posts.contains(&id) => Ok(Container::BlogPost(id)),
        _ => Err(missing(cx)),
    }
}

fn missing(cx: &Exchange<'_>) -> Answer {
    let what = if cx.segment(3) == "pages" { "page" } else { "blog post" };
    errors::v2_missing(format!("Cannot find a {what} with id [{}]", cx.segment(4)))
}
