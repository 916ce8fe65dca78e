//! Reads Atom 1.0 (RFC 4287) and RSS 2.0 feeds: what a company's blogs, release notes and status pages say.
//!
//! Written to show that the contract suits a source that is nothing like a wiki; `component` is the only part that
//! talks to the host. Start reading at `reading`.
//!
//! # A source that shows a window
//!
//! Most feeds show their newest ten or twenty entries. An entry that is not in a feed any more is therefore *not gone*:
//! newer ones pushed it out. That decides everything here:
//!
//! - **One dataset, read `since`.** The checkpoint holds the document's validators (`ETag`, `Last-Modified`; RFC 9110)
//!   and what stood in it. A sync asks once, and a 304 ends it. There is no inventory: not being listed proves nothing.
//! - **The window may slide past us.** If a document holds nothing that the last one held, entries may lie between the
//!   two; then the links of RFC 5005 (`next`, `prev-archive`) are followed until something known stands there. A read of
//!   *everything* follows them to the end. A feed without them cannot tell what was missed; read it more often.
//! - **Three words delete,** and all are the source's own: a tombstone (RFC 6721, `at:deleted-entry`) that is younger
//!   than the entry; a feed that says it is complete (RFC 5005, `fh:complete`) and does not hold the entry; and 410 (RFC
//!   9110, not 404) from the entry's own address, where its id is an address of the feed's site.
//! - **Otherwise `read-items` answers `failed`** for what is not in the window. That is the one answer of the contract
//!   that keeps an item: the host keeps what it had and asks again ever more rarely. `delete` would lose the archive that
//!   the feed let go; there is nothing to `upsert`. The host asks only after somebody wanted everything read again.
//! - **The feed itself is told with every read,** also after a 304, so that changed readers hold with the next sync and
//!   without a read of everything, which would put every older entry in doubt.
//!
//! # Who may read
//!
//! A feed says nothing of its readers. Without a sign-in anyone can fetch it, so anyone may read it here, unless the
//! settings name people; behind a sign-in the settings have to say it, since a password shows that not everybody may.
//! Those who are named are a group, and the feed is the group's: somebody who is added reads at once. To open a feed to
//! *everyone* is another thing: the host lets new readers in when all below was told since, and what left the window is
//! told by nobody any more, so that then the feed stays shut to them (which is safe) until it is added anew.
//! A name that stands over an entry is no account of anything: it is kept as a property.
//!
//! Absent on purpose: the full page behind an entry's link (another source, with readers of its own), comment feeds,
//! and RSS 1.0 and 0.9x, which differ in more than the version.

pub mod charset;
pub mod dates;
pub mod document;
pub mod download;
pub mod error;
pub mod fetch;
pub mod id;
pub mod item;
pub mod reading;
pub mod setup;
pub mod words;
pub mod xml;

#[cfg(target_arch = "wasm32")]
mod component;

/// The contract's own types, generated; outside a component its imports cannot be called.
pub mod contract {
    // Generated code; the lints of hand-written code do not apply.
    #![allow(clippy::all, unsafe_code, dead_code, unused_imports)]
    wit_bindgen::generate!({ path: "../../../wit", world: "connector", generate_all, pub_export_macro: true });
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
