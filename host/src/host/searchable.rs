//! Which items of a connection can be found: a set of numbers, made of what an administrator
//! chose. It says nothing of who may read them; a search takes what is in both sets.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::access::{Forest, NumSet};
use crate::store::{IndexMode, ItemNum, SearchRows};

/// Why an item is not found, although somebody may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// Its kind is off, or is never searched.
    Kind,
    /// Nothing is searched that was not chosen, and it was not.
    NotChosen,
}

/// What of one connection is searched.
#[derive(Debug, Clone, Default)]
pub struct Searchable {
    items: NumSet,
    /// All that is stored, found or not.
    present: NumSet,
    /// Those of it whose kind is off.
    off: NumSet,
    kinds_off: BTreeSet<String>,
}

impl Searchable {
    /// `present` are the numbers of all items that `forest` is of.
    pub(super) fn new(rows: &SearchRows, present: NumSet, forest: &Forest) -> Self {
        let kinds_off = rows.kinds_off.iter().cloned().collect();
        let chosen = match rows.mode {
            IndexMode::Everything => present.clone(),
            IndexMode::Manual => {
                let tops: Vec<ItemNum> =
                    rows.chosen.iter().filter(|(_, below)| *below).map(|(num, _)| *num).collect();
                let mut chosen = forest.under(&tops);
                chosen.extend(rows.chosen.iter().map(|(num, _)| *num));
                chosen.intersect(&present);
                chosen
            }
        };
        let off: NumSet = rows.items_off.iter().copied().collect();
        let items = chosen.iter().filter(|num| !off.contains(*num)).collect();
        Self { items, present, off, kinds_off }
    }

    /// The numbers of the items that can be found.
    pub fn items(&self) -> &NumSet {
        &self.items
    }

    /// How many items are stored, found or not.
    pub fn stored(&self) -> usize {
        self.present.len()
    }

    /// The numbers of all items that are stored, found or not.
    pub fn present(&self) -> &NumSet {
        &self.present
    }

    /// The items that are not found for this reason.
    pub fn those_left_out(&self, reason: LeftOut) -> NumSet {
        let left_out = |num: &ItemNum| match reason {
            LeftOut::Kind => self.off.contains(*num),
            LeftOut::NotChosen => !self.items.contains(*num) && !self.off.contains(*num),
        };
        self.present.iter().filter(left_out).collect()
    }

    /// Why this item of this kind is not found; None if it is.
    pub fn left_out(&self, num: ItemNum, kind: &str) -> Option<LeftOut> {
        match () {
            () if self.kinds_off.contains(kind) => Some(LeftOut::Kind),
            () if self.items.contains(num) => None,
            () => Some(LeftOut::NotChosen),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Access;

    /// 1 holds 2, which holds 3; 4 and 5 hang on something that is not there; 6 is alone.
    fn made(rows: &SearchRows) -> Vec<ItemNum> {
        let nodes =
            [(1, None, 0), (2, Some(1), 0), (3, Some(2), 0), (4, Some(99), 0), (5, Some(4), 0), (6, None, 0)];
        let present = nodes.iter().map(|(num, ..)| *num).collect();
        let forest = Forest::new(nodes, vec![Access::Inherited]);
        Searchable::new(rows, present, &forest).items.iter().collect()
    }

    #[test]
    fn everything_but_what_is_off() {
        assert_eq!(made(&SearchRows::default()), [1, 2, 3, 4, 5, 6]);
        assert_eq!(made(&SearchRows { items_off: vec![2, 77], ..SearchRows::default() }), [1, 3, 4, 5, 6]);
    }

    #[test]
    fn what_is_chosen_and_below_it_but_nothing_that_is_off_or_gone() {
        let manual = |chosen: &[(ItemNum, bool)]| SearchRows {
            mode: IndexMode::Manual,
            chosen: chosen.to_vec(),
            ..SearchRows::default()
        };
        assert_eq!(made(&manual(&[])), [0; 0]);
        assert_eq!(made(&manual(&[(2, true), (6, false)])), [2, 3, 6]);
        assert_eq!(made(&manual(&[(1, false), (99, true), (4, true)])), [1, 4, 5]);
        let off = SearchRows { items_off: vec![2], ..manual(&[(1, true)]) };
        assert_eq!(made(&off), [1, 3]);
    }
}
