//! From what Confluence says to what the host stores: pure functions, a file for each kind of thing.
//!
//! Two rules hold everywhere. An item's parent is what limits its readers, so a row that names no container
//! becomes a failure, never an item that hangs loose. And what is not understood grants nothing.
//! Who is allowed what in the end is absent: the host works that out from the statements made here.

pub mod access;
pub mod activity;
pub mod attachment;
pub mod body;
pub mod comment;
pub mod id;
pub mod node;
pub mod page;
pub mod parent;
pub mod place;
pub mod space;
pub mod time;
pub mod user;
pub mod version;
