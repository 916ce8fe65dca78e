//! Trees in which pages and nodes stand under each other, and what becomes of them.

use super::super::Making;
use super::super::tree::page;
use crate::prose;
use crate::site::{Id, NodeKind, ParentKind, Version};

/// Pages and nodes that each space gets.
const BRANCHES: usize = 62;
const DEPTH_MAX: usize = 7;
/// Subtrees that are moved, half of them to another space.
const MOVES: usize = 24;

/// Two nodes to three pages, each anywhere in the space. One page in twelve is a live doc.
pub(super) fn grow(making: &mut Making, spaces: &[Id]) -> Vec<Id> {
    let mut grown = Vec::new();
    for &space in spaces {
        let mut places: Vec<(Option<Id>, usize)> = vec![(None, 0)];
        for _ in 0..BRANCHES {
            let (parent, depth) = making.rng.choice(&places).copied().unwrap_or((None, 0));
            let id = match making.rng.usize(0..5) {
                0 | 1 => node(making, space, parent),
                _ => page_of(making, space, parent),
            };
            if depth < DEPTH_MAX {
                places.push((Some(id), depth + 1));
            }
            grown.push(id);
        }
    }
    grown
}

/// A handful of pages in a space that is not to be looked into.
pub(super) fn plant(making: &mut Making, space: Id) {
    let folder = node(making, space, None);
    for _ in 0..4 {
        page_of(making, space, Some(folder));
    }
}

pub(super) fn page_of(making: &mut Making, space: Id, parent: Option<Id>) -> Id {
    let people = making.mentions();
    let id = page(making, space, parent, &people);
    if making.rng.usize(0..12) == 0 {
        making.site.make_live(id);
    }
    id
}

/// A folder as often as anything else together.
fn node(making: &mut Making, space: Id, parent: Option<Id>) -> Id {
    let kind = match making.rng.usize(0..6) {
        0 => NodeKind::Whiteboard,
        1 => NodeKind::Database,
        2 => NodeKind::Embed,
        _ => NodeKind::Folder,
    };
    node_of(making, kind, space, parent)
}

pub(super) fn node_of(making: &mut Making, kind: NodeKind, space: Id, parent: Option<Id>) -> Id {
    let title = format!("{} {}", prose::code_name(&mut making.rng), kind.name());
    let id = making.site.add_node(kind, space, parent, &title);
    let (at, author) = (making.instant(), making.author());
    if let Some(node) = making.site.nodes.get_mut(&id) {
        node.created = at;
        node.author = author.clone();
        node.versions = vec![Version { number: 1, at, author, message: String::new(), minor: false }];
    }
    id
}

/// Moves subtrees about, out of restrictions and into them.
pub(super) fn transplant(making: &mut Making, grown: &[Id]) {
    for nth in 0..MOVES {
        let (Some(&id), Some(&target)) = (making.rng.choice(grown), making.rng.choice(grown)) else { return };
        if making.site.branch_and_descendants(id).contains(&target) {
            continue;
        }
        match (nth % 4, making.site.branch(target).map(|branch| branch.space())) {
            (0, Some(space)) => making.site.move_to_space(id, space),
            _ => making.site.move_page(id, Some(target)),
        }
    }
}

/// One in forty is archived, one in forty lies in the bin.
pub(super) fn retire(making: &mut Making, grown: &[Id]) {
    for &id in grown {
        let page = making.site.branch(id).is_some_and(|branch| branch.kind() == ParentKind::Page);
        match (making.rng.usize(0..40), page) {
            (0, true) => making.site.archive_page(id),
            (0, false) => making.site.archive_node(id),
            (1, true) => making.site.trash_page(id),
            (1, false) => making.site.trash_node(id),
            _ => {}
        }
    }
}
