//! What a roster would do, line by line. A function of the lines and of what is known, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::Line;
use crate::store::{KnownPeople, email_key, is_email};

/// What one line would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The e-mail is linked to the account.
    Links,
    /// The same, in place of a link to another account.
    Replaces {
        was: String,
    },
    /// It is linked so already.
    Already,
    /// The account shows this e-mail itself, and is matched by it.
    Shown,
    /// The source told of no such account.
    UnknownAccount,
    BadEmail,
    /// An earlier line says the same.
    Repeated {
        line: u64,
    },
    /// Another line gives the e-mail another account; neither counts.
    Contradicted {
        line: u64,
    },
}

impl Step {
    /// Whether applying the plan changes something for this line.
    #[must_use]
    pub fn changes(&self) -> bool {
        matches!(self, Self::Links | Self::Replaces { .. })
    }

    /// Whether whoever wrote the line has to look at it.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::UnknownAccount | Self::BadEmail | Self::Contradicted { .. })
    }

    /// A short name, as programs read it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Replaces { .. } => "replaces",
            Self::Already => "already-linked",
            Self::Shown => "shown-by-account",
            Self::UnknownAccount => "unknown-account",
            Self::BadEmail => "bad-email",
            Self::Repeated { .. } => "repeated",
            Self::Contradicted { .. } => "contradicted",
        }
    }
}

/// One line, and what it would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub line: Line,
    /// The account's name, if there is such an account.
    pub name: Option<String>,
    pub step: Step,
}

/// What a whole roster would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan(pub Vec<Planned>);

impl Plan {
    /// What is to be linked: the e-mail in lower case, and the account.
    #[must_use]
    pub fn links(&self) -> Vec<(String, String)> {
        let changing = self.0.iter().filter(|planned| planned.step.changes());
        changing.map(|planned| (email_key(&planned.line.email), planned.line.account.clone())).collect()
    }

    #[must_use]
    pub fn faults(&self) -> usize {
        self.0.iter().filter(|planned| planned.step.is_fault()).count()
    }
}

/// Judges each line by what is known and by the other lines.
#[must_use]
pub fn plan(lines: Vec<Line>, known: &KnownPeople) -> Plan {
    let mut judge = Judge { known, told: BTreeMap::new(), showing: BTreeMap::new() };
    for line in &lines {
        let told = judge.told.entry(email_key(&line.email)).or_default();
        told.insert((line.account.clone(), line.number));
    }
    for email in known.users.values().filter_map(|(_, email)| email.as_deref()) {
        *judge.showing.entry(email).or_default() += 1;
    }
    let planned = |line: Line| {
        let name = known.users.get(&line.account).map(|(name, _)| name.clone());
        Planned { name, step: judge.step(&line), line }
    };
    Plan(lines.into_iter().map(planned).collect())
}

struct Judge<'a> {
    known: &'a KnownPeople,
    /// What all lines say of an e-mail: account and line.
    told: BTreeMap<String, BTreeSet<(String, u64)>>,
    /// How many users show an e-mail.
    showing: BTreeMap<&'a str, u32>,
}

impl Judge<'_> {
    fn step(&self, line: &Line) -> Step {
        let email = email_key(&line.email);
        if !is_email(&email) {
            return Step::BadEmail;
        }
        let told = || self.told.get(&email).into_iter().flatten();
        if let Some((_, other)) = told().find(|(account, _)| *account != line.account) {
            return Step::Contradicted { line: *other };
        }
        if let Some((_, earlier)) = told().find(|(_, number)| *number < line.number) {
            return Step::Repeated { line: *earlier };
        }
        let Some((_, shown)) = self.known.users.get(&line.account) else { return Step::UnknownAccount };
        match self.known.links.get(&email) {
            Some(was) if *was == line.account => Step::Already,
            Some(was) => Step::Replaces { was: was.clone() },
            None if shown.as_ref() == Some(&email) && self.showing.get(email.as_str()) == Some(&1) => {
                Step::Shown
            }
            None => Step::Links,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{Step, plan};
    use crate::roster::read;
    use crate::store::KnownPeople;

    fn known() -> KnownPeople {
        let user =
            |id: &str, email: Option<&str>| (id.to_owned(), (id.to_uppercase(), email.map(str::to_owned)));
        let users = [
            user("ada", None),
            user("ben", Some("ben@acme.com")),
            user("cleo", None),
            user("dan", Some("dan@acme.com")),
            user("dan-2", Some("dan@acme.com")),
        ];
        let links = [("cleo@acme.com".to_owned(), "cleo".to_owned())];
        KnownPeople { users: users.into(), links: links.into() }
    }

    fn steps(text: &str) -> Vec<Step> {
        plan(read(text).unwrap(), &known()).0.into_iter().map(|planned| planned.step).collect()
    }

    #[test]
    fn each_line_is_told_what_it_does() {
        let text = "Ada@acme.com,ada\nben@acme.com,ben\ncleo@acme.com,cleo\nzoe@acme.com,zoe\nada,ada\ndan@acme.com,dan";
        assert_eq!(
            steps(text),
            [Step::Links, Step::Shown, Step::Already, Step::UnknownAccount, Step::BadEmail, Step::Links]
        );
        let replaced = plan(read("CLEO@acme.com,ada").unwrap(), &known());
        assert_eq!(replaced.0[0].step, Step::Replaces { was: "cleo".into() });
        assert_eq!(replaced.links(), [("cleo@acme.com".to_owned(), "ada".to_owned())]);
    }

    #[test]
    fn an_e_mail_with_two_accounts_is_nobody_s() {
        let text = "ada@acme.com,ada\nADA@acme.com,cleo\nada@acme.com,ada\nben@x,ada\nben@x,ada";
        let planned = plan(read(text).unwrap(), &known());
        let steps: Vec<_> = planned.0.iter().map(|planned| planned.step.clone()).collect();
        assert_eq!(
            steps,
            [
                Step::Contradicted { line: 2 },
                Step::Contradicted { line: 1 },
                Step::Contradicted { line: 2 },
                Step::Links,
                Step::Repeated { line: 4 }
            ]
        );
        assert_eq!(planned.links(), [("ben@x".to_owned(), "ada".to_owned())]);
        assert_eq!(planned.faults(), 3);
    }
}
