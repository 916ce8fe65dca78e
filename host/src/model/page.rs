//! Reading a source, a page of changes at a time.

use serde::{Deserialize, Serialize};

use super::{Change, Timestamp};

/// A slice of a dataset that can be read side by side with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// The same from one listing to the next.
    pub id: String,
    /// In words for the user.
    pub label: String,
    /// Whatever the connector needs to read it.
    pub token: String,
}

/// Where to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// From the start, all of it.
    Everything,
    /// From the start, but only what tells that something changed.
    Inventory,
    /// What has changed since this checkpoint.
    Since(String),
    /// The page after the one that returned this cursor.
    After(String),
}

/// The answer to one read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub changes: Vec<Change>,
    pub next: Next,
    /// About how many changes are still to come in this read.
    pub remaining: Option<u64>,
    /// How long to wait before the next page, in milliseconds.
    pub pause: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// There is more, after this cursor.
    More(String),
    /// That was all; the next read may begin at this checkpoint.
    Done(Option<String>),
}

/// About how much there is of something, and what reading all of it once costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub dataset: String,
    /// In the plural, for people.
    pub what: String,
    pub items: u64,
    pub requests: u64,
    /// In the source's own measure; 0 where it does not charge.
    pub points: u64,
    /// Whether a guess is part of it.
    pub rough: bool,
}

/// An item, and what holds it, from the nearest to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    pub item: Outline,
    pub above: Vec<Outline>,
}

/// What was kept of an item when it was read, for the connector to judge by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    pub id: String,
    /// Empty for a holder of which no more is known than its id; nothing is told of what is above it.
    pub kind: String,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub properties: Vec<(String, String)>,
}
