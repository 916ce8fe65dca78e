//! Rows that say when they were edited last.

use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::page::{PageRow, Version};
use crate::item::{time, version};

/// The last edit of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// Tells it from any other edit.
    pub digest: u64,
    /// Milliseconds since 1970-01-01T00:00:00Z, if the row tells.
    pub at: Option<u64>,
}

impl Edit {
    pub fn of(id: &Id, version: Option<&Version>) -> Edit {
        let number = version.and_then(|version| version.number).unwrap_or_default();
        let at = version.and_then(|version| time::milliseconds(version.created_at.as_deref()));
        Edit { digest: version::digest(&[id.as_str(), &number.to_string()]), at }
    }

    /// Of a row of another shape, of which nothing is known but its id.
    pub fn unknown(id: &Id) -> Edit {
        Edit { digest: version::digest(&[id.as_str(), "unknown"]), at: None }
    }
}

pub trait Dated {
    fn edit(&self) -> Edit;
}

macro_rules! dated {
    ($($row:ty),*) => {$(
        impl Dated for $row {
            fn edit(&self) -> Edit {
                Edit::of(&self.id, self.version.as_ref())
            }
        }
    )*};
}
dated!(PageRow, CommentRow, AttachmentRow);
