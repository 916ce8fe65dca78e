//! The law about who may read.

use std::collections::BTreeMap;

use super::{everything, judged};
use crate::check::facts::Facts;
use crate::check::finding::{Finding, Verdict};
use crate::model::{Access, Item, Kind};

pub fn access(facts: &Facts) -> Verdict {
    let everything = judged!(everything(facts));
    let kinds: BTreeMap<&str, &Kind> =
        facts.description.kinds.iter().map(|kind| (kind.name.as_str(), kind)).collect();
    let mut findings = Vec::new();
    for (turn, item) in everything.items().values() {
        // A kind that is not declared breaks another law.
        let Some(kind) = kinds.get(item.kind.as_str()) else { continue };
        if let Some(expected) = against(item, kind) {
            findings.push(Finding {
                what: format!("{} has an access that its place does not admit", item.id),
                place: turn.call.to_string(),
                expected: expected.to_owned(),
                came: name(&item.access).to_owned(),
                ..Finding::default()
            });
        }
    }
    Verdict::of(findings)
}

/// What was expected, where something else came.
fn against(item: &Item, kind: &Kind) -> Option<&'static str> {
    match (&item.parent, &item.access) {
        (_, Access::Unknown) | (None, Access::Replaced(_)) | (Some(_), Access::Inherited) => None,
        (None, _) => Some("access.replaced: nothing holds it"),
        (Some(_), _) if kind.inherits => Some("access.inherited: its kind inherits"),
        (Some(_), Access::Narrowed(_)) => None,
        (Some(_), Access::Widened(_) | Access::Replaced(_)) if kind.widens => None,
        (Some(_), _) => Some("access.inherited or access.narrowed: its kind does not widen"),
    }
}

fn name(access: &Access) -> &'static str {
    match access {
        Access::Inherited => "access.inherited",
        Access::Narrowed(_) => "access.narrowed",
        Access::Widened(_) => "access.widened",
        Access::Replaced(_) => "access.replaced",
        Access::Unknown => "access.unknown",
    }
}
