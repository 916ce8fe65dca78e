//! Laws about calls for single things.

use std::collections::BTreeSet;

use super::{judged, rest, unread};
use crate::check::asked::Call;
use crate::check::difference::between;
use crate::check::facts::{Facts, UNKNOWN};
use crate::check::finding::{Finding, Verdict};
use crate::check::reading::Reads;
use crate::check::turn::{Told, Turn};
use crate::model::{Change, Item};

/// Requests of one estimate: it asks for counts, a handful for each thing that is counted.
const ESTIMATE_REQUESTS_MAX: usize = 50;

pub fn items(facts: &Facts) -> Verdict {
    let (everything, rest) = judged!(rest(facts));
    let mut findings: Vec<Finding> = Vec::new();
    for turn in rest.items.iter().filter(|turn| turn.missing.is_empty()) {
        findings.extend(answers(turn, everything));
    }
    if rest.unknown.missing.is_empty() {
        findings.extend(denied(&rest.unknown));
    }
    if findings.is_empty() {
        let turns: Vec<&Turn> = rest.items.iter().chain([&rest.unknown]).collect();
        return unread(&turns).unwrap_or(Verdict::Kept(None));
    }
    Verdict::of(findings)
}

fn finding(turn: &Turn, what: String, expected: &str, came: String) -> Finding {
    let (place, expected) = (turn.call.to_string(), expected.to_owned());
    Finding { what, place, expected, came, ..Finding::default() }
}

fn failed(turn: &Turn) -> Option<Finding> {
    let came = turn.error()?;
    Some(finding(turn, format!("`{}` failed while nothing was wrong", turn.call.name()), "an answer", came))
}

fn answers(turn: &Turn, everything: &Reads) -> Vec<Finding> {
    let (Call::Items { ids }, None) = (&turn.call, failed(turn)) else {
        return failed(turn).into_iter().collect();
    };
    let (told, mut findings) = (everything.items(), Vec::new());
    for id in ids {
        let of: Vec<&Change> = turn.changes().iter().filter(|change| about(change) == Some(id)).collect();
        match of.as_slice() {
            [Change::Upsert(item)] => {
                let Some((_, was)) = told.get(id.as_str()) else { continue };
                if **was != **item {
                    let what = format!("`read-items` tells {id} otherwise than reading everything did");
                    let expected = finding(turn, what, "the same item", "another one".to_owned());
                    findings.push(Finding { differences: between::<Item>(was, item), ..expected });
                }
            }
            [Change::Failed(_)] => {}
            [] => findings.push(finding(
                turn,
                format!("{id} is not answered"),
                "one change of it",
                "none".to_owned(),
            )),
            [one] => findings.push(finding(
                turn,
                format!("{id} is there, and `read-items` denies it"),
                "its `upsert`",
                serde_json::to_string(one).unwrap_or_default(),
            )),
            several => findings.push(finding(
                turn,
                format!("{id} is answered more than once"),
                "one change of it",
                format!("{} changes", several.len()),
            )),
        }
    }
    findings
}

fn denied(turn: &Turn) -> Option<Finding> {
    if let Some(finding) = failed(turn) {
        return Some(finding);
    }
    let gone = |change: &Change| match change {
        Change::Delete(id) => id == UNKNOWN,
        // Of an id in no form that it knows it may say so.
        Change::Failed(failure) => failure.id == UNKNOWN,
        _ => false,
    };
    let good = matches!(turn.changes(), [one] if gone(one));
    (!good).then(|| {
        let came = serde_json::to_string(turn.changes()).unwrap_or_default();
        finding(
            turn,
            "an id that the source does not have is not denied".to_owned(),
            "one `delete` of it, or `failed`",
            came,
        )
    })
}

fn about(change: &Change) -> Option<&String> {
    match change {
        Change::Upsert(item) => Some(&item.id),
        Change::Failed(failure) => Some(&failure.id),
        Change::Delete(id) | Change::Binned(id) => Some(id),
        _ => None,
    }
}

pub fn scope(facts: &Facts) -> Verdict {
    let (_, rest) = judged!(rest(facts));
    let Some(turn) = &rest.scope else { return Verdict::Kept(Some("no item was read")) };
    let mut findings: Vec<Finding> = failed(turn).into_iter().collect();
    if let Some(asked) = turn.asked.first() {
        findings.push(finding(turn, "`in-scope` sent a request".to_owned(), "no request", asked.to_string()));
    }
    if let (Call::InScope { items }, Ok(Told::InScope(answers))) = (&turn.call, &turn.outcome) {
        let denied = items.iter().zip(answers).find(|(_, answer)| !**answer);
        findings.extend(denied.map(|(lineage, _)| {
            let what = format!("{} was read, and is said to be out of scope", lineage.item.id);
            finding(turn, what, "yes", "no".to_owned())
        }));
    }
    Verdict::of(findings)
}

pub fn estimate(facts: &Facts) -> Verdict {
    let (_, rest) = judged!(rest(facts));
    let turn = &rest.estimate;
    let mut findings: Vec<Finding> = Vec::new();
    if turn.asked.len() > ESTIMATE_REQUESTS_MAX {
        let (expected, came) =
            (format!("at most {ESTIMATE_REQUESTS_MAX} requests"), turn.asked.len().to_string());
        findings.push(finding(turn, "`estimate` asks too much".to_owned(), &expected, came));
    }
    if let Some(verdict) = unread(&[turn]).filter(|_| findings.is_empty()) {
        return verdict;
    }
    findings.extend(failed(turn));
    let datasets: BTreeSet<&str> =
        facts.description.datasets.iter().map(|dataset| dataset.name.as_str()).collect();
    if let Ok(Told::Amounts(amounts)) = &turn.outcome {
        let strange = amounts.iter().find(|amount| !datasets.contains(amount.dataset.as_str()));
        findings.extend(strange.map(|amount| {
            let (what, expected) = ("an amount is of no dataset".to_owned(), format!("one of {datasets:?}"));
            finding(turn, what, &expected, format!("`{}`", amount.dataset))
        }));
    }
    Verdict::of(findings)
}

pub fn download(facts: &Facts) -> Verdict {
    let (everything, rest) = judged!(rest(facts));
    if rest.downloads.is_empty() {
        return Verdict::Kept(Some("no item has a file"));
    }
    let items = everything.items();
    let mut findings = Vec::new();
    for turn in rest.downloads.iter().filter(|turn| turn.missing.is_empty()) {
        findings.extend(failed(turn));
        let (Call::Download { item, .. }, Ok(Told::File(poured))) = (&turn.call, &turn.outcome) else {
            continue;
        };
        let said = items.get(item.as_str()).and_then(|(_, item)| item.file.as_ref()?.size);
        if let Some(said) = said.filter(|said| *said != poured.bytes) {
            let (expected, came) = (format!("{said} bytes"), format!("{} bytes", poured.bytes));
            findings.push(finding(
                turn,
                format!("the file of {item} is not as long as it says"),
                &expected,
                came,
            ));
        }
    }
    let turns: Vec<&Turn> = rest.downloads.iter().collect();
    if findings.is_empty() { unread(&turns).unwrap_or(Verdict::Kept(None)) } else { Verdict::of(findings) }
}
