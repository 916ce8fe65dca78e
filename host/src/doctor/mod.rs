//! What is wrong with a connection, said before anybody has to find out.
//!
//! Pure: from what the store counts and what the connector found to a list of findings, the
//! worst first, each with its remedy. `host` gathers the values, `cli` prints them. What only
//! the source can tell (may the account read this, which scopes were granted) is asked by the
//! connector's `diagnose`; here is what only the host knows.
//!
//! Deliberately absent: repairing anything.

mod connector;
mod people;
mod reading;
mod sign_in;

use crate::model::{Finding, Verdict};
use crate::store::{ConnectionStatus, FailedItem, Hidden};

pub use connector::installed;
pub use people::people;
pub use reading::{content, failures, hidden, last_run};
pub use sign_in::{ends, granted};

/// How many items a finding names as examples.
pub const NAMED_MAX: u32 = 3;

/// What the host knows of a connection without asking anybody. `failed` are the first of its failures.
pub fn of_store(
    status: &ConnectionStatus,
    hidden_items: &Hidden,
    has_content: bool,
    failed: &[FailedItem],
) -> Vec<Finding> {
    let name = &status.connection.name;
    [
        people(name, &status.people, status.last_run.is_some()),
        last_run(name, status),
        content(name, status, has_content),
        failures(name, status.failures, failed),
        hidden(name, hidden_items),
    ]
    .concat()
}

/// The worst first; among equals in the order in which they were found.
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    findings
}

/// `1 item is`, `2 items are`.
fn are(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun} is") } else { format!("{number} {noun}s are") }
}

/// A connector does not know what its connection is called here: its advice gets the commands.
pub fn with_commands(connection: &str, finding: Finding) -> Finding {
    let commands = [
        ("sign in again", format!("weir login {connection}")),
        ("change the settings", format!("weir connection set {connection} --set KEY=VALUE")),
    ];
    let add = |remedy: String, (phrase, command): &(&str, String)| {
        remedy.replacen(phrase, &format!("{phrase} (`{command}`)"), 1)
    };
    Finding { remedy: finding.remedy.map(|remedy| commands.iter().fold(remedy, add)), ..finding }
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
    fn advice_gets_the_commands_it_speaks_of() {
        let told = |remedy: &str| with_commands("acme", bad("x", String::new(), remedy.into())).remedy;
        assert_eq!(told("sign in again as X").as_deref(), Some("sign in again (`weir login acme`) as X"));
        assert_eq!(
            told("wait, or change the settings").as_deref(),
            Some("wait, or change the settings (`weir connection set acme --set KEY=VALUE`)")
        );
        assert_eq!(told("wait").as_deref(), Some("wait"));
    }

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
