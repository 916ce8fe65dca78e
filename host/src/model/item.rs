//! A thing worth finding, or a container of such things, and who may read it.

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// One thing of a source: a space, a page, a comment, an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Unique within a connection, never reused, at most 512 bytes: `page:98765`.
    pub id: String,
    /// One of the kinds the connector describes: `page`, `page-comment`.
    pub kind: String,
    /// The id of the item that holds this one. None for a root.
    pub parent: Option<String>,
    /// Differs whenever title, body, file or properties differ.
    pub version: String,
    pub title: String,
    /// Where a person opens it.
    pub url: String,
    pub body: Option<Text>,
    pub file: Option<File>,
    pub access: Access,
    /// Principal ids of users.
    pub author: Option<String>,
    pub editor: Option<String>,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    /// Facts to filter by; a name may occur more than once: `label`, `space`.
    pub properties: Vec<(String, String)>,
}

/// Words, and how they are written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub format: TextFormat,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    Plain,
    Markdown,
    Html,
}

/// Bytes that the source keeps for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What `content.download` takes. Only the connector looks inside.
    pub link: String,
    pub name: String,
    pub media_type: String,
    /// In bytes.
    pub size: Option<u64>,
}

/// Who may read an item, said relative to its parent; see `types.wit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "access", content = "principals")]
pub enum Access {
    /// Those who may read the parent.
    Inherited,
    /// Those who may read the parent *and* are named.
    Narrowed(Vec<Principal>),
    /// Those who may read the parent *or* are named.
    Widened(Vec<Principal>),
    /// Those who are named, whatever the parent says.
    Replaced(Vec<Principal>),
    /// The source would not tell: nobody.
    Unknown,
}

/// Someone an access may name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "principal", content = "id")]
pub enum Principal {
    User(String),
    /// All members of a group, and of the groups it has as members.
    Group(String),
    /// Every user of the source whose standing is `member`.
    Members,
    /// Anyone at all.
    Anyone,
}
