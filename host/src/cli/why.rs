//! `weir why ITEM --as EMAIL`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use super::arguments::Why;
use super::connection::open;
use super::screen::{Screen, plain};
use crate::access::{Reason, Step};
use crate::host::{LeftOut, WhyAnswer};
use crate::model::{Access, Principal};
use crate::store::Match;

pub fn run(data: &Path, command: &Why, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let answer = host.why(&command.item, &command.person, command.connection.as_deref())?;
    screen.record(&answer, || words(&command.person, &answer));
    Ok(ExitCode::SUCCESS)
}

fn words(person: &str, answer: &WhyAnswer) -> String {
    let explanation = &answer.explanation;
    let verdict = if explanation.readable { "may read" } else { "may not read" };
    let mut lines = vec![
        format!("{} {verdict} {} ({})", plain(person), plain(&answer.id), plain(&answer.title)),
        format!("  who      {}", who(answer)),
    ];
    // The root first: that is the way a reader has to come.
    for (place, step) in explanation.steps.iter().enumerate().rev() {
        let refuses = explanation.refusal.filter(|refusal| refusal.level == place);
        let reason = refuses.map(|refusal| format!("  <- {}", reason(refusal.reason))).unwrap_or_default();
        let words = level(step, &answer.names);
        lines.push(format!("  {}  {words}{reason}", if step.readable { "yes" } else { "no " }));
    }
    if let Some(left_out) = answer.left_out {
        lines.push(format!("  not found in searches: {}", unsearched(left_out, &answer.connection)));
    }
    lines.join("\n")
}

fn unsearched(left_out: LeftOut, connection: &str) -> String {
    let connection = plain(connection);
    match left_out {
        LeftOut::Kind => format!("its kind is not searched; see `weir index kinds {connection}`"),
        LeftOut::NotChosen => {
            format!(
                "{connection} is in manual mode, and it was not chosen; see `weir index list {connection}`"
            )
        }
    }
}

fn who(answer: &WhyAnswer) -> String {
    let connection = plain(&answer.connection);
    match (&answer.matched, &answer.user) {
        (Match::Linked, Some(user)) => format!("linked to user {} of {connection}", plain(user)),
        (Match::Email, Some(user)) => format!("user {} of {connection}, by e-mail", plain(user)),
        (Match::Ambiguous(users), _) => {
            format!("{users} users of {connection} show this e-mail, so nobody; `weir person link` decides")
        }
        (Match::LinkedToNobody(user), _) => {
            format!("linked to {}, whom {connection} no longer has", plain(user))
        }
        (Match::Closed(user), _) => format!("user {} of {connection}, whose account is closed", plain(user)),
        _ => format!(
            "nobody that {connection} knows: no user shows this e-mail; if it is hidden there, `weir person link`"
        ),
    }
}

/// The names of principals, by id.
type Names = BTreeMap<String, String>;

fn level(step: &Step, called: &Names) -> String {
    let access = match &step.access {
        Access::Inherited => "as its parent".to_owned(),
        Access::Narrowed(named) => format!("only {} of the parent's readers", names(named, called)),
        Access::Widened(named) => format!("the parent's readers and {}", names(named, called)),
        Access::Replaced(named) => names(named, called),
        Access::Unknown => "unknown, so nobody".to_owned(),
    };
    let through =
        step.through.as_ref().map(|one| format!(", through {}", name(one, called))).unwrap_or_default();
    format!("{} {}: {access}{through}", plain(&step.id), plain(&step.title))
}

/// Names shown of one level; a restriction may list hundreds.
const NAMES_SHOWN_MAX: usize = 6;

fn names(principals: &[Principal], called: &Names) -> String {
    if principals.is_empty() {
        return "nobody".to_owned();
    }
    let shown: Vec<String> = principals.iter().take(NAMES_SHOWN_MAX).map(|one| name(one, called)).collect();
    let rest = principals.len().saturating_sub(NAMES_SHOWN_MAX);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    shown.join(", ") + &more
}

/// By name; by id where the source has told of no such user or group.
fn name(principal: &Principal, called: &Names) -> String {
    let known = |id: &String| plain(called.get(id).unwrap_or(id));
    match principal {
        Principal::User(id) => known(id),
        Principal::Group(id) => format!("group {}", known(id)),
        Principal::Members => "all members".to_owned(),
        Principal::Anyone => "anyone".to_owned(),
    }
}

fn reason(reason: Reason) -> &'static str {
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
