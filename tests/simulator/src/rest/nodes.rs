//! `/wiki/api/v2/folders/{id}` and its three likes. There is no list of them:
//! CQL finds them, and so does the tree.

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::{errors, pages, rows};
use crate::clock::iso;
use crate::site::{Node, NodeKind, PageStatus};

/// One in the bin is still answered, with 200 and no parent, as a page is.
pub fn one(cx: &Exchange<'_>, kind: NodeKind) -> Result<Answer, Answer> {
    Ok(rows::single(cx, row(cx, seen(cx, kind)?)))
}

/// A node of the kind that the route is about; an id of another kind is missing there.
pub fn seen<'a>(cx: &Exchange<'a>, kind: NodeKind) -> Result<&'a Node, Answer> {
    let name = kind.name();
    let missing = || errors::v2_missing(format!("Cannot find a {name} with id [{}]", cx.segment(4)));
    let id = cx.id(4).filter(|id| cx.sight.nodes.contains(id)).ok_or_else(missing)?;
    cx.site.nodes.get(&id).filter(|node| node.kind == kind).ok_or_else(missing)
}

fn row(cx: &Exchange<'_>, node: &Node) -> Value {
    let in_bin = node.status == PageStatus::Trashed;
    let mut row = json!({
        "id": node.id.to_string(),
        "type": node.kind.name(),
        "status": pages::status(node.status),
        "title": node.title,
        "parentId": node.parent.map(|parent| parent.id.to_string()),
        "parentType": node.parent.map(|parent| parent.kind.name()),
        "position": (!in_bin).then_some(node.position),
        "authorId": node.author,
        "ownerId": node.author,
        "createdAt": iso(node.created),
        "spaceId": node.space.to_string(),
        "version": rows::version(node.version()),
        "_links": { "webui": webui(rows::space_key(cx.site, node.space), node) },
    });
    if node.kind == NodeKind::Whiteboard {
        row["_links"]["editui"] = json!(format!("/whiteboards/{}/edit", node.id));
    }
    if let Some(url) = &node.embed_url {
        row["embedUrl"] = json!(url);
    }
    row
}

/// `/spaces/EX/folder/5439489`, relative to `_links.base`.
pub fn webui(key: &str, node: &Node) -> String {
    format!("/spaces/{key}/{}/{}", node.kind.name(), node.id)
}
