//! What is there is never deleted.

use std::collections::BTreeSet;

use confluence_simulator::Oracle;
use weir::model::ConnectionId;
use weir::store::{ItemFilter, Store};

use super::super::states::States;

const BATCH: u32 = 10_000;

/// The ids of all that is kept.
pub fn present(store: &Store, connection: ConnectionId) -> BTreeSet<String> {
    let filter = ItemFilter { connection: Some(connection), ..ItemFilter::default() };
    store.list_items(filter, BATCH).unwrap().into_iter().map(|line| line.id).collect()
}

/// What went although the site had it all the time since these contents.
pub fn taken(
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
    states: &States,
    since: usize,
) -> Vec<String> {
    let mut gone: BTreeSet<&String> = before.difference(after).collect();
    for site in states.contents_since(since) {
        if gone.is_empty() {
            break;
        }
        let there = Oracle::new(site).items();
        gone.retain(|id| there.contains(*id));
    }
    gone.into_iter()
        .map(|id| format!("{id} was deleted, and the site has had it since contents {since}"))
        .collect()
}
