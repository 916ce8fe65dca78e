//! One item, level by level: why a person may read it, or may not.

use serde::Serialize;

use super::Identity;
use super::rule::{self, Above};
use crate::model::{Access, Principal};

/// An item on the way from the one in question up to its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// False for an item that only a child has mentioned, or that was deleted.
    pub present: bool,
    /// The id of the item that holds this one. None for a root.
    pub parent: Option<String>,
    pub access: Access,
    /// Its words are shown to nobody yet.
    pub withheld: bool,
    /// The place it had before, which must let a reader in as well.
    pub former: Option<Former>,
}

/// A place that an item has left and that counts until the new one has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    pub access: Access,
    /// What the person may do above it.
    pub above: Above,
}

/// The verdict on the first level, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub readable: bool,
    /// The item itself first, its root last.
    pub steps: Vec<Step>,
    /// None if the person may read the item.
    pub refusal: Option<Refusal>,
}

/// What one level says, and what that means for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub present: bool,
    pub access: Access,
    /// Which of the principals named here the person is: the first that fits.
    pub through: Option<Principal>,
    /// Whether the person may read the item at this level.
    pub readable: bool,
}

/// The level nearest to the item that is enough to refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its place among the steps.
    pub level: usize,
    pub reason: Reason,
}

/// Why a level refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It names whom it lets in, and the person is none of them.
    NotNamed,
    /// The source would not tell who may read it.
    Unknown,
    /// It is a root and lets nobody in.
    RootWithoutReaders,
    /// It is not there: it never arrived, or was deleted.
    Absent,
    /// It has a parent, of which nothing is known; or the parents go round in a circle.
    ParentAbsent,
    /// It was moved or opened, and not all that is above and below it was looked at since; until then only
    /// those may read it who could before.
    Unsettled,
    /// Its words are new, and who may read what is above was not looked at since.
    Withheld,
}

/// Explains the chain of an item, given from itself up to its root, to a person.
///
/// The verdict is that of `Forest::readable`. A chain that stops before a root, or
/// whose levels are not each other's parents, leads nowhere and shows the item to
/// nobody; so does an empty one. What follows a root is left out.
pub fn explain(chain: &[Level], identity: &Identity) -> Explanation {
    let end = chain.iter().position(|level| level.parent.is_none()).map_or(chain.len(), |root| root + 1);
    let chain = chain.get(..end).unwrap_or(chain);
    let lost = lost(chain);
    let mut above = if lost.is_some() { Above::Lost } else { Above::Nothing };
    let mut steps = Vec::with_capacity(chain.len());
    for level in chain.iter().rev() {
        let step = step(level, above, identity);
        if lost.is_none() {
            above = Above::Parent { readable: step.readable };
        }
        steps.push(step);
    }
    steps.reverse();
    let allowed = steps.first().is_some_and(|step| step.readable);
    let readable = allowed && !chain.first().is_some_and(|item| item.withheld);
    let refusal = match (readable, allowed) {
        (true, _) => None,
        (false, true) => Some(Refusal { level: 0, reason: Reason::Withheld }),
        (false, false) => Some(lost.unwrap_or_else(|| refusal(chain, &steps, identity))),
    };
    Explanation { readable, steps, refusal }
}

/// Where the chain breaks off, if it does.
fn lost(chain: &[Level]) -> Option<Refusal> {
    for (place, level) in chain.iter().enumerate() {
        let next = chain.get(place + 1).map(|next| &next.id);
        let reason = match () {
            () if !level.present => Reason::Absent,
            () if level.parent.as_ref() != next => Reason::ParentAbsent,
            () => continue,
        };
        return Some(Refusal { level: place, reason });
    }
    chain.is_empty().then_some(Refusal { level: 0, reason: Reason::Absent })
}

fn step(level: &Level, above: Above, identity: &Identity) -> Step {
    let named = rule::principals(&level.access);
    let through = named.iter().find(|principal| identity.is(principal)).cloned();
    Step {
        id: level.id.clone(),
        kind: level.kind.clone(),
        title: level.title.clone(),
        present: level.present,
        access: level.access.clone(),
        readable: level.present
            && rule::readable(&level.access, above, through.is_some())
            && admits_as_before(level, identity),
        through,
    }
}

/// Whether the former place, where it counts, lets the person in.
fn admits_as_before(level: &Level, identity: &Identity) -> bool {
    level.former.as_ref().is_none_or(|former| {
        let named = identity.is_any(rule::principals(&former.access));
        rule::readable(&former.access, former.above, named)
    })
}

/// The first level, from the item upwards, that refuses by itself. All steps of the
/// way to it refuse as well, or the item would be readable.
fn refusal(chain: &[Level], steps: &[Step], identity: &Identity) -> Refusal {
    for (level, step) in steps.iter().enumerate() {
        if chain.get(level).is_some_and(|level| !admits_as_before(level, identity)) {
            return Refusal { level, reason: Reason::Unsettled };
        }
        let root = level + 1 == steps.len();
        let reason = match &step.access {
            Access::Unknown => Reason::Unknown,
            Access::Replaced(named) if root && named.is_empty() => Reason::RootWithoutReaders,
            Access::Replaced(_) => Reason::NotNamed,
            _ if root => Reason::RootWithoutReaders,
            Access::Narrowed(_) if step.through.is_none() => Reason::NotNamed,
            Access::Inherited | Access::Narrowed(_) | Access::Widened(_) => continue,
        };
        return Refusal { level, reason };
    }
    Refusal { level: 0, reason: Reason::Absent }
}
