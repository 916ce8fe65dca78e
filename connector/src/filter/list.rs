//! In and not in.

use std::collections::BTreeSet;

/// What is chosen and what is excluded. Nothing chosen means everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<V: Ord> {
    pub only: BTreeSet<V>,
    pub never: BTreeSet<V>,
}

impl<V: Ord> Default for List<V> {
    fn default() -> List<V> {
        List { only: BTreeSet::new(), never: BTreeSet::new() }
    }
}

impl<V: Ord> List<V> {
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.never.is_empty()
    }

    pub fn lets(&self, value: &V) -> bool {
        (self.only.is_empty() || self.only.contains(value)) && !self.never.contains(value)
    }

    /// Whether a thing with these values is chosen: by one of them, and excluded by none.
    pub fn lets_any<'v>(&self, values: impl Iterator<Item = &'v V> + Clone) -> bool
    where
        V: 'v,
    {
        let chosen = self.only.is_empty() || values.clone().any(|value| self.only.contains(value));
        chosen && !values.into_iter().any(|value| self.never.contains(value))
    }
}
