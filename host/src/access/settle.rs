//! What may be shown of what was told: decided from when each thing was told last.
//!
//! A source tells of its items one after the other, and seldom of all of them. Two promises follow.
//! *Words are never shown under older rights:* new words wait until the readers of everything above, and the
//! people, were looked at after them; so a page that was restricted before it was filled shows nothing in between.
//! *Nobody is let in by halves:* an item that was moved or opened is judged by its former place as well, until all
//! above and below it was looked at since; so a restriction that moves from a page to its children, or from the
//! children to the page, never stands open. Shutting somebody out waits for nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::store::RunId;

/// An item as far as settling needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub num: u32,
    pub parent: Option<u32>,
    /// False for an item that only a child has named.
    pub present: bool,
    /// The run in which the source last told its readers.
    pub told: RunId,
    /// The run that brought words which are shown to nobody yet.
    pub words: Option<RunId>,
    /// The run that changed its place, if its former one still counts.
    pub place: Option<RunId>,
}

/// What can be shown now, and what would have to be looked at for the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Items whose words may be shown.
    pub words: Vec<u32>,
    /// Items whose former place is of no more account.
    pub places: Vec<u32>,
    /// By item that goes on waiting: what above or below it was told too long ago.
    pub missing: BTreeMap<u32, BTreeSet<u32>>,
}

/// Deeper than any real tree; it bounds what a circle costs.
const LEVELS_MAX: usize = 1_000;

/// Decides for all that waits among `items`. `people` is the latest run in which everybody was looked at.
///
/// The items must hold what waits, all that is above it, and all that is below what waits for its place.
pub fn settle(items: &[Told], people: RunId) -> Settled {
    let by_num: HashMap<u32, &Told> = items.iter().map(|item| (item.num, item)).collect();
    let mut children: HashMap<u32, Vec<&Told>> = HashMap::new();
    for item in items {
        if let Some(parent) = item.parent {
            children.entry(parent).or_default().push(item);
        }
    }
    let mut settled = Settled::default();
    for item in items.iter().filter(|item| item.present) {
        let Some(since) = item.words.max(item.place) else { continue };
        // Below nothing, nobody reads anything, whatever is shown.
        let Some(above) = above(item, since, &by_num) else { continue };
        if let Some(words) = item.words {
            let told = |num: &u32| by_num.get(num).is_some_and(|one| one.present && one.told >= words);
            if people >= words && above.iter().all(told) {
                settled.words.push(item.num);
            }
        }
        let mut missing = above;
        if let Some(place) = item.place {
            missing.extend(below(item, place, &children));
            if people >= place && missing.is_empty() {
                settled.places.push(item.num);
            }
        }
        if !missing.is_empty() {
            settled.missing.insert(item.num, missing);
        }
    }
    settled
}

/// What is above an item and was told before `since`, or is not there. None in a circle, which has no end.
fn above(item: &Told, since: RunId, by_num: &HashMap<u32, &Told>) -> Option<BTreeSet<u32>> {
    let mut missing = BTreeSet::new();
    let mut next = item.parent;
    for _ in 0..LEVELS_MAX {
        let Some(num) = next else { return Some(missing) };
        match by_num.get(&num) {
            Some(one) if one.present => {
                if one.told < since {
                    missing.insert(num);
                }
                next = one.parent;
            }
            _ => {
                missing.insert(num);
                return Some(missing);
            }
        }
    }
    None
}

/// What is below an item and was told before `since`: it may have been shut since, or be gone.
fn below(item: &Told, since: RunId, children: &HashMap<u32, Vec<&Told>>) -> BTreeSet<u32> {
    let mut missing = BTreeSet::new();
    let mut met = BTreeSet::from([item.num]);
    let mut waiting = vec![item.num];
    while let Some(num) = waiting.pop() {
        for child in children.get(&num).into_iter().flatten() {
            if child.present && met.insert(child.num) {
                if child.told < since {
                    missing.insert(child.num);
                }
                waiting.push(child.num);
            }
        }
    }
    missing
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    /// Space 1 > page 2 > page 3, with comment 4 on it; all told in run 1.
    fn site() -> Vec<Told> {
        let item = |num, parent| Told { num, parent, present: true, told: 1, words: None, place: None };
        vec![item(1, None), item(2, Some(1)), item(3, Some(2)), item(4, Some(3))]
    }

    fn change(num: u32, change: impl FnOnce(&mut Told)) -> Vec<Told> {
        let mut items = site();
        change(items.iter_mut().find(|item| item.num == num).unwrap());
        items
    }

    #[test]
    fn nothing_waits_nothing_settles() {
        assert_eq!(settle(&site(), 1), Settled::default());
    }

    #[test]
    fn new_words_wait_for_all_that_is_above_and_for_the_people() {
        let mut items = change(3, |page| (page.told, page.words) = (2, Some(2)));
        let settled = settle(&items, 2);
        assert_eq!((settled.words, &settled.missing[&3]), (vec![], &[1, 2].into()));
        items[0].told = 2;
        assert_eq!(settle(&items, 2).missing[&3], [2].into());
        items[1].told = 3;
        assert_eq!(settle(&items, 2).words, [3]);
        assert_eq!(settle(&items, 1), Settled::default(), "the people were looked at before");
        items[1].present = false;
        assert_eq!(settle(&items, 2).words, [0; 0], "what holds it is not there");
    }

    #[test]
    fn who_is_let_in_waits_for_what_is_below_as_well() {
        let mut items = change(2, |page| (page.told, page.place) = (2, Some(2)));
        items[0].told = 2;
        assert_eq!(settle(&items, 2).missing[&2], [3, 4].into());
        items[2].told = 2;
        assert_eq!(settle(&items, 2).missing[&2], [4].into(), "the comment may be gone since");
        items[3].present = false;
        assert_eq!(settle(&items, 2).places, [2]);
        assert_eq!(settle(&items, 1).places, [0; 0]);
    }

    #[test]
    fn words_may_be_shown_while_a_place_waits() {
        let mut items = change(2, |page| (page.told, page.words, page.place) = (2, Some(2), Some(2)));
        items[0].told = 2;
        let settled = settle(&items, 2);
        assert_eq!((settled.words, settled.places), (vec![2], vec![]));
    }

    #[test]
    fn what_goes_round_in_a_circle_never_settles() {
        let mut items = change(2, |page| page.parent = Some(3));
        items[2].words = Some(1);
        items[2].place = Some(1);
        assert_eq!(settle(&items, 9), Settled::default());
    }
}
