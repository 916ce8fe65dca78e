//! Can those who search be matched to the users of the source?

use super::{bad, good, notice};
use crate::model::Finding;
use crate::store::PeopleStats;

const NAME: &str = "people";

/// `synced` tells whether there was a run at all.
pub fn people(connection: &str, stats: &PeopleStats, synced: bool) -> Vec<Finding> {
    let link = format!(
        "`weir person list --connection {connection}` shows them; match the ones that matter with `weir person \
         link EMAIL ACCOUNT --connection {connection}`, or ask them to show their e-mail in their Atlassian profile"
    );
    let PeopleStats { users, without_email, named_without_email, linked } = *stats;
    let mut findings = match (users, without_email) {
        // Before the first sync nobody is expected.
        (0, _) if !synced => Vec::new(),
        (0, _) => vec![bad(
            NAME,
            "no users are known, so nobody can be shown anything".to_owned(),
            format!("run `weir sync {connection}` and see why the directory could not be read"),
        )],
        (_, 0) => vec![good(NAME, format!("all {users} users show an e-mail or are linked"))],
        (_, hidden) if hidden == users => vec![bad(
            NAME,
            format!("none of {users} users shows an e-mail, so nobody who searches can be matched"),
            link.clone(),
        )],
        (_, hidden) => vec![notice(
            NAME,
            format!("{hidden} of {users} users show no e-mail; they find only what anyone may read"),
            link.clone(),
        )],
    };
    if named_without_email > 0 {
        let message =
            format!("{named_without_email} of those without e-mail are named by a restriction or a space");
        findings.push(notice("people-named", message, link));
    }
    if linked > 0 {
        findings.push(good("people-linked", format!("{linked} people are linked by hand")));
    }
    findings
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::Verdict;

    fn told(users: u64, without_email: u64, named: u64, synced: bool) -> Vec<(Verdict, String)> {
        let stats = PeopleStats { users, without_email, named_without_email: named, linked: 0 };
        people("acme", &stats, synced).into_iter().map(|it| (it.verdict, it.message)).collect()
    }

    #[test]
    fn hidden_addresses_are_counted_and_those_that_a_restriction_names_are_told() {
        assert_eq!(told(0, 0, 0, false), []);
        assert_eq!(told(0, 0, 0, true).first().unwrap().0, Verdict::Bad);
        assert_eq!(
            told(312, 0, 0, true),
            [(Verdict::Good, "all 312 users show an e-mail or are linked".into())]
        );
        assert_eq!(
            told(312, 41, 7, true),
            [
                (
                    Verdict::Notice,
                    "41 of 312 users show no e-mail; they find only what anyone may read".into()
                ),
                (Verdict::Notice, "7 of those without e-mail are named by a restriction or a space".into()),
            ]
        );
        assert_eq!(told(3, 3, 0, true).first().unwrap().0, Verdict::Bad);
    }
}
