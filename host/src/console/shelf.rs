//! What is kept in memory for one browser between two of its requests: never on disk, never in a page.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Viewer;
use crate::model::Timestamp;

/// Somebody who looks for a token in another window is back by then.
const KEPT_MS: u64 = 60 * 60 * 1_000;

/// Administrators are few; of more than this the one that ends first is dropped.
const KEPT_MAX: usize = 64;

/// Things by a random name, each of the browser that brought it.
pub struct Shelf<T>(Mutex<BTreeMap<String, Kept<T>>>);

struct Kept<T> {
    owner: String,
    until: Timestamp,
    thing: T,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Shelf<T> {
    /// Keeps a thing under a name that nobody guesses.
    pub fn keep(&self, viewer: &Viewer, name: String, thing: T, now: Timestamp) {
        self.of(now, |kept| {
            if kept.len() >= KEPT_MAX {
                let first = kept.iter().min_by_key(|(_, kept)| kept.until).map(|(name, _)| name.clone());
                first.and_then(|name| kept.remove(&name));
            }
            kept.insert(name, Kept { owner: owner(viewer), until: now.saturating_add(KEPT_MS), thing });
        });
    }

    /// Looks at a thing of this browser, or changes it; None if it has none of that name.
    pub fn with<R>(
        &self,
        viewer: &Viewer,
        name: &str,
        now: Timestamp,
        look: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let owner = owner(viewer);
        self.of(now, |kept| {
            let found = kept.get_mut(name).filter(|kept| kept.owner == owner);
            found.map(|kept| look(&mut kept.thing))
        })
    }

    /// The first thing of this browser that `look` takes.
    pub fn find<R>(
        &self,
        viewer: &Viewer,
        now: Timestamp,
        mut look: impl FnMut(&str, &mut T) -> Option<R>,
    ) -> Option<R> {
        let owner = owner(viewer);
        self.of(now, |kept| {
            let mut own = kept.iter_mut().filter(|(_, kept)| kept.owner == owner);
            own.find_map(|(name, kept)| look(name, &mut kept.thing))
        })
    }

    pub fn drop(&self, viewer: &Viewer, name: &str, now: Timestamp) {
        let owner = owner(viewer);
        self.of(now, |kept| kept.retain(|other, kept| other != name || kept.owner != owner));
    }

    fn of<R>(&self, now: Timestamp, work: impl FnOnce(&mut BTreeMap<String, Kept<T>>) -> R) -> R {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.until > now);
        work(&mut kept)
    }
}

/// A session's own value tells two browsers of one person apart.
fn owner(viewer: &Viewer) -> String {
    format!("{}\n{}", viewer.actor, viewer.csrf())
}

#[cfg(test)]
mod tests {
    use super::{KEPT_MAX, KEPT_MS, Shelf};
    use crate::console::Viewer;
    use crate::console::who::Way;

    fn viewer(csrf: &str) -> Viewer {
        let way = Way::Session { csrf: csrf.to_owned() };
        Viewer { email: None, scopes: Vec::new(), way, actor: "token 1 (first)".to_owned() }
    }

    #[test]
    fn only_the_browser_that_brought_a_thing_has_it() {
        let (shelf, one, other) = (Shelf::default(), viewer("one"), viewer("other"));
        shelf.keep(&one, "a".to_owned(), 1, 0);
        assert_eq!(shelf.with(&one, "a", 1, |thing| *thing), Some(1));
        assert_eq!(shelf.with(&other, "a", 1, |thing| *thing), None);
        assert_eq!(shelf.find(&other, 1, |_, thing| Some(*thing)), None);
        shelf.drop(&other, "a", 1);
        assert_eq!(shelf.find(&one, 1, |name, _| Some(name.to_owned())), Some("a".to_owned()));
        shelf.drop(&one, "a", 1);
        assert_eq!(shelf.with(&one, "a", 1, |thing| *thing), None);
    }

    #[test]
    fn nothing_is_kept_for_ever_and_not_much() {
        let (shelf, one) = (Shelf::default(), viewer("one"));
        shelf.keep(&one, "a".to_owned(), 1, 0);
        assert_eq!(shelf.with(&one, "a", KEPT_MS, |thing| *thing), None);
        for number in 0..=KEPT_MAX as u64 {
            shelf.keep(&one, number.to_string(), number, number);
        }
        let has = |name: &str| shelf.with(&one, name, 100, |_| ()).is_some();
        assert!(!has("0") && has("1") && has(&KEPT_MAX.to_string()));
    }
}
