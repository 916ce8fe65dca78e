//! Positions inside a read, as JSON.

use super::audit::AuditPlace;
use super::changes::Reading;
use super::directory::Stage;
use super::partitions::Token;
use super::selected;
use super::threads::Threads;
use crate::confluence::id::Id;
use crate::error::Error;
use serde::{Deserialize, Serialize};

/// What the contract allows.
const CURSOR_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cursor {
    /// The spaces of a partition, from the one of this number.
    Spaces {
        from: usize,
    },
    /// Listings that are walked one after the other.
    Walk(Place),
    /// The walk through comments.
    Comments {
        place: Place,
        heard: Heard,
    },
    /// The second walk through comments, for replies that the first one did not show.
    Replies {
        place: Place,
    },
    Directory(Stage),
    Audit(AuditPlace),
    /// Where a read of what changed is.
    Changes(Box<Reading>),
    /// A read without words is at such a place: it is never continued as one with them.
    Inventory(Box<Cursor>),
    /// What a filter wants.
    Selected {
        /// When the read began, in milliseconds since 1970-01-01T00:00:00Z: where sliding windows end.
        now: u64,
        stage: selected::Stage,
    },
}

/// A place in a row of listings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which listing.
    pub listing: usize,
    /// The path and query of its next page; none at its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// A smaller `limit` than usual, since the site did not manage more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reduced: Option<u16>,
}

/// What a walk through comments has met so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Whether replies were among them.
    pub replies: bool,
    /// While there were none: the first comments, to be asked for their children.
    pub roots: Vec<Id>,
    /// Which thread the replies belong to.
    #[serde(default, skip_serializing_if = "Threads::are_empty")]
    pub threads: Threads,
}

impl Cursor {
    pub fn start(token: &Token, now: u64) -> Cursor {
        match token {
            Token::Selected(selected) => Cursor::Selected { now, stage: selected.start() },
            Token::Pages { .. } => Cursor::Spaces { from: 0 },
            Token::Directory => Cursor::Directory(Stage::Users { link: None }),
            Token::FooterComments | Token::InlineComments => {
                Cursor::Comments { place: Place::default(), heard: Heard::default() }
            }
            Token::Audit => Cursor::Audit(AuditPlace::default()),
            Token::Changes { .. } => Cursor::Changes(Box::default()),
            Token::BlogPosts { .. } | Token::Attachments | Token::Nodes { .. } => {
                Cursor::Walk(Place::default())
            }
        }
    }

    pub fn encode(&self) -> Result<String, Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::Unexpected(format!("could not write a cursor down: {error}")))?;
        if text.len() > CURSOR_BYTES_MAX {
            return Err(Error::Unexpected(format!(
                "a cursor of {} bytes is longer than the contract allows; the site's links must be very long",
                text.len()
            )));
        }
        Ok(text)
    }

    pub fn decode(text: &str) -> Result<Cursor, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::StalePosition(format!("could not understand the cursor: {error}")))
    }
}
