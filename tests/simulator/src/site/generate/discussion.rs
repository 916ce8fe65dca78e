//! Comments and attachments, spread over what can be read.

use super::{Making, Size, as_mentions};
use crate::prose;
use crate::site::{CommentKind, Container, FileKind, Id, PageStatus, Resolution, Selection, Site, Version};

/// Fills up to the size's comments: seven in ten in the footer, three in ten replies.
pub(super) fn comments(making: &mut Making, size: &Size) {
    let people = making.mentions();
    let containers = containers(&making.site);
    let mut roots: Vec<Id> = making.site.comments.keys().copied().collect();
    while making.site.comments.len() < size.comments {
        let body = prose::remark(&mut making.rng, &as_mentions(&people));
        let reply = !roots.is_empty() && making.rng.usize(0..10) < 3;
        let parent = if reply { making.rng.choice(&roots).copied() } else { None };
        let Some(container) = making.rng.choice(&containers).copied() else {
            return;
        };
        let kind = match parent.and_then(|id| making.site.comments.get(&id)) {
            Some(above) => above.kind.clone(),
            None if making.rng.usize(0..10) < 7 => CommentKind::Footer,
            None => inline(making, container),
        };
        let earliest = parent.and_then(|id| making.site.comments.get(&id)).map(|above| above.created);
        let id = making.site.add_comment(container, parent, kind, &body);
        // Threads are one reply deep, where it is not the point that they may be deeper.
        if parent.is_none() || size.every_case {
            roots.push(id);
        }
        let written = earliest.unwrap_or_else(|| created(&making.site, container));
        let version = first_version(making, written);
        if let Some(comment) = making.site.comments.get_mut(&id) {
            comment.created = version.at;
            comment.author = version.author.clone();
            comment.versions = vec![version];
        }
    }
}

pub(super) fn attachments(making: &mut Making, size: &Size) {
    let containers = containers(&making.site);
    while making.site.attachments.len() < size.attachments {
        let Some(container) = making.rng.choice(&containers).copied() else {
            return;
        };
        let kind = making.rng.choice(FileKind::ALL).unwrap_or(FileKind::Text);
        let name = format!(
            "{}.{}",
            prose::code_name(&mut making.rng).to_lowercase().replace(' ', "-"),
            kind.extension()
        );
        let id = making.site.add_attachment(container, &name, kind);
        let written = created(&making.site, container);
        let version = first_version(making, written);
        if let Some(file) = making.site.attachments.get_mut(&id) {
            file.created = version.at;
            file.author = version.author.clone();
            file.versions = vec![version];
        }
    }
}

/// An inline comment's words are marked in the page, unless they have dangled.
fn inline(making: &mut Making, container: Container) -> CommentKind {
    let marker = format!("{:08x}-0000-4000-8000-{:012x}", making.rng.u32(..), making.rng.u32(..));
    let resolution = match making.rng.usize(0..6) {
        0 | 1 => Resolution::Resolved,
        2 => Resolution::Reopened,
        3 => Resolution::Dangling,
        _ => Resolution::Open,
    };
    let settled = matches!(resolution, Resolution::Resolved | Resolution::Reopened);
    let resolved_by =
        settled.then(|| (making.author(), super::WRITTEN_UNTIL - making.rng.i64(0..86_400_000)));
    let body = match container {
        Container::Page(id) => making.site.pages.get_mut(&id).map(|page| &mut page.body),
        Container::BlogPost(id) => making.site.blog_posts.get_mut(&id).map(|post| &mut post.body),
    };
    let mut text = String::new();
    if let Some(body) = body {
        let words = prose::selection(body).to_string();
        if resolution != Resolution::Dangling && !words.is_empty() {
            let tag = "ac:inline-comment-marker";
            *body = body.replacen(&words, &format!("<{tag} ac:ref=\"{marker}\">{words}</{tag}>"), 1);
        }
        text = words.replace("&rsquo;", "’").replace("&mdash;", "—").replace("&amp;", "&");
    }
    CommentKind::Inline(Selection { text, marker, resolution, resolved_by })
}

fn first_version(making: &mut Making, after: crate::clock::Millis) -> Version {
    let (at, author) = (making.soon_after(after), making.author());
    Version { number: 1, at, author, message: String::new(), minor: false }
}

/// Current pages, and blog posts: one in ten comments is on a post where there are many.
fn containers(site: &Site) -> Vec<Container> {
    let pages = site.pages.values().filter(|page| page.status == PageStatus::Current);
    let posts = site.blog_posts.keys().map(|id| Container::BlogPost(*id));
    pages.map(|page| Container::Page(page.id)).chain(posts).collect()
}

fn created(site: &Site, container: Container) -> crate::clock::Millis {
    match container {
        Container::Page(id) => site.pages.get(&id).map_or(0, |page| page.created),
        Container::BlogPost(id) => site.blog_posts.get(&id).map_or(0, |post| post.created),
    }
}
