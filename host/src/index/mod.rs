//! The words of items, to be found by: Tantivy, and nothing of Tantivy outside.
//!
//! `sync` feeds it from the store's outbox through a `Writer`; `search` asks it with a
//! `Query` and the numbers a person may read, then checks every hit in the store again.
//! The index is a copy. It may be deleted at any time, and one that is damaged or of
//! another shape is made anew, empty: `Opening` says so, and the caller refills it.
//!
//! Deliberately absent: access rules (`access` judges, this only applies a `NumSet`),
//! the texts themselves (the store keeps them; hits are numbers), and a clock.

mod clauses;
mod document;
mod error;
mod open;
mod query;
mod schema;
mod search;
mod snippet;
pub mod text;
mod tokens;
mod writer;

#[cfg(test)]
mod tests;

pub use document::Document;
pub use error::Error;
pub use open::{Index, Opening};
pub use query::{Clause, Key, Place, Query, QueryError, Wanted, When, Words};
pub use search::{HITS_MAX, Hit, Hits, Scopes};
pub use snippet::{Fragment, Snippet, snippet, text_snippet};
pub use writer::{COMMIT_DOCUMENTS, COMMIT_TEXT_BYTES, Writer};
