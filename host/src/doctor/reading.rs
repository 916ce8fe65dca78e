//! Was everything read, and is everything that was read shown to somebody?

use super::{bad, good, notice};
use crate::model::Finding;
use crate::store::{ConnectionStatus, FailedItem, Hidden, Outcome};

/// How the latest run ended.
pub fn last_run(connection: &str, status: &ConnectionStatus) -> Vec<Finding> {
    let name = "last-sync";
    let again = format!("run `weir sync {connection}`");
    let Some(run) = &status.last_run else {
        return vec![notice(name, "nothing has been read yet".to_owned(), again)];
    };
    let why = run.message.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    vec![match run.outcome {
        Some(Outcome::Complete) => good(name, "the last sync read everything".to_owned()),
        Some(Outcome::Incomplete) => notice(
            name,
            format!("the last sync left something out{why}"),
            format!("{again} again; it goes on with what was left out"),
        ),
        Some(Outcome::Failed) => bad(name, format!("the last sync failed{why}"), again.clone()),
        Some(Outcome::Canceled | Outcome::Interrupted) | None => notice(
            name,
            "the last sync is under way or was cut off".to_owned(),
            format!("{again}; it goes on there"),
        ),
    }]
}

/// What could not be read by itself; `failed` are the first of `number`.
pub fn failures(connection: &str, number: u64, failed: &[FailedItem]) -> Vec<Finding> {
    if number == 0 {
        return Vec::new();
    }
    let named: Vec<String> = failed.iter().map(|item| format!("{} ({})", item.id, item.reason)).collect();
    let more = if number > failed.len() as u64 { ", …" } else { "" };
    let items = if number == 1 { "1 item".to_owned() } else { format!("{number} items") };
    let message = format!("{items} could not be read: {}{more}", named.join(", "));
    let again = format!("run `weir sync {connection} --inventory`, which asks for them again");
    vec![notice("failures", message, again)]
}

/// A sync that reads everything and finds nothing was told to leave it out, or sees nothing.
pub fn content(connection: &str, status: &ConnectionStatus, has_content: bool) -> Vec<Finding> {
    let read = status.last_run.as_ref().is_some_and(|run| run.outcome == Some(Outcome::Complete));
    if has_content || !read {
        return Vec::new();
    }
    vec![notice(
        "content",
        "everything was read, and nothing is left to be found".to_owned(),
        format!(
            "see with `weir connection show {connection}` what its settings leave out; if that is nothing, the account \
             sees empty spaces only"
        ),
    )]
}

/// What was read and is shown to nobody.
pub fn hidden(connection: &str, hidden: &Hidden) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(first) = hidden.unknown_ids.first() {
        let named = hidden.unknown_ids.join(", ");
        let more = if hidden.unknown > hidden.unknown_ids.len() as u64 { ", …" } else { "" };
        let items =
            if hidden.unknown == 1 { "1 item".to_owned() } else { format!("{} items", hidden.unknown) };
        findings.push(notice(
            "access-unknown",
            format!(
                "of {items} the source does not tell who may read them ({named}{more}), so nobody may, nor what lies in \
                 them"
            ),
            format!(
                "see in the source that {connection}'s account may view their restrictions, then run `weir sync \
                 {connection}`; `weir why {first} --as EMAIL` shows what is known"
            ),
        ));
    }
    for (kind, items) in &hidden.waiting {
        let lie = if *items == 1 { "1 item lies".to_owned() } else { format!("{items} items lie") };
        findings.push(notice(
            "parent-unread",
            format!("{lie} in a {kind} that was not read, so nobody may read what is there"),
            format!(
                "run `weir sync {connection}`; if it stays so, the account cannot see what holds them, or the settings \
                 leave it out"
            ),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_nobody_is_shown_is_counted_by_what_holds_it() {
        let waiting = BTreeMap::from([("folder".to_owned(), 3), ("page".to_owned(), 1)]);
        let unknown_ids = vec!["page:1".to_owned(), "page:2".to_owned()];
        let found = Hidden { unknown: 3, unknown_ids, waiting };
        let told: Vec<String> = hidden("acme", &found).into_iter().map(|it| it.message).collect();
        assert_eq!(
            told,
            [
                "of 3 items the source does not tell who may read them (page:1, page:2, …), so nobody may, nor what lies \
                 in them",
                "3 items lie in a folder that was not read, so nobody may read what is there",
                "1 item lies in a page that was not read, so nobody may read what is there",
            ]
        );
        assert_eq!(hidden("acme", &Hidden::default()), []);
    }
}
