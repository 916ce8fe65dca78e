//! What a conversion could not carry over, counted by name.

use std::collections::BTreeMap;

/// More names than this are counted together: a body can make up as many as it likes.
const NAMES_MAX: usize = 100;

/// Names of macros are a word; what is longer is cut, in counts and in placeholders.
pub const NAME_CHARS_MAX: usize = 60;

/// Names and how often each was met.
pub type Counts = BTreeMap<String, u32>;

/// Counts one more of that name.
pub fn count(counts: &mut Counts, name: &str) {
    let mut name: String = name.chars().take(NAME_CHARS_MAX).collect();
    if counts.len() >= NAMES_MAX && !counts.contains_key(&name) {
        name = "(others)".to_owned();
    }
    let total = counts.entry(name).or_default();
    *total = total.saturating_add(1);
}
