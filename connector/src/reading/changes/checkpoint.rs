//! Where a read of what changed begins: the newest edit of each list, as the data had it, and what was told of the
//! time just before.

use super::dated::Edit;
use crate::confluence::id::Id;
use crate::error::Error;
use serde::{Deserialize, Serialize};

/// A read goes back so much further than the newest edit of the one before: lists may lag, and sort those that were
/// edited at about the same time in any order.
pub const OVERLAP: u64 = 10 * 60 * 1000;

/// Edits within the overlap that are remembered of a list, so that they are not told again: 21 bytes each at most, of
/// five lists, and twice in a cursor, of 64 KiB. With more of them the overlap is shorter.
pub const KNOWN_MAX: usize = 200;

/// The lists that are walked. Their order is that of the marks in checkpoints that hosts keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    Pages = 0,
    BlogPosts,
    FooterComments,
    InlineComments,
    Attachments,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The filter's. What changed under another one is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    pub marks: Marks,
    /// The newest spaces.
    pub spaces: Vec<Id>,
}

/// A mark of each list that could be read. No map, since one for a few entries adds ten kilobytes to the component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(Vec<Option<Mark>>);

impl Marks {
    pub fn get(&self, list: Walked) -> Option<&Mark> {
        self.0.get(list as usize)?.as_ref()
    }

    pub fn set(&mut self, list: Walked, mark: Option<Mark>) {
        while self.0.len() <= list as usize {
            self.0.push(None);
        }
        if let Some(place) = self.0.get_mut(list as usize) {
            *place = mark;
        }
    }

    pub fn are_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// How far a list was read. Times are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The newest edit when the read began; 0 if there was none.
    newest: u64,
    /// What was edited before is old.
    from: u64,
    /// Digests of the edits since then that were told.
    known: Vec<u64>,
}

/// What an edit is to a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    News,
    Known,
    /// So is all that follows it in the list.
    Old,
}

impl Checkpoint {
    pub fn encode(&self) -> Result<String, Error> {
        serde_json::to_string(self)
            .map_err(|error| Error::Unexpected(format!("could not write a checkpoint down: {error}")))
    }

    pub fn decode(text: &str) -> Result<Checkpoint, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::StalePosition(format!("could not understand the checkpoint: {error}")))
    }
}

impl Mark {
    /// A read begins, and the newest edits in the list are these. What was old stays old.
    pub fn begin(before: Option<&Mark>, first: &[Edit]) -> Mark {
        let (newest, from) = before.map_or((0, 0), |mark| (mark.newest, mark.from));
        let newest = first.iter().filter_map(|edit| edit.at).max().unwrap_or_default().max(newest);
        Mark { newest, from: from.max(newest.saturating_sub(OVERLAP)), known: Vec::new() }
    }

    pub fn stand(&self, edit: Edit) -> Standing {
        match edit.at {
            Some(time) if time < self.from => Standing::Old,
            _ if self.known.contains(&edit.digest) => Standing::Known,
            _ => Standing::News,
        }
    }

    /// Remembers an edit that is told, or was. They come newest first.
    pub fn remember(&mut self, edit: Edit) {
        if edit.at.is_some_and(|time| time < self.from) || self.known.contains(&edit.digest) {
            return;
        }
        if self.known.len() < KNOWN_MAX {
            self.known.push(edit.digest);
        } else if let Some(time) = edit.at {
            self.from = time.saturating_add(1);
        }
    }

    /// How many edits are remembered.
    pub fn remembered(&self) -> usize {
        self.known.len()
    }
}
