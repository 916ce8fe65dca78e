//! Spaces: the roots of the tree.

use super::{id::ItemId, time, version};
use crate::confluence::id::Id;
use crate::confluence::space::SpaceRow;
use crate::model::{Access, Item};
use serde::{Deserialize, Serialize};

/// What a partition's token keeps of a space, so that a run lists the spaces once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    pub id: Id,
    pub key: String,
    pub name: String,
    /// `global`, `personal`, …
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub homepage: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webui: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

impl From<SpaceRow> for Space {
    fn from(row: SpaceRow) -> Space {
        let key = row.key.unwrap_or_default();
        Space {
            id: row.id,
            name: row.name.unwrap_or_else(|| key.clone()),
            key,
            kind: row.kind.unwrap_or_default(),
            status: row.status.unwrap_or_default(),
            homepage: row.homepage_id,
            webui: row.links.and_then(|links| links.webui),
            author: row.author_id,
            created: row.created_at,
        }
    }
}

pub fn item(space: &Space, url: String, access: Access) -> Item {
    // A space has no version of its own.
    let homepage = space.homepage.as_ref().map_or("", Id::as_str);
    let facts = [&space.key, &space.name, &space.kind, &space.status, homepage, &url];
    let properties = [("space", &space.key), ("type", &space.kind), ("status", &space.status)];
    Item {
        id: ItemId::Space(space.id.clone()).to_string(),
        kind: "space",
        parent: None,
        version: version::stamp(0, &facts),
        title: space.name.clone(),
        url,
        body: None,
        file: None,
        access,
        author: space.author.clone(),
        editor: None,
        created: time::milliseconds(space.created.as_deref()),
        updated: None,
        properties: properties.map(|(name, value)| (name.to_owned(), value.clone())).to_vec(),
    }
}
