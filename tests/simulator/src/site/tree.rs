//! The tree of a space: pages, and beside them folders, whiteboards, databases
//! and embeds, each under any other. Whoever reads a thing must pass the
//! restrictions of all above it, so the way up is the model's to tell.

use super::{AccountId, Id, Page, PageStatus, Parent, ParentKind, Restriction, Site, Version};
use crate::clock::Millis;

/// A place in the tree that is no page: a title, and no body that the API shows.
#[derive(Clone, Debug)]
pub struct Node {
    pub id: Id,
    pub kind: NodeKind,
    pub space: Id,
    pub parent: Option<Parent>,
    pub position: i32,
    pub title: String,
    pub status: PageStatus,
    pub author: AccountId,
    pub created: Millis,
    /// Oldest first, never empty.
    pub versions: Vec<Version>,
    pub labels: Vec<String>,
    /// Holds for all below, as a page's does.
    pub restriction: Option<Restriction>,
    /// Where an embed leads; the others lead nowhere.
    pub embed_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    Folder,
    Whiteboard,
    Database,
    /// A Smart Link in the tree.
    Embed,
}

impl NodeKind {
    pub const ALL: [NodeKind; 4] =
        [NodeKind::Folder, NodeKind::Whiteboard, NodeKind::Database, NodeKind::Embed];

    /// As CQL, `parentType` and the tree's rows write it.
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Folder => "folder",
            NodeKind::Whiteboard => "whiteboard",
            NodeKind::Database => "database",
            NodeKind::Embed => "embed",
        }
    }
}

/// Whatever stands in the tree and may have children.
#[derive(Clone, Copy, Debug)]
pub enum Branch<'a> {
    Page(&'a Page),
    Node(&'a Node),
}

impl<'a> Branch<'a> {
    pub fn id(self) -> Id {
        match self {
            Branch::Page(it) => it.id,
            Branch::Node(it) => it.id,
        }
    }

    pub fn kind(self) -> ParentKind {
        match self {
            Branch::Page(_) => ParentKind::Page,
            Branch::Node(it) => ParentKind::Node(it.kind),
        }
    }

    pub fn space(self) -> Id {
        match self {
            Branch::Page(it) => it.space,
            Branch::Node(it) => it.space,
        }
    }

    pub fn parent(self) -> Option<Parent> {
        match self {
            Branch::Page(it) => it.parent,
            Branch::Node(it) => it.parent,
        }
    }

    pub fn title(self) -> &'a str {
        match self {
            Branch::Page(it) => &it.title,
            Branch::Node(it) => &it.title,
        }
    }

    pub fn status(self) -> PageStatus {
        match self {
            Branch::Page(it) => it.status,
            Branch::Node(it) => it.status,
        }
    }

    pub fn position(self) -> i32 {
        match self {
            Branch::Page(it) => it.position,
            Branch::Node(it) => it.position,
        }
    }

    pub fn restriction(self) -> Option<&'a Restriction> {
        match self {
            Branch::Page(it) => it.restriction.as_ref(),
            Branch::Node(it) => it.restriction.as_ref(),
        }
    }
}

impl Site {
    /// The page or node with this id.
    pub fn branch(&self, id: Id) -> Option<Branch<'_>> {
        let page = self.pages.get(&id).map(Branch::Page);
        page.or_else(|| self.nodes.get(&id).map(Branch::Node))
    }

    /// All pages, then all nodes.
    pub fn branches(&self) -> impl Iterator<Item = Branch<'_>> {
        self.pages.values().map(Branch::Page).chain(self.nodes.values().map(Branch::Node))
    }

    /// The page or node and all above it, nearest first. Ends early where a
    /// parent is missing, and at the second sight of one; see [`Site::chain_is_whole`].
    pub fn branch_and_ancestors(&self, id: Id) -> Vec<Branch<'_>> {
        let mut chain: Vec<Branch<'_>> = Vec::new();
        let mut next = Some(id);
        while let Some(branch) = next.and_then(|id| self.branch(id)) {
            if chain.iter().any(|seen| seen.id() == branch.id()) {
                break;
            }
            chain.push(branch);
            next = branch.parent().map(|parent| parent.id);
        }
        chain
    }

    /// Whether a chain of ancestors ends at something without a parent.
    pub fn chain_is_whole(chain: &[Branch<'_>]) -> bool {
        chain.last().is_some_and(|top| top.parent().is_none())
    }

    /// The page or node and all below it, each after what holds it.
    pub fn branch_and_descendants(&self, id: Id) -> Vec<Id> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&above) = found.get(next) {
            let below: Vec<Id> =
                self.children(above).map(Branch::id).filter(|id| !found.contains(id)).collect();
            found.extend(below);
            next += 1;
        }
        found
    }

    /// What stands directly below, in the order of ids, pages first.
    pub fn children(&self, id: Id) -> impl Iterator<Item = Branch<'_>> {
        self.branches().filter(move |branch| branch.parent().is_some_and(|parent| parent.id == id))
    }

    /// What to write down as the parent. Nobody's id counts as a missing page's.
    pub(crate) fn parent(&self, id: Id) -> Parent {
        Parent { id, kind: self.branch(id).map_or(ParentKind::Page, Branch::kind) }
    }
}
