//! Can those who search be matched to the users of the source?

use super::{are, bad, good, notice};
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
        (1, 0) => vec![good(NAME, "the only user shows an e-mail or is linked".to_owned())],
        (_, 0) => vec![good(NAME, format!("all {users} users show an e-mail or are linked"))],
        (_, hidden) if hidden == users => vec![bad(
            NAME,
            format!("none of {users} users shows an e-mail, so nobody who searches can be matched"),
            link,
        )],
        (_, hidden) => vec![notice(
            NAME,
            format!(
                "{hidden} of {users} users {} only what anyone may read{}",
                if hidden == 1 { "shows no e-mail, and finds" } else { "show no e-mail, and find" },
                named(hidden, named_without_email)
            ),
            link,
        )],
    };
    if linked > 0 {
        findings.push(good("people-linked", format!("{} linked by hand", are(linked, "user"))));
    }
    findings
}

/// How many of the hidden ones somebody had in mind: they miss what they were given.
fn named(hidden: u64, named: u64) -> String {
    match named {
        0 => String::new(),
        _ if named == hidden => {
            "; a restriction or a space names ".to_owned()
                + if hidden == 1 { "this one" } else { "all of them" }
        }
        _ => format!("; a restriction or a space names {named} of them"),
    }
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
            [(
                Verdict::Notice,
                "41 of 312 users show no e-mail, and find only what anyone may read; a restriction or a space names 7 of \
                 them"
                    .into()
            )]
        );
        assert_eq!(
            told(5, 1, 1, true).first().unwrap().1,
            "1 of 5 users shows no e-mail, and finds only what anyone may read; a restriction or a space names this one"
        );
        assert_eq!(told(1, 0, 0, true).first().unwrap().1, "the only user shows an e-mail or is linked");
        assert_eq!(told(3, 3, 0, true).first().unwrap().0, Verdict::Bad);
    }
}
