//! Laws about pages, partitions and positions.

use std::collections::{BTreeMap, BTreeSet};

use super::{judged, rest};
use crate::check::difference::between;
use crate::check::facts::Facts;
use crate::check::finding::{Finding, Verdict, cut};
use crate::check::laws::unanswered;
use crate::check::reading::{End, PAGES_MAX, Read, Reads};
use crate::check::turn::{Told, Turn};
use crate::model::{Change, Page, Partition, Summary};
use crate::sandbox::limits::KEPT_BYTES_MAX;

pub fn partitions(facts: &Facts) -> Verdict {
    let Some(first) = &facts.everything else { return judged!(rest(facts).map(|_| Verdict::Kept(None))) };
    let mut findings = Vec::new();
    for listing in &first.listings {
        let mut known = BTreeSet::new();
        for Partition { id, .. } in listed(listing) {
            if id.is_empty() || !known.insert(id) {
                findings.push(Finding {
                    what: "a partition's id is empty, or comes twice".to_owned(),
                    place: listing.call.to_string(),
                    expected: "ids, each once".to_owned(),
                    came: format!("{id:?}"),
                    ..Finding::default()
                });
            }
        }
    }
    if let Some(rest) = &facts.rest {
        for (was, is) in first.listings.iter().zip(&rest.again.listings) {
            let ids =
                |turn| listed(turn).iter().map(|partition| partition.id.as_str()).collect::<BTreeSet<_>>();
            if is.missing.is_empty() && ids(was) != ids(is) {
                findings.push(Finding {
                    what: "the next listing has other partitions".to_owned(),
                    place: is.call.to_string(),
                    expected: format!("{:?}", ids(was)),
                    came: format!("{:?}", ids(is)),
                    ..Finding::default()
                });
            }
        }
    }
    Verdict::of(findings)
}

fn listed(turn: &Turn) -> &[Partition] {
    match &turn.outcome {
        Ok(Told::Partitions(partitions)) => partitions,
        _ => &[],
    }
}

/// All reads of a quiet source.
fn all(facts: &Facts) -> impl Iterator<Item = &Reads> {
    let rest = facts.rest.iter().flat_map(|rest| [&rest.inventory, &rest.since]);
    facts.everything.iter().chain(rest)
}

pub fn end(facts: &Facts) -> Verdict {
    if facts.everything.is_none() {
        return judged!(rest(facts).map(|_| Verdict::Kept(None)));
    }
    let circle = |read: &Read| {
        let came = match &read.end {
            End::Repeats(cursor) => format!("the cursor {:?} once more", cut(cursor)),
            End::Endless => format!("more than {PAGES_MAX} pages"),
            End::Done(_) | End::Failed => return None,
        };
        Some(Finding {
            what: "a read does not come to its end".to_owned(),
            place: read.turns.last()?.call.to_string(),
            expected: "a cursor that was not there before, or `done`".to_owned(),
            came,
            ..Finding::default()
        })
    };
    Verdict::of(all(facts).flat_map(|reads| &reads.reads).filter_map(circle).collect())
}

pub fn positions(facts: &Facts) -> Verdict {
    if facts.everything.is_none() {
        return judged!(rest(facts).map(|_| Verdict::Kept(None)));
    }
    // The sandbox takes none that is longer, so that it is seen by its refusal.
    let large = |turn: &Turn| {
        let refused = turn.outcome.as_ref().err().filter(|error| error.is_of_position())?;
        Some(Finding {
            what: "a cursor or checkpoint is too large".to_owned(),
            place: turn.call.to_string(),
            expected: format!("at most {KEPT_BYTES_MAX} bytes"),
            came: refused.to_string(),
            ..Finding::default()
        })
    };
    Verdict::of(all(facts).flat_map(Reads::turns).filter_map(large).collect())
}

pub fn resume(facts: &Facts) -> Verdict {
    let (_, rest) = judged!(rest(facts));
    if rest.resumed.is_empty() {
        return Verdict::Kept(Some("every read was one page: nothing follows a cursor"));
    }
    if let Some(asked) = rest.resumed.iter().find_map(|(_, again)| again.missing.first()) {
        return unanswered(&asked.to_string());
    }
    let other =
        |(first, again): &(Turn, Turn)| differs(first, again, "asked for again by its cursor an hour later");
    Verdict::of(rest.resumed.iter().rev().filter_map(other).collect())
}

pub fn deterministic(facts: &Facts) -> Verdict {
    let (everything, rest) = judged!(rest(facts));
    if let Some(asked) = rest.again.missing() {
        return unanswered(&asked.to_string());
    }
    let pairs = everything.turns().zip(rest.again.turns());
    let other =
        pairs.into_iter().find_map(|(first, again)| differs(first, again, "read again under another chance"));
    Verdict::of(other.into_iter().collect())
}

/// What changed between two answers to one call.
fn differs(first: &Turn, again: &Turn, when: &str) -> Option<Finding> {
    let (differences, came) = match (&first.outcome, &again.outcome) {
        (Ok(Told::Page(first)), Ok(Told::Page(again))) => {
            let same = first.changes == again.changes && first.next == again.next;
            let (before, after) = (kept(first), kept(again));
            (if same { return None } else { between(&before, &after) }, "another page".to_owned())
        }
        (Ok(first), Ok(again)) if first == again => return None,
        (Ok(first), Ok(again)) => (between(first, again), "another answer".to_owned()),
        (_, Err(_)) => (Vec::new(), again.error().unwrap_or_default()),
        (Err(_), Ok(_)) => return None,
    };
    let what = format!("`{}` answers otherwise when {when}", again.call.name());
    let (place, expected) = (again.call.to_string(), "the same answer".to_owned());
    Some(Finding { what, place, expected, came, differences, help: None })
}

/// What the host keeps of a page.
fn kept(page: &Page) -> Page {
    Page { remaining: None, pause: None, ..page.clone() }
}

/// Who and what a read of a partition mentions: by name, what is compared.
fn mentions(read: &Read) -> BTreeMap<String, Option<Summary>> {
    let mut mentions = BTreeMap::new();
    for change in read.turns.iter().flat_map(Turn::changes) {
        let (name, summary) = match change {
            Change::Upsert(item) => (
                format!("item {}", item.id),
                Some(Summary {
                    id: item.id.clone(),
                    parent: item.parent.clone(),
                    version: item.version.clone(),
                    access: Some(item.access.clone()),
                }),
            ),
            Change::Seen(summary) => (format!("item {}", summary.id), Some(summary.clone())),
            Change::Failed(failure) => (format!("item {}", failure.id), None),
            Change::User(user) => (format!("user {}", user.id), None),
            Change::Group(group) => (format!("group {}", group.id), None),
            Change::Member(membership) => {
                (format!("member {:?} of group {}", membership.member, membership.group), None)
            }
            Change::Delete(_) | Change::Binned(_) | Change::Activity(_) => continue,
        };
        mentions.insert(name, summary);
    }
    mentions
}

pub fn inventory(facts: &Facts) -> Verdict {
    let (everything, rest) = judged!(rest(facts));
    if !facts.description.datasets.iter().any(|dataset| dataset.inventory) {
        return Verdict::Kept(Some("no dataset has an inventory"));
    }
    if let Some(asked) = rest.inventory.missing() {
        return unanswered(&asked.to_string());
    }
    let mut findings = Vec::new();
    for read in &rest.inventory.reads {
        let same = |other: &&Read| other.dataset == read.dataset && other.partition.id == read.partition.id;
        let Some(whole) = everything.reads.iter().find(same) else { continue };
        if matches!(read.end, End::Done(_)) {
            findings.extend(unmentioned(whole, read));
        }
    }
    Verdict::of(findings)
}

fn unmentioned(whole: &Read, inventory: &Read) -> Vec<Finding> {
    let (told, seen) = (mentions(whole), mentions(inventory));
    let place = format!("read-page, dataset {}, partition {}, inventory", whole.dataset, whole.partition.id);
    let one = |(name, was): (&String, &Option<Summary>)| {
        let Some(is) = seen.get(name) else {
            return Some(Finding {
                what: format!("the inventory does not mention {name}"),
                place: place.clone(),
                expected: format!("{name}, as in everything"),
                came: "nothing of it".to_owned(),
                ..Finding::default()
            });
        };
        let (was, is) = was.as_ref().zip(is.as_ref())?;
        // Of an access that is not told the host keeps what it knew.
        let access = is.access.clone().or_else(|| was.access.clone());
        let is = Summary { access, ..is.clone() };
        (*was != is).then(|| Finding {
            what: format!("the inventory tells another version, parent or access of {name}"),
            place: place.clone(),
            expected: "what reading everything tells".to_owned(),
            came: "something else".to_owned(),
            differences: between(was, &is),
            help: None,
        })
    };
    told.iter().filter_map(one).collect()
}
