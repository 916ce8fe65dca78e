//! Why somebody may or may not read an item, in words: for administrators on a terminal or a page, and for the
//! person, who is told of nobody else.
//!
//! The words hold names from sources as they are; whoever shows them makes them harmless.

use std::collections::BTreeMap;

use super::searchable::LeftOut;
use super::why::WhyAnswer;
use crate::access::{Reason, Step};
use crate::model::{Access, Principal};
use crate::store::Match;

/// Names shown of one level; a restriction may list hundreds.
const NAMES_SHOWN_MAX: usize = 6;

/// The names of principals, by id.
type Names = BTreeMap<String, String>;

impl WhyAnswer {
    /// Who the person is at the source.
    #[must_use]
    pub fn who(&self) -> String {
        who(&self.connection, &self.matched, self.user.as_deref())
    }

    /// What a level says, for an administrator.
    #[must_use]
    pub fn level(&self, step: &Step) -> String {
        let called = &self.names;
        let access = match &step.access {
            Access::Inherited => "as its parent".to_owned(),
            Access::Narrowed(named) => format!("only {} of the parent's readers", names(named, called)),
            Access::Widened(named) => format!("the parent's readers and {}", names(named, called)),
            Access::Replaced(named) => names(named, called),
            Access::Unknown => "unknown, so nobody".to_owned(),
        };
        let through = step
            .through
            .as_ref()
            .map(|one| format!(", through {}", principal_name(one, called)))
            .unwrap_or_default();
        format!("{access}{through}")
    }

    /// What a level says, for the person whom it lets in: through what, and of nobody else.
    #[must_use]
    pub fn own_level(&self, step: &Step) -> String {
        let through = match &step.through {
            None => String::new(),
            Some(Principal::User(_)) => "; you are named".to_owned(),
            Some(Principal::Group(id)) => {
                format!("; you are let in as a member of the group {}", self.names.get(id).unwrap_or(id))
            }
            Some(Principal::Members) => "; everybody with an account is let in".to_owned(),
            Some(Principal::Anyone) => "; anybody is let in".to_owned(),
        };
        let access = match &step.access {
            Access::Inherited => "whoever may read what is above it",
            Access::Narrowed(_) => "only some of those who may read what is above it",
            Access::Widened(_) => "whoever may read what is above it, and some others",
            Access::Replaced(_) => "those whom it names",
            Access::Unknown => "the source would not tell",
        };
        format!("{access}{through}")
    }
}

/// Who a person is at a connection, and what helps where that is nobody.
pub fn who(connection: &str, matched: &Match, user: Option<&str>) -> String {
    match (matched, user) {
        (Match::Linked, Some(user)) => format!("linked to user {user} of {connection}"),
        (Match::Email, Some(user)) => format!("user {user} of {connection}, by e-mail"),
        (Match::Ambiguous(users), _) => {
            format!("{users} users of {connection} show this e-mail, so nobody; `weir person link` decides")
        }
        (Match::LinkedToNobody(user), _) => format!("linked to {user}, whom {connection} no longer has"),
        (Match::Closed(user), _) => format!("user {user} of {connection}, whose account is closed"),
        _ => format!(
            "nobody that {connection} knows: no user shows this e-mail; if it is hidden there, `weir person link`"
        ),
    }
}

/// Why nobody finds an item, although somebody may read it.
pub fn unsearched(left_out: LeftOut, connection: &str) -> String {
    match left_out {
        LeftOut::Kind => format!("its kind is not searched; see `weir index kinds {connection}`"),
        LeftOut::NotChosen => {
            format!(
                "{connection} is in manual mode, and it was not chosen; see `weir index list {connection}`"
            )
        }
    }
}

/// Why a level refuses.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NotNamed => "the person is none of those named",
        Reason::Unknown => "the source would not tell who may read it",
        Reason::RootWithoutReaders => "it names nobody",
        Reason::Absent => "it has not been read, or is gone",
        Reason::ParentAbsent => "what holds it has not been read, or is gone",
        Reason::Unsettled => {
            "it was moved or opened, and not all above and below it was looked at since: the next sync with --inventory does"
        }
        Reason::Withheld => {
            "its words are new, and who may read what is above was not looked at since: the next sync does"
        }
    }
}

fn names(principals: &[Principal], called: &Names) -> String {
    if principals.is_empty() {
        return "nobody".to_owned();
    }
    let shown: Vec<String> =
        principals.iter().take(NAMES_SHOWN_MAX).map(|one| principal_name(one, called)).collect();
    let rest = principals.len().saturating_sub(NAMES_SHOWN_MAX);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

/// By name; by id where the source has told of no such user or group.
pub fn principal_name(principal: &Principal, called: &BTreeMap<String, String>) -> String {
    let known = |id: &String| called.get(id).unwrap_or(id).clone();
    match principal {
        Principal::User(id) => known(id),
        Principal::Group(id) => format!("group {}", known(id)),
        Principal::Members => "all members".to_owned(),
        Principal::Anyone => "anyone".to_owned(),
    }
}
