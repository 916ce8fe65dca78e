//! Laws about single items, and about how they hang together.

use std::collections::{BTreeMap, BTreeSet};

use super::{everything, judged, rest};
use crate::check::difference::between;
use crate::check::facts::Facts;
use crate::check::finding::{Finding, Verdict, cut};
use crate::check::turn::Turn;
use crate::model::{Change, Item};

/// Bytes of an id of an item, a user or a group (`types.wit`).
const ID_BYTES_MAX: usize = 512;

pub fn ids(facts: &Facts) -> Verdict {
    let everything = judged!(everything(facts));
    let (mut findings, mut known) = (Vec::new(), BTreeMap::<&str, &Item>::new());
    for (turn, change) in everything.changes() {
        let Some(id) = id(change) else { continue };
        if id.is_empty() || id.len() > ID_BYTES_MAX {
            findings.push(Finding {
                what: "an id is empty or too long".to_owned(),
                place: turn.call.to_string(),
                expected: format!("1 to {ID_BYTES_MAX} bytes"),
                came: format!("{} bytes: {:?}", id.len(), cut(id)),
                ..Finding::default()
            });
        }
        if let Change::Upsert(item) = change {
            let before = known.insert(id, item);
            findings.extend(before.filter(|before| **before != **item).map(|before| Finding {
                what: format!("{id} is told twice, with different contents"),
                place: turn.call.to_string(),
                expected: "each id once, or the same each time".to_owned(),
                came: "something else".to_owned(),
                differences: between(before, item),
                help: None,
            }));
        }
    }
    findings.extend(unstable(facts, &known));
    Verdict::of(findings)
}

/// Ids of the second read that the first did not have.
fn unstable(facts: &Facts, known: &BTreeMap<&str, &Item>) -> Option<Finding> {
    let (_, rest) = rest(facts).ok()?;
    let again = rest.again.items();
    let (id, (turn, _)) = again.iter().find(|(id, _)| !known.contains_key(**id))?;
    let (place, expected) = (turn.call.to_string(), "the ids of the first read".to_owned());
    let (what, came) = ("another read tells other ids".to_owned(), (*id).to_owned());
    Some(Finding { what, place, expected, came, ..Finding::default() })
}

fn id(change: &Change) -> Option<&str> {
    match change {
        Change::Upsert(item) => Some(&item.id),
        Change::Seen(summary) => Some(&summary.id),
        Change::User(user) => Some(&user.id),
        Change::Group(group) => Some(&group.id),
        Change::Failed(failure) => Some(&failure.id),
        Change::Delete(id) | Change::Binned(id) => Some(id),
        Change::Member(_) | Change::Activity(_) => None,
    }
}

pub fn kinds(facts: &Facts) -> Verdict {
    let everything = judged!(everything(facts));
    let declared: BTreeSet<&str> = facts.description.kinds.iter().map(|kind| kind.name.as_str()).collect();
    let items = everything.items();
    let strange = items.values().filter(|(_, item)| !declared.contains(item.kind.as_str()));
    let finding = |(turn, item): &(&Turn, &Item)| Finding {
        what: format!("{} is of a kind that is not declared", item.id),
        place: turn.call.to_string(),
        expected: format!("one of {declared:?}"),
        came: format!("`{}`", item.kind),
        ..Finding::default()
    };
    Verdict::of(strange.map(finding).collect())
}

pub fn parents(facts: &Facts) -> Verdict {
    let everything = judged!(everything(facts));
    let items = everything.items();
    // A holder that could not be read is explained.
    let failed = everything.changes().filter_map(|(_, change)| match change {
        Change::Failed(failure) => Some(failure.id.as_str()),
        _ => None,
    });
    let explained: BTreeSet<&str> = failed.collect();
    let above =
        |item: &Item| item.parent.as_deref().and_then(|parent| items.get(parent)).map(|(_, item)| *item);
    let mut findings = Vec::new();
    for (turn, item) in items.values() {
        let Some(parent) = item.parent.as_deref() else { continue };
        let mut steps = 0;
        let circle = std::iter::successors(above(item), |item| above(item)).any(|holder| {
            steps += 1;
            holder.id == item.id || steps > items.len()
        });
        let lost = !items.contains_key(parent) && !explained.contains(parent);
        if circle || lost {
            findings.push(Finding {
                what: format!(
                    "what holds {} {}",
                    item.id,
                    if circle { "is held by it" } else { "is never told" }
                ),
                place: turn.call.to_string(),
                expected: format!("an item {parent} in one of the datasets, and no circle"),
                came: if circle { "a circle" } else { "no such item" }.to_owned(),
                ..Finding::default()
            });
        }
    }
    Verdict::of(findings)
}
