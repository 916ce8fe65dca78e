//! How an item is named in an answer of the oracle.

use std::fmt;
use std::str::FromStr;

use crate::site::{Branch, Id, NodeKind};

/// Names one item, written as `page:98765`, `folder:98770` or `attachment:att123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemRef {
    Space(Id),
    Page(Id),
    Folder(Id),
    Whiteboard(Id),
    Database(Id),
    Embed(Id),
    BlogPost(Id),
    Comment(Id),
    Attachment(Id),
}

impl ItemRef {
    /// A node of the tree by its kind.
    pub fn node(kind: NodeKind, id: Id) -> Self {
        match kind {
            NodeKind::Folder => ItemRef::Folder(id),
            NodeKind::Whiteboard => ItemRef::Whiteboard(id),
            NodeKind::Database => ItemRef::Database(id),
            NodeKind::Embed => ItemRef::Embed(id),
        }
    }

    /// A page or a node.
    pub fn branch(branch: Branch<'_>) -> Self {
        match branch {
            Branch::Page(page) => ItemRef::Page(page.id),
            Branch::Node(node) => ItemRef::node(node.kind, node.id),
        }
    }
}

impl fmt::Display for ItemRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemRef::Space(id) => write!(out, "space:{id}"),
            ItemRef::Page(id) => write!(out, "page:{id}"),
            ItemRef::Folder(id) => write!(out, "folder:{id}"),
            ItemRef::Whiteboard(id) => write!(out, "whiteboard:{id}"),
            ItemRef::Database(id) => write!(out, "database:{id}"),
            ItemRef::Embed(id) => write!(out, "embed:{id}"),
            ItemRef::BlogPost(id) => write!(out, "blogpost:{id}"),
            ItemRef::Comment(id) => write!(out, "comment:{id}"),
            ItemRef::Attachment(id) => write!(out, "attachment:att{id}"),
        }
    }
}

/// The text names no item: unknown kind, or not a number where one belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnItem(pub String);

impl FromStr for ItemRef {
    type Err = NotAnItem;

    fn from_str(text: &str) -> Result<Self, NotAnItem> {
        let wrong = || NotAnItem(text.into());
        let (kind, id) = text.split_once(':').ok_or_else(wrong)?;
        let make = match kind {
            "space" => ItemRef::Space,
            "page" => ItemRef::Page,
            "folder" => ItemRef::Folder,
            "whiteboard" => ItemRef::Whiteboard,
            "database" => ItemRef::Database,
            "embed" => ItemRef::Embed,
            "blogpost" => ItemRef::BlogPost,
            "comment" => ItemRef::Comment,
            "attachment" => ItemRef::Attachment,
            _ => return Err(wrong()),
        };
        let digits = if kind == "attachment" { id.strip_prefix("att").ok_or_else(wrong)? } else { id };
        digits.parse().map(make).map_err(|_| wrong())
    }
}
