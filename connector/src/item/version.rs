//! What the host compares to see whether an item changed.
//!
//! Confluence counts edits, but a new label, an archived page or a renamed space counts as none. So the
//! version is Confluence's number and a digest of the facts beside it.

use super::time;
use crate::confluence::page::Version;

/// Raised whenever bodies are converted differently, so that the host stores them anew.
const CONVERTER_VERSION: u32 = 2;

/// The last edit; all that Confluence tells of a thing's history in bulk.
pub struct Edit {
    /// 1 for a thing that was never edited, 0 if Confluence does not say.
    pub number: u64,
    pub editor: Option<String>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub updated: Option<u64>,
}

impl Edit {
    pub fn of(version: Option<Version>) -> Edit {
        let Some(version) = version else {
            return Edit { number: 0, editor: None, updated: None };
        };
        Edit {
            number: version.number.unwrap_or_default(),
            editor: version.author_id,
            updated: time::milliseconds(version.created_at.as_deref()),
        }
    }
}

/// `7;c1;` and a digest of `facts`, in their order.
pub fn stamp(number: u64, facts: &[&str]) -> String {
    format!("{number};c{CONVERTER_VERSION};{:016x}", digest(facts))
}

/// The stamp of a thing whose title and properties may change while its number stays.
pub fn stamp_of(number: u64, title: &str, properties: &[(String, String)]) -> String {
    let mut facts = vec![title];
    for (name, value) in properties {
        facts.extend([name.as_str(), value.as_str()]);
    }
    stamp(number, &facts)
}

/// FNV-1a of 64 bits: the same in every build and on every machine. Nothing is secured by it.
pub fn digest(facts: &[&str]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    // A byte that no UTF-8 text contains keeps ["ab", "c"] from ["a", "bc"].
    const END_OF_FACT: u8 = 0xff;
    let bytes = facts.iter().flat_map(|fact| fact.bytes().chain([END_OF_FACT]));
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
