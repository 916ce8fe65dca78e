//! The contract's `sync`, without the way out. Two datasets:
//!
//! - `readers`: the people whom the settings name, and that they are one group. No request.
//! - `feeds`: a partition a feed, read `since`; see the crate's own page for why there is no inventory.

mod items;
mod position;
mod walk;

pub use items::read_items;
pub use walk::read_page;

use std::collections::BTreeSet;

use crate::contract::exports::weir::connector::sync::{Amount, Lineage, Partition};
use crate::contract::weir::connector::types::{Change, Error, Group, Membership, Principal, Standing, User};
use crate::fetch::{Source, Web};
use crate::id;
use crate::item::GROUP;
use crate::setup::{Readers, Settings};

pub const FEEDS: &str = "feeds";
pub const READERS: &str = "readers";

/// Feeds that an estimate looks at; the others are taken to be like them.
const FEEDS_ESTIMATED: usize = 10;

/// # Errors
///
/// For a dataset that was never described.
pub fn list_partitions(settings: &Settings, dataset: &str) -> Result<Vec<Partition>, Error> {
    match dataset {
        READERS => Ok(vec![Partition {
            id: "named".to_owned(),
            label: "People named in the settings".to_owned(),
            token: id::short(&format!("{:?}", settings.readers)),
        }]),
        FEEDS => Ok(settings
            .feeds
            .iter()
            .map(|url| Partition { id: id::feed(url), label: url.to_string(), token: url.to_string() })
            .collect()),
        other => Err(Error::Unexpected(format!("there is no dataset {other:?}"))),
    }
}

/// The people of the settings. Nobody else is known here, and everyone needs no name.
pub fn people(settings: &Settings) -> Vec<Change> {
    let Readers::People(people) = &settings.readers else { return Vec::new() };
    let mut changes = vec![Change::Group(Group { id: GROUP.to_owned(), name: "Readers".to_owned() })];
    for email in people {
        let (id, name, email) = (email.clone(), email.clone(), Some(email.clone()));
        let member = Principal::User(id.clone());
        changes.push(Change::User(User { id, name, email, standing: Standing::Member }));
        changes.push(Change::Member(Membership { group: GROUP.to_owned(), member }));
    }
    changes
}

/// By the feed that each item's id begins with.
pub fn in_scope(settings: &Settings, items: &[Lineage]) -> Vec<bool> {
    let feeds: BTreeSet<String> = settings.feeds.iter().map(id::feed).collect();
    items.iter().map(|lineage| feeds.contains(id::feed_of(&lineage.item.id))).collect()
}

/// Asks some feeds what they show. What lies before that window is not known.
///
/// # Errors
///
/// If none of them answers.
pub fn estimate<W: Web>(source: &Source<'_, W>, settings: &Settings) -> Result<Vec<Amount>, Error> {
    let (mut entries, mut answered, mut rough, mut failed) = (0, 0, false, None);
    for url in settings.feeds.iter().take(FEEDS_ESTIMATED) {
        match source.document(url) {
            Ok(document) => {
                entries += document.told.len() as u64;
                answered += 1;
                rough |= document.older.is_some();
            }
            Err(error) => failed = Some(error),
        }
    }
    if let (0, Some(error)) = (answered, failed) {
        return Err(error);
    }
    let feeds = settings.feeds.len() as u64;
    let items = entries.saturating_mul(feeds).checked_div(answered).unwrap_or(0);
    Ok(vec![Amount {
        dataset: FEEDS.to_owned(),
        what: "entries".to_owned(),
        items,
        requests: feeds,
        points: 0,
        rough: rough || answered < feeds,
    }])
}
