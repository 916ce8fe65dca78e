//! The states of records, the kinds and what became of items, as people read them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::host::{Host, HostError, RecordState};
use crate::store::Happened;

/// What kinds are called, by name: the same kind has the same title at all connections of a connector.
pub type Kinds = BTreeMap<String, String>;

/// # Errors
///
/// When the store cannot be read.
pub fn kinds(host: &Host) -> Result<Kinds, HostError> {
    let mut kinds = Kinds::new();
    for connection in host.store().connections()? {
        let known = host.store().kinds(connection.id)?;
        kinds.extend(known.into_iter().map(|kind| (kind.name, kind.title)));
    }
    Ok(kinds)
}

/// What the items of a kind are called.
pub fn kind<'a>(kinds: &'a Kinds, name: &'a str) -> &'a str {
    kinds.get(name).map_or(name, String::as_str)
}

pub fn state(state: RecordState) -> &'static str {
    match state {
        RecordState::Found => "Found",
        RecordState::KindOff => "Kind is off",
        RecordState::NotChosen => "Not chosen",
        RecordState::Withheld => "Withheld",
        RecordState::Waiting => "Waits for the index",
        RecordState::FileWaiting => "File waits",
        RecordState::FileWithoutWords => "File without words",
    }
}

/// A state with its colour.
pub fn badge(of: RecordState) -> Markup {
    let colour = match of {
        RecordState::Found => "good",
        RecordState::Waiting | RecordState::FileWaiting => "notice",
        RecordState::Withheld | RecordState::FileWithoutWords => "incomplete",
        RecordState::KindOff | RecordState::NotChosen => "off",
    };
    html! { span.badge data-state=(colour) { (state(of)) } }
}

/// How a file stands, where that is worth saying: one that has words is as it should be.
pub fn file(state: Option<&str>) -> Option<Markup> {
    match state {
        None | Some("words") => None,
        Some("waiting") => Some(badge(RecordState::FileWaiting)),
        Some(_) => Some(badge(RecordState::FileWithoutWords)),
    }
}

pub fn happened(what: Happened) -> &'static str {
    match what {
        Happened::Added => "Read for the first time",
        Happened::Returned => "Back, after it was gone",
        Happened::Changed => "Changed",
        Happened::Moved => "Moved to another place",
        Happened::Access => "Other readers",
        Happened::Archived => "Archived",
        Happened::Binned => "Moved to the bin",
        Happened::Deleted => "Deleted",
        Happened::LeftOut => "Left out by the connection's settings",
    }
}
