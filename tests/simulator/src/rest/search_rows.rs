//! A row of `content/search`: v1's content, with what was expanded.

use serde_json::{Value, json};

use super::cql::Found;
use super::exchange::Exchange;
use super::{attachments, blog_posts, nodes, pages, restrictions, rows, spaces};
use crate::clock::{Millis, iso};
use crate::site::{Comment, CommentKind, Container, Resolution, Restriction, Version};

pub fn row(cx: &Exchange<'_>, found: Found<'_>, expand: &[&str]) -> Value {
    let wants = |name: &str| expand.iter().any(|part| *part == name || part.starts_with(&format!("{name}.")));
    let id = wire_id(found);
    let mut row = json!({
        "id": id,
        "type": found.kind(),
        "status": status(found),
        "title": title(cx, found),
        "macroRenderedOutput": {},
        "_expandable": { "children": format!("/rest/api/content/{id}/child"), "container": "", "operations": "" },
        "_links": { "self": format!("{}/rest/api/content/{id}", cx.base()), "webui": webui(cx, found) },
    });
    if wants("version")
        && let Some(newest) = found.versions().last()
    {
        row["version"] = version(cx, newest);
    }
    if wants("space")
        && let Some(space) = found.space(cx.site).and_then(|id| cx.site.spaces.get(&id))
    {
        row["space"] = json!({
            "id": space.id, "key": space.key, "name": space.name, "type": spaces::kind(space),
            "status": spaces::status(space),
            "_links": { "webui": format!("/spaces/{}", space.key) },
        });
    }
    if wants("metadata.labels") || expand.contains(&"metadata") {
        let labels = rows::labels(cx.site, found.labels());
        let size = labels.len();
        row["metadata"] = json!({ "labels": { "results": labels, "start": 0, "limit": 200, "size": size } });
    }
    if wants("container") {
        row["container"] = container(cx, found);
    }
    if let Some(extensions) = extensions(cx, found, expand) {
        row["extensions"] = extensions;
    }
    if wants("ancestors") {
        row["ancestors"] = ancestors(cx, found, expand);
    }
    if wants("history") {
        row["history"] = history(cx, found);
    }
    let unreadable = matches!(found, Found::Node(_)) && cx.knobs.node_restrictions_unreadable;
    if wants("restrictions") && unreadable {
        row["_expandable"]["restrictions"] = json!(format!("/rest/api/content/{id}/restriction/byOperation"));
    } else if wants("restrictions") {
        row["restrictions"] = restriction(cx, &id, own_restriction(found), expand);
    }
    if wants("body.storage") {
        row["body"] = json!({ "storage": { "value": body(found), "representation": "storage" } });
    }
    row
}

/// A row of `search`: the content, and a title for people: escaped, with the hits marked on a real site.
pub fn site_row(cx: &Exchange<'_>, found: Found<'_>, expand: &[&str]) -> Value {
    let space = found.space(cx.site).and_then(|id| cx.site.spaces.get(&id));
    let container =
        space.map(|space| json!({ "title": space.name, "displayUrl": format!("/spaces/{}", space.key) }));
    let modified = found.versions().last().map_or(0, |newest| newest.at);
    json!({
        "content": row(cx, found, expand),
        "title": escaped(found.title(cx.site)),
        "excerpt": "",
        "url": webui(cx, found),
        "resultGlobalContainer": container,
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": format!("aui-icon content-type-{}", found.kind()),
        "lastModified": iso(modified),
        "friendlyLastModified": friendly(modified),
        "score": 0.0,
    })
}

fn escaped(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Only `read`, and in it only what was expanded; each list ends at 200.
fn restriction(cx: &Exchange<'_>, id: &str, own: Option<&Restriction>, expand: &[&str]) -> Value {
    let wants = |kind: &str| expand.iter().any(|part| part.ends_with(&format!("read.restrictions.{kind}")));
    let path = format!("{}/rest/api/content/{id}/restriction/byOperation", cx.base());
    let mut lists = json!({ "_expandable": {} });
    if wants("user") {
        lists["user"] = restrictions::users(cx, own, 0, restrictions::SUBJECTS_MAX);
    } else {
        lists["_expandable"]["user"] = json!("");
    }
    if wants("group") {
        lists["group"] = restrictions::groups(cx, own, 0, restrictions::SUBJECTS_MAX);
    } else {
        lists["_expandable"]["group"] = json!("");
    }
    json!({
        "read": {
            "operation": "read",
            "restrictions": lists,
            "_expandable": { "content": format!("/rest/api/content/{id}") },
            "_links": { "self": format!("{path}/read") },
        },
        "_expandable": { "update": "" },
        "_links": { "self": path },
    })
}

/// Topmost first.
fn ancestors(cx: &Exchange<'_>, found: Found<'_>, expand: &[&str]) -> Value {
    match found {
        Found::Page(_) | Found::Node(_) => {}
        Found::Comment(comment) => return answered(cx, comment),
        Found::BlogPost(_) | Found::Attachment(_) => return json!([]),
    }
    let above = cx.site.branch_and_ancestors(found.id()).into_iter().skip(1).collect::<Vec<_>>();
    let nested: Vec<&str> = expand.iter().filter_map(|part| part.strip_prefix("ancestors.")).collect();
    above.into_iter().rev().map(|branch| row(cx, Found::branch(branch), &nested)).collect()
}

/// The comments that a reply answers, the first of them first.
fn answered(cx: &Exchange<'_>, reply: &Comment) -> Value {
    let mut above = Vec::new();
    let mut next = reply.parent.and_then(|id| cx.site.comments.get(&id));
    while let Some(parent) = next {
        above.push(row(cx, Found::Comment(parent), &[]));
        next = parent.parent.and_then(|id| cx.site.comments.get(&id));
    }
    above.reverse();
    json!(above)
}

fn title(cx: &Exchange<'_>, found: Found<'_>) -> String {
    let title = found.title(cx.site);
    if matches!(found, Found::Comment(_)) { format!("Re: {title}") } else { title.to_owned() }
}

/// The page or blog post that something hangs on; of pages and blog posts themselves, the space.
fn container(cx: &Exchange<'_>, found: Found<'_>) -> Value {
    match found.container().and_then(|id| super::search_index::content(cx.site, id)) {
        Some(holder) => json!({ "id": wire_id(holder), "type": holder.kind(), "status": status(holder),
                                "title": holder.title(cx.site) }),
        None => found.space(cx.site).map_or(Value::Null, |id| json!({ "id": id, "type": "space" })),
    }
}

/// What only comments and attachments have: where a comment stands and what it is about, or what a file is. The file's
/// facts come unasked, the comment's parts only as they are expanded.
fn extensions(cx: &Exchange<'_>, found: Found<'_>, expand: &[&str]) -> Option<Value> {
    let wants = |name: &str| expand.contains(&format!("extensions.{name}").as_str());
    match found {
        Found::Page(_) | Found::BlogPost(_) | Found::Node(_) => None,
        Found::Attachment(file) => Some(json!({
            "mediaType": file.kind.media_type(), "fileSize": file.size, "comment": file.comment,
            "mediaTypeDescription": file.kind.description(), "fileId": file.file_id,
        })),
        Found::Comment(comment) => {
            let CommentKind::Inline(selection) = &comment.kind else {
                return Some(json!({ "location": "footer", "_expandable": { "resolution": "" } }));
            };
            let mut extensions = json!({ "location": "inline", "_expandable": {} });
            if wants("inlineProperties") {
                extensions["inlineProperties"] =
                    json!({ "originalSelection": selection.text, "markerRef": selection.marker });
            }
            if wants("resolution") {
                let status = match selection.resolution {
                    Resolution::Open => "open",
                    Resolution::Reopened => "reopened",
                    Resolution::Resolved => "resolved",
                    Resolution::Dangling => "dangling",
                };
                let by = selection.resolved_by.as_ref();
                extensions["resolution"] = json!({
                    "status": status,
                    "lastModifier": by.and_then(|(id, _)| cx.site.users.get(id)).map(|user| rows::v1_user(cx.site, user, false)),
                    "lastModifiedDate": by.map(|(_, at)| iso(*at)),
                });
            }
            Some(extensions)
        }
    }
}

fn history(cx: &Exchange<'_>, found: Found<'_>) -> Value {
    let by = cx.site.users.get(found.author());
    json!({
        "latest": true,
        "createdBy": by.map_or_else(|| rows::v1_unknown_user(found.author()), |user| rows::v1_user(cx.site, user, false)),
        "createdDate": iso(found.created()),
        "lastUpdated": found.versions().last().map(|newest| version(cx, newest)),
    })
}

fn version(cx: &Exchange<'_>, version: &Version) -> Value {
    let by = cx.site.users.get(&version.author);
    json!({
        "by": by.map_or_else(|| rows::v1_unknown_user(&version.author), |user| rows::v1_user(cx.site, user, false)),
        "when": iso(version.at),
        "friendlyWhen": friendly(version.at),
        "message": version.message,
        "number": version.number,
        "minorEdit": version.minor,
        "contentTypeModified": false,
    })
}

/// `Feb 17, 2023`
fn friendly(at: Millis) -> String {
    chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().format("%b %d, %Y").to_string()
}

fn own_restriction<'a>(found: Found<'a>) -> Option<&'a Restriction> {
    match found {
        Found::Page(page) => page.restriction.as_ref(),
        Found::Node(node) => node.restriction.as_ref(),
        Found::BlogPost(post) => post.restriction.as_ref(),
        Found::Comment(_) | Found::Attachment(_) => None,
    }
}

fn wire_id(found: Found<'_>) -> String {
    match found {
        Found::Attachment(file) => file.wire_id(),
        other => other.id().to_string(),
    }
}

fn status(found: Found<'_>) -> &'static str {
    match found {
        Found::Page(page) => pages::status(page.status),
        Found::Node(node) => pages::status(node.status),
        Found::BlogPost(post) => blog_posts::status(post),
        Found::Comment(_) | Found::Attachment(_) => "current",
    }
}

fn body(found: Found<'_>) -> &str {
    match found {
        Found::Page(page) => &page.body,
        Found::BlogPost(post) => &post.body,
        Found::Comment(comment) => &comment.body,
        Found::Node(_) | Found::Attachment(_) => "",
    }
}

fn webui(cx: &Exchange<'_>, found: Found<'_>) -> String {
    let of = |container: Container| match container {
        Container::Page(id) => cx.site.pages.get(&id).map(Found::Page),
        Container::BlogPost(id) => cx.site.blog_posts.get(&id).map(Found::BlogPost),
    };
    match found {
        Found::Page(page) => pages::webui(rows::space_key(cx.site, page.space), page),
        Found::Node(node) => nodes::webui(rows::space_key(cx.site, node.space), node),
        Found::BlogPost(post) => blog_posts::webui(rows::space_key(cx.site, post.space), post),
        Found::Comment(comment) => {
            let holder = of(comment.container).map(|holder| webui(cx, holder)).unwrap_or_default();
            format!("{holder}?focusedCommentId={}", comment.id)
        }
        Found::Attachment(file) => attachments::webui(file),
    }
}
