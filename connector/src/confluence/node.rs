//! Folders, whiteboards, databases and Smart Links: what stands in the tree of pages and is none.
//!
//! v2 has no list of them; each is read by its id, `GET /wiki/api/v2/folders/{id}` and so on, which alone tells
//! reliably where it stands. v1's search finds their ids.

use super::id::Id;
use super::page::{Links, Version};
use serde::Deserialize;

/// Which of the four; v1's search, v2's `parentType` and our own kinds call them alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    Folder,
    Whiteboard,
    Database,
    /// What people see as a Smart Link in the content tree.
    Embed,
}

impl NodeKind {
    pub const ALL: [NodeKind; 4] =
        [NodeKind::Folder, NodeKind::Whiteboard, NodeKind::Database, NodeKind::Embed];

    pub fn parse(name: &str) -> Option<NodeKind> {
        NodeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Folder => "folder",
            NodeKind::Whiteboard => "whiteboard",
            NodeKind::Database => "database",
            NodeKind::Embed => "embed",
        }
    }

    /// The part of v2's address that names the kind.
    pub fn route(self) -> &'static str {
        match self {
            NodeKind::Folder => "folders",
            NodeKind::Whiteboard => "whiteboards",
            NodeKind::Database => "databases",
            NodeKind::Embed => "embeds",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeRow {
    pub id: Id,
    pub status: Option<String>,
    pub title: Option<String>,
    pub space_id: Option<Id>,
    pub parent_id: Option<Id>,
    /// `page`, `folder`, `whiteboard`, `database`, `embed`; none for a child of the space itself.
    pub parent_type: Option<String>,
    pub author_id: Option<String>,
    pub created_at: Option<String>,
    pub version: Option<Version>,
    /// Embeds only: what they show.
    pub embed_url: Option<String>,
    #[serde(rename = "_links")]
    pub links: Option<Links>,
}

impl NodeRow {
    pub fn archived(&self) -> bool {
        self.status.as_deref() == Some("archived")
    }

    pub fn binned(&self) -> bool {
        matches!(self.status.as_deref(), Some("trashed" | "deleted"))
    }
}
