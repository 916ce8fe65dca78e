//! What was kept before a host was lost is read again once at most.

use std::collections::{BTreeMap, BTreeSet};

use super::super::watch::Read;

/// Pages of reads under way that the lost run had kept and that the next one fetched more than once. A
/// partition whose position went stale begins anew, and is left out.
pub fn too_often(kept: &[Read], fetched: &[Read], anew: &BTreeSet<String>) -> Vec<String> {
    let mut under_way: BTreeMap<&str, BTreeSet<&Read>> = BTreeMap::new();
    for read in kept {
        let pages = under_way.entry(&read.0).or_default();
        // Another read begins: what the one before had kept is over.
        if !read.1.starts_with("after ") {
            pages.clear();
        }
        pages.insert(read);
    }
    let kept: BTreeSet<&Read> = under_way.into_values().flatten().collect();
    let mut times: BTreeMap<&Read, u32> = BTreeMap::new();
    for read in fetched.iter().filter(|read| kept.contains(read) && !anew.contains(&read.0)) {
        *times.entry(read).or_default() += 1;
    }
    let often = times.into_iter().filter(|(_, times)| *times > 1);
    often
        .map(|((partition, at), times)| format!("{partition} was read {times} times again at {at}"))
        .collect()
}

/// The partition, and where it was read.
fn reads(told: &[&str]) -> Vec<Read> {
    told.iter()
        .map(|one| one.split_once(' ').map(|(id, at)| (id.to_owned(), at.to_owned())).unwrap())
        .collect()
}

#[test]
fn a_page_may_be_read_once_more_and_not_twice() {
    let kept = reads(&["pages everything", "pages after 1", "people everything"]);
    let none = BTreeSet::new();
    let once =
        reads(&["pages after 2", "pages everything", "pages after 1", "pages after 2", "people everything"]);
    assert!(too_often(&kept, &once, &none).is_empty());
    let twice = reads(&["pages after 1", "pages everything", "pages after 1"]);
    assert_eq!(too_often(&kept, &twice, &none), ["pages was read 2 times again at after 1"]);
    assert!(too_often(&kept, &twice, &BTreeSet::from(["pages".to_owned()])).is_empty(), "it began anew");
}
