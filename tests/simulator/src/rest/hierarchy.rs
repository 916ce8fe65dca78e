//! The tree around a page or a node: direct children, descendants, ancestors.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::answer::Answer;
use super::exchange::Exchange;
use super::keyset::{self, Order};
use super::listing::{Listing, SortKey};
use super::{errors, nodes, pages};
use crate::site::{Branch, Id, PageStatus, ParentKind};

/// How deep `descendants` looks when it is not told, and at most.
const DEPTH_DEFAULT: usize = 2;
const DEPTH_MAX: usize = 10;

/// What stands directly below, by position: pages and nodes, current and archived.
pub fn direct_children(cx: &Exchange<'_>, kind: ParentKind) -> Result<Answer, Answer> {
    let above = seen(cx, kind)?;
    let order = Order { field: "child-position".into(), descending: false };
    let children = cx.site.children(above.id()).filter(|child| shown(cx, *child));
    let places = children.map(|child| (SortKey::Number(child.position().into()), child.id())).collect();
    keyset::page(cx, &order, &Listing::new(places, false), 25, |id| {
        let child = cx.site.branch(id)?;
        Some(json!({
            "id": id.to_string(),
            "status": pages::status(child.status()),
            "title": child.title(),
            "type": child.kind().name(),
            "spaceId": child.space().to_string(),
            "childPosition": child.position(),
        }))
    })
}

/// All below down to a depth, the highest first.
pub fn descendants(cx: &Exchange<'_>, kind: ParentKind) -> Result<Answer, Answer> {
    let above = seen(cx, kind)?;
    let depth_max = depth(cx)?;
    let order = Order { field: "depth".into(), descending: false };
    let depths = below(cx, above.id(), depth_max);
    let places = depths.iter().map(|(id, depth)| (SortKey::Number(*depth), *id)).collect();
    keyset::page(cx, &order, &Listing::new(places, false), 25, |id| {
        let branch = cx.site.branch(id)?;
        Some(json!({
            "id": id.to_string(),
            "status": pages::status(branch.status()),
            "title": branch.title(),
            "type": branch.kind().name(),
            "parentId": branch.parent().map(|parent| parent.id.to_string()),
            "depth": depths.get(&id),
            "childPosition": branch.position(),
        }))
    })
}

/// The nearest so many, topmost first, with no cursor: whoever wants more asks for the
/// topmost one's. Those the caller may not view are named too, by id and type alone.
pub fn ancestors(cx: &Exchange<'_>, kind: ParentKind) -> Result<Answer, Answer> {
    let below = seen(cx, kind)?;
    let limit = cx.rows_max(cx.query.v2_limit(25)?);
    let chain = cx.site.branch_and_ancestors(below.id());
    let mut rows: Vec<Value> = chain.iter().skip(1).take(limit).map(|branch| named(*branch)).collect();
    rows.reverse();
    Ok(keyset::envelope(cx, rows, None))
}

fn named(branch: Branch<'_>) -> Value {
    json!({ "id": branch.id().to_string(), "type": branch.kind().name() })
}

/// What the path names, if it is of the route's kind and may be seen.
fn seen<'a>(cx: &Exchange<'a>, kind: ParentKind) -> Result<Branch<'a>, Answer> {
    match kind {
        ParentKind::Page => pages::seen(cx).map(Branch::Page),
        ParentKind::Node(kind) => nodes::seen(cx, kind).map(Branch::Node),
    }
}

fn shown(cx: &Exchange<'_>, branch: Branch<'_>) -> bool {
    branch.status() != PageStatus::Trashed && cx.sight.sees_branch(branch.id())
}

/// Everything below by its depth, 1 for the children.
fn below(cx: &Exchange<'_>, top: Id, depth_max: usize) -> HashMap<Id, i64> {
    let mut children: HashMap<Id, Vec<Id>> = HashMap::new();
    for branch in cx.site.branches().filter(|branch| shown(cx, *branch)) {
        if let Some(parent) = branch.parent() {
            children.entry(parent.id).or_default().push(branch.id());
        }
    }
    let mut depths = HashMap::new();
    let mut level = vec![top];
    for depth in (1_i64..).take(depth_max) {
        level = level.iter().flat_map(|id| children.get(id).cloned().unwrap_or_default()).collect();
        level.retain(|id| *id != top && !depths.contains_key(id));
        depths.extend(level.iter().map(|id| (*id, depth)));
    }
    depths
}

fn depth(cx: &Exchange<'_>) -> Result<usize, Answer> {
    let Some(text) = cx.query.get("depth") else {
        return Ok(DEPTH_DEFAULT);
    };
    match text.parse::<usize>() {
        Ok(depth @ 1..=DEPTH_MAX) => Ok(depth),
        _ => Err(errors::v2_bad_parameter("depth", "Integer between 1 and 10")),
    }
}
