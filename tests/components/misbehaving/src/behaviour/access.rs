//! Claiming more readers than its kind may have: the shelf is for nobody, and the thing on it for anyone.

use super::{shelf, thing};
use crate::weir::connector::types::{Access, Change, Item, Principal, Summary};

pub fn widens() -> Vec<Change> {
    opened(Access::Widened(vec![Principal::Anyone]))
}

pub fn replaces() -> Vec<Change> {
    opened(Access::Replaced(vec![Principal::Anyone]))
}

/// An ordinary thing, and then a summary that opens it.
pub fn widens_what_was_seen() -> Vec<Change> {
    let mut changes = opened(Access::Inherited);
    changes.push(Change::Seen(Summary {
        id: "thing:1".into(),
        parent: Some("shelf:1".into()),
        version: "1".into(),
        access: Some(Access::Widened(vec![Principal::Anyone])),
    }));
    changes
}

fn opened(access: Access) -> Vec<Change> {
    let thing = Item { access, ..thing("thing:1", "shelf:1", "A secret", "secret words") };
    vec![Change::Upsert(shelf("shelf:1", Vec::new())), Change::Upsert(thing)]
}
