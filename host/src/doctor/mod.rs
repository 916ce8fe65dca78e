//! What is wrong with a connection, said before anybody has to find out.
//!
//! Pure: from what the store counts and what the connector found to a list of findings, the
//! worst first, each with its remedy. `host` gathers the values, `cli` prints them. What only
//! the source can tell (may the account read this, which scopes were granted) is asked by the
//! connector's `diagnose`; here is what only the host knows.
//!
//! Deliberately absent: repairing anything.

mod people;
mod reading;

use crate::model::{Finding, Verdict};
use crate::store::{ConnectionStatus, Hidden};

pub use people::people;
pub use reading::{content, hidden, last_run};

/// What the host knows of a connection without asking anybody.
pub fn of_store(status: &ConnectionStatus, hidden_items: &Hidden, has_content: bool) -> Vec<Finding> {
    let name = &status.connection.name;
    [
        people(name, &status.people, status.last_run.is_some()),
        last_run(name, status),
        content(name, status, has_content),
        hidden(name, hidden_items),
    ]
    .concat()
}

/// The worst first; among equals in the order in which they were found.
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    findings
}

pub fn good(name: &str, message: String) -> Finding {
    Finding { name: name.to_owned(), verdict: Verdict::Good, message, remedy: None }
}

pub fn notice(name: &str, message: String, remedy: String) -> Finding {
    Finding { name: name.to_owned(), verdict: Verdict::Notice, message, remedy: Some(remedy) }
}

pub fn bad(name: &str, message: String, remedy: String) -> Finding {
    Finding { name: name.to_owned(), verdict: Verdict::Bad, message, remedy: Some(remedy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_and_the_rest_stays_in_order() {
        let one = |name: &str, verdict| Finding {
            name: name.into(),
            verdict,
            message: String::new(),
            remedy: None,
        };
        let findings = vec![
            one("a", Verdict::Good),
            one("b", Verdict::Notice),
            one("c", Verdict::Bad),
            one("d", Verdict::Notice),
        ];
        let names: Vec<String> = sorted(findings).into_iter().map(|finding| finding.name).collect();
        assert_eq!(names, ["c", "b", "d", "a"]);
    }
}
