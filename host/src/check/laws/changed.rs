//! The law about edits that are made while a source is read.

use std::collections::BTreeMap;

use super::{judged, rest, unanswered};
use crate::check::facts::{Edited, Edits, Facts};
use crate::check::finding::{Finding, Verdict};
use crate::check::reading::Reads;
use crate::model::{Change, Item};

pub fn checkpoint(facts: &Facts) -> Verdict {
    let (_, rest) = judged!(rest(facts));
    let (all, target) = match &rest.edits {
        Edits::Made { all, target } => (all, target),
        Edits::None(why) if !facts.description.datasets.iter().any(|dataset| dataset.since) => {
            return Verdict::Kept(Some(why));
        }
        Edits::None(why) => return Verdict::NotJudged((*why).to_owned()),
    };
    let reads = all.iter().flat_map(|edited| [&edited.first, &edited.then]).chain([target]);
    if let Some(asked) = reads.clone().find_map(Reads::missing) {
        return unanswered(&asked.to_string());
    }
    if let Some(failed) = reads.clone().find_map(Reads::failed) {
        return Verdict::of(vec![Finding {
            what: "a call failed once the source was edited".to_owned(),
            place: failed.call.to_string(),
            expected: "an answer".to_owned(),
            came: failed.error().unwrap_or_default(),
            ..Finding::default()
        }]);
    }
    let Some(original) = &facts.everything else { return super::not_judged("nothing was read") };
    let edited = news(original, target);
    if edited.is_empty() {
        return Verdict::NotJudged("the edit changed no item's version, and added none".to_owned());
    }
    Verdict::of(all.iter().filter_map(|edit| skipped(edit, &edited)).collect())
}

/// What the edit changed: the items with other versions than before, and the new ones.
fn news<'a>(original: &Reads, target: &'a Reads) -> BTreeMap<&'a str, &'a Item> {
    let was = original.items();
    let differs =
        |id: &str, item: &Item| was.get(id).is_none_or(|(_, before)| before.version != item.version);
    let items = target.items();
    items.into_iter().map(|(id, (_, item))| (id, item)).filter(|(id, item)| differs(id, item)).collect()
}

fn skipped(edit: &Edited, edited: &BTreeMap<&str, &Item>) -> Option<Finding> {
    let told = |item: &Item| {
        let mut changes = edit.first.changes().chain(edit.then.changes());
        changes.any(|(_, change)| match change {
            Change::Upsert(told) => told.id == item.id && told.version == item.version,
            Change::Failed(failure) => failure.id == item.id,
            _ => false,
        })
    };
    let item = edited.values().find(|item| !told(item))?;
    let last = |reads: &Reads| {
        let versions = reads.items();
        versions
            .get(item.id.as_str())
            .map_or_else(|| "nothing of it".to_owned(), |(_, item)| format!("version {:?}", item.version))
    };
    Some(Finding {
        what: format!("an edit of {} falls between two reads", item.id),
        place: format!("everything, edited before request {}; then since its checkpoint", edit.before),
        expected: format!("version {:?} in one of the two", item.version),
        came: format!("{} in everything, {} since", last(&edit.first), last(&edit.then)),
        ..Finding::default()
    })
}
