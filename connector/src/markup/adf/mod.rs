//! The editor's own format (ADF, `atlas_doc_format`) in terms of storage format.
//!
//! Called for the few bodies that storage format does not explain. Every node is written as the element that
//! Confluence itself would store for it, and the one converter does the rest, so that a table or a mention
//! reads the same whichever format it came by. Nodes and marks are those of Atlassian's "Atlassian Document Format" and of
//! its JSON schema; what Confluence has beyond them is known from pages.
//!
//! Two elements are made up here, because storage format has nothing for them: `ri:media`, a file known by
//! the id of its bytes, and `adf:unknown`, a node that nobody here has heard of.
//!
//! Invariants: reading never fails, neither memory nor the stack grows with depth, and words are kept even where
//! their node is odd. Deliberately absent: checking against the schema.

mod card;
mod json;
mod macros;
mod marks;
mod media;
mod nodes;
mod writer;

use super::losses::Counts;
use json::Json;
use writer::Writer;

/// A document as storage format, and the marks and nodes that have no counterpart there, each with how often.
pub fn to_storage(json: &str) -> (String, Counts) {
    let json = Json::read(json);
    let mut writer = Writer::default();
    for document in json.root().children() {
        writer.write(document);
    }
    if !json.overflow().is_empty() {
        writer.lose("(too many values)");
        writer.words(json.overflow());
    }
    writer.finish()
}
