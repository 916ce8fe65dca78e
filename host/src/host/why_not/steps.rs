//! From what is known of an item to the step at which it was left out.

use serde::Serialize;

use super::known::{Facts, Filter, Indexed, Present};
use crate::access::Reason;
use crate::host::LeftOut;
use crate::host::why_words::{reason, unsearched};

/// One of the five steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `listing`, `filter`, `access`, `conversion`, `index`
    pub name: &'static str,
    pub state: Passage,
    /// What is known.
    pub words: String,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// How far an item came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passage {
    Passed,
    Stopped,
    NotReached,
}

impl Passage {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Stopped => "stopped",
            Self::NotReached => "not-reached",
        }
    }
}

const NAMES: [&str; 5] = ["listing", "filter", "access", "conversion", "index"];

/// What one step says.
type Said = (Passage, String, Option<String>);

fn passed(words: impl Into<String>) -> Said {
    (Passage::Passed, words.into(), None)
}

fn stopped(words: impl Into<String>, remedy: impl Into<String>) -> Said {
    (Passage::Stopped, words.into(), Some(remedy.into()))
}

/// The five steps. Those behind the one that stops are not reached.
pub fn steps(facts: &Facts) -> Vec<Step> {
    let mut said = vec![listing(facts)];
    match facts {
        Facts::Present(present) => {
            said.extend([filter(present), access(present), conversion(present), index(present)]);
        }
        Facts::Gone { connection, deleted: 0, left_out: 1.. } => said.push(stopped(
            "The settings leave it out: a sync removed what they do not ask for, and this with it.",
            settings(connection),
        )),
        _ => {}
    }
    let mut over = false;
    let mut said = said.into_iter();
    let mut step = |name| {
        let (state, words, remedy) =
            said.next().filter(|_| !over).unwrap_or((Passage::NotReached, String::new(), None));
        over |= state == Passage::Stopped;
        Step { name, state, words, remedy }
    };
    NAMES.map(&mut step).to_vec()
}

fn settings(connection: &str) -> String {
    format!("look at the settings with `weir connection show {connection}`, widen them, and sync")
}

fn listing(facts: &Facts) -> Said {
    match facts {
        Facts::NoSource { host } => stopped(
            format!("No connection reads {host}."),
            "add a connection to it, or look for a slip in the address",
        ),
        Facts::Unmentioned { connections } => {
            let all = connections.join(", ");
            stopped(
                format!("No sync of {all} has ever met it."),
                "it may be newer than the last sync: sync again. The connection's account may not see it: open it as \
                 that account, and run `weir doctor`. Or the settings never asked for it: `weir connection show`",
            )
        }
        Facts::OnlyMentioned { connection } => stopped(
            format!("{connection} has met it only as what holds something else, and never it itself."),
            format!(
                "the connection's account may not see it: open it as that account, or run `weir doctor {connection}`; \
                 or let the settings ask for it"
            ),
        ),
        Facts::Failed { connection, id, reason, refused: false, next } => stopped(
            format!("It could not be read: {reason}."),
            format!(
                "the first sync after {next} asks again; `weir failures retry {connection} {id}` lets the next one do so"
            ),
        ),
        Facts::Failed { connection, id, reason, refused: true, .. } => stopped(
            format!("A limit refused it: {reason}."),
            format!(
                "it is asked for again when it changes; or change it so that it keeps the limit, and \
                 `weir failures retry {connection} {id}`"
            ),
        ),
        Facts::Binned { .. } => {
            stopped("It is in the source's bin.", "bring it back from the bin there, and sync")
        }
        Facts::Gone { deleted: 0, left_out: 1.., .. } => passed("It was read once."),
        Facts::Gone { connection, left_out, .. } => {
            let or = if *left_out > 0 { ", or the settings leave it out" } else { "" };
            stopped(
                format!("It was read once and is gone: the source does not have it any more{or}."),
                format!(
                    "if it is there, the connection's account may not see it any more: run `weir doctor {connection}`, \
                     then `weir sync {connection} --inventory`"
                ),
            )
        }
        Facts::Present(present) => {
            let read = format!("{} has read it.", present.connection);
            passed(present.doubts.iter().fold(read, |words, doubt| words + " " + doubt))
        }
    }
}

fn filter(present: &Present) -> Said {
    let connection = &present.connection;
    match &present.filter {
        Filter::Asked => passed("The settings ask for it."),
        Filter::Unsure(trouble) => {
            passed(format!("Whether the settings ask for it cannot be told now: {trouble}"))
        }
        Filter::Place => stopped(
            "The settings leave it out. It is kept only as a place, since it stands above something they ask for; its \
             words were not read.",
            settings(connection),
        ),
        Filter::LeftOut => stopped(
            "The settings do not ask for it any more; the next sync removes it.",
            settings(connection),
        ),
    }
}

fn access(present: &Present) -> Said {
    let who = &present.who;
    let Some((level, why)) = &present.refusal else {
        return passed(format!("The person may read it: {who}."));
    };
    let remedy = match why {
        Reason::NotNamed | Reason::RootWithoutReaders => {
            "if the person can open it at the source, the sync is behind, or the person is matched to another account; \
             otherwise the source has to let the person in"
        }
        Reason::Unknown => {
            "the connection's account may not see who may read it: `weir doctor` says which right it lacks"
        }
        Reason::Absent | Reason::ParentAbsent => {
            "let the settings ask for what holds it, or let the connection's account see it, and sync with --inventory"
        }
        Reason::Unsettled => "sync with --inventory",
        Reason::Withheld => "sync",
    };
    stopped(format!("{level}: {}. Who the person is: {who}.", reason(*why)), remedy)
}

fn conversion(present: &Present) -> Said {
    let title = &present.title;
    let connection = &present.connection;
    match (&present.file, present.words) {
        (_, true) => passed("It has words."),
        (None, false) => stopped(
            format!("It has no words of its own: only its title is found, `{title}`."),
            "search for the title; if there are words on it at the source, it holds only what cannot be read as text",
        ),
        (Some((state, _)), false) if state == "waiting" => stopped(
            "The words of its file were not taken out yet: only its name is found.",
            format!("sync: `weir sync {connection}` takes them out"),
        ),
        (Some((state, detail)), false) => stopped(
            format!("Its file has no words ({state}): {detail}. Only its name is found."),
            format!("`weir files {connection} --reason {state}` lists all of them"),
        ),
    }
}

fn index(present: &Present) -> Said {
    let connection = &present.connection;
    match present.index {
        Indexed::LeftOut(left_out) => {
            let remedy = match left_out {
                LeftOut::Kind => format!("`weir index on {connection} KIND`"),
                LeftOut::NotChosen => {
                    format!("`weir index add {connection} ITEM`, or let everything be searched")
                }
            };
            stopped(format!("It is not searched: {}.", unsearched(left_out, connection)), remedy)
        }
        Indexed::Waiting => {
            stopped("It waits for the index.", "wait until the sync under way has ended; if none is, sync")
        }
        Indexed::Missing => stopped(
            "The index does not have it.",
            "stop Weir, remove the folder `index` from the data folder, and start again: it is filled anew",
        ),
        Indexed::Found => passed(format!("It is found; these words find it: {}", present.title)),
    }
}
