//! What goes from one call to the next: JSON, so that a person can read a store.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Told};
use crate::fetch::Validators;
use crate::id;

/// Entries of a document that are remembered, its first ones: 20 KB of the 64 that a position may have.
const KNOWN_MAX: usize = 1_000;

/// Tombstones that hold for the rest of a read.
const GONE_MAX: usize = 500;

/// Of an entry's name, as much as tells it from another of its feed: 64 bits.
const MARK_DIGITS: usize = 16;

/// Between two reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    #[serde(flatten)]
    pub validators: Validators,
    /// The version of the feed's own item, which a 304 does not tell again.
    pub version: String,
    /// Whether everyone might read it.
    #[serde(default)]
    pub everyone: bool,
    /// Marks of the entries that stood in the first document.
    pub known: BTreeSet<String>,
}

/// Inside a read that goes on in an older document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Of the document to read now.
    pub url: String,
    /// Marks of the entries at which the read ends; none if it is of everything.
    pub until: BTreeSet<String>,
    /// Marks of entries that a younger document said are gone.
    pub gone: BTreeSet<String>,
    /// Where the next read begins. The validators are those of the document that was asked for first.
    pub checkpoint: Checkpoint,
}

pub fn mark(key: &str) -> String {
    id::short(key).chars().take(MARK_DIGITS).collect()
}

/// The marks of what stands in a document, in its order.
pub fn marks(document: &Document) -> impl Iterator<Item = String> {
    document.told.iter().filter_map(|told| match told {
        Told::Entry(entry) => Some(mark(&entry.key)),
        Told::Broken { key, .. } => Some(mark(key)),
        Told::Gone { .. } => None,
    })
}

pub fn known(document: &Document) -> BTreeSet<String> {
    marks(document).take(KNOWN_MAX).collect()
}

/// What was gone before and what this document adds.
pub fn gone(before: BTreeSet<String>, document: &Document) -> BTreeSet<String> {
    let added = document.told.iter().filter_map(|told| match told {
        Told::Gone { key, .. } => Some(mark(key)),
        _ => None,
    });
    before.into_iter().chain(added).take(GONE_MAX).collect()
}
