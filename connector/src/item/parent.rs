//! Where something stands in the tree.

use super::id::ItemId;
use crate::confluence::id::Id;

/// The page, folder, whiteboard, … above, or else the space. Fails with a sentence if neither is named.
///
/// A parent of a kind that nobody knows yet is named too: it is never delivered, so whatever lies in it is shown
/// to nobody, and a page that moved into it does not stay where it was.
pub fn above(parent: Option<&Id>, kind: Option<&str>, space: Option<&Id>) -> Result<String, String> {
    if let Some(parent) = parent {
        let kind: String = kind.unwrap_or("page").chars().filter(char::is_ascii_alphanumeric).collect();
        let kind = if kind.is_empty() { "unknown".to_owned() } else { kind.to_ascii_lowercase() };
        return Ok(format!("{kind}:{parent}"));
    }
    match space {
        Some(space) => Ok(ItemId::Space(space.clone()).to_string()),
        None => Err("it names neither a parent nor a space".to_owned()),
    }
}
