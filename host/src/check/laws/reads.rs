//! Laws about calls that are answered at all.

use super::{everything, judged, rest, unanswered, unread};
use crate::check::facts::Facts;
use crate::check::finding::{Finding, Verdict};
use crate::check::reading::Reads;
use crate::check::turn::{Told, Turn};
use crate::sandbox::CallError;

pub fn signs_in(facts: &Facts) -> Verdict {
    let turn = &facts.signed;
    if let Some(verdict) = unread(&[turn]) {
        return verdict;
    }
    let finding = |what: &str, came: String| Finding {
        what: what.to_owned(),
        place: turn.call.to_string(),
        expected: "an account with a label".to_owned(),
        came,
        ..Finding::default()
    };
    Verdict::of(match &turn.outcome {
        Ok(Told::Account(account)) if account.label.trim().is_empty() => {
            vec![finding("the account has no label", format!("{:?}", account.label))]
        }
        Ok(_) => Vec::new(),
        Err(_) => vec![finding("signing in failed", turn.error().unwrap_or_default())],
    })
}

pub fn reads(facts: &Facts) -> Verdict {
    let Some(first) = &facts.everything else {
        return judged!(everything(facts).map(|_| Verdict::Kept(None)));
    };
    if let Some(asked) = first.missing() {
        return unanswered(&asked.to_string());
    }
    let mut findings: Vec<Finding> = failures(first).collect();
    if let Some(rest) = &facts.rest {
        let reads = [&rest.inventory, &rest.since];
        if let Some(asked) = reads.iter().find_map(|reads| reads.missing()) {
            return unanswered(&asked.to_string());
        }
        findings.extend(reads.into_iter().flat_map(failures));
    }
    Verdict::of(findings)
}

fn failures(reads: &Reads) -> impl Iterator<Item = Finding> {
    // A call that was cut off breaks another law.
    let failed = |turn: &&Turn| matches!(turn.outcome, Err(CallError::Fault { .. }));
    reads.turns().filter(failed).map(|turn| Finding {
        what: format!("`{}` answered with an error while nothing was wrong", turn.call.name()),
        place: turn.call.to_string(),
        expected: "an answer".to_owned(),
        came: turn.error().unwrap_or_default(),
        ..Finding::default()
    })
}

pub fn agreed(facts: &Facts) -> Verdict {
    let mut turns: Vec<&Turn> = vec![&facts.signed];
    turns.extend(facts.everything.iter().flat_map(Reads::turns));
    if let Ok((_, rest)) = rest(facts) {
        turns.extend(
            rest.inventory.turns().chain(rest.since.turns()).chain(&rest.items).chain(&rest.downloads),
        );
        turns.extend([&rest.unknown, &rest.estimate]);
    }
    let stray = |turn: &&Turn| {
        turn.strays.first().map(|words| Finding {
            what: "a request went to a place that nobody agreed to".to_owned(),
            place: turn.call.to_string(),
            expected: "requests to the plan's origins, as the plan says".to_owned(),
            came: words.clone(),
            ..Finding::default()
        })
    };
    Verdict::of(turns.iter().filter_map(stray).collect())
}
