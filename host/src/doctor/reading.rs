//! Was everything read, and is everything that was read shown to somebody?

use super::{bad, good, notice};
use crate::model::Finding;
use crate::store::{ConnectionStatus, Hidden, Outcome};

/// How the latest run ended.
pub fn last_run(connection: &str, status: &ConnectionStatus) -> Vec<Finding> {
    let name = "last-sync";
    let again = format!("run `weir sync {connection}`");
    let Some(run) = &status.last_run else {
        return vec![notice(name, "nothing has been read yet".to_owned(), again)];
    };
    let why = run.message.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    let mut findings = vec![match run.outcome {
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
    }];
    if status.failures > 0 {
        findings.push(notice(
            "failures",
            format!("{} items could not be read", status.failures),
            format!("{again} again; what keeps failing is named in its output"),
        ));
    }
    findings
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
    if hidden.unknown > 0 {
        findings.push(notice(
            "access-unknown",
            format!(
                "of {} items the source would not tell who may read them, so nobody may, nor what lies in them",
                hidden.unknown
            ),
            "see that the account may read their restrictions, then sync again; `weir why ITEM --as EMAIL` names \
             the level"
                .to_owned(),
        ));
    }
    for (kind, items) in &hidden.waiting {
        findings.push(notice(
            "parent-unread",
            format!("{items} items lie in something that was not read ({kind}), so nobody may read them"),
            format!(
                "sync again; if it stays so, the account of {connection} cannot see what holds them, or its \
                 settings leave it out"
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
        let waiting = BTreeMap::from([("folder".to_owned(), 3)]);
        let told: Vec<String> =
            hidden("acme", &Hidden { unknown: 2, waiting }).into_iter().map(|it| it.message).collect();
        assert_eq!(
            told,
            [
                "of 2 items the source would not tell who may read them, so nobody may, nor what lies in them",
                "3 items lie in something that was not read (folder), so nobody may read them",
            ]
        );
        assert_eq!(hidden("acme", &Hidden::default()), []);
    }
}
