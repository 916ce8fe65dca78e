//! Rows that say when they were edited last.

use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::Unreadable;
use crate::confluence::page::{PageRow, Version};
use crate::item::time;

pub trait Dated {
    fn id(&self) -> &Id;

    fn version(&self) -> Option<&Version>;

    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn edited(&self) -> Option<u64> {
        time::milliseconds(self.version()?.created_at.as_deref())
    }

    /// Which edit it was.
    fn number(&self) -> u64 {
        self.version().and_then(|version| version.number).unwrap_or_default()
    }
}

macro_rules! dated {
    ($($row:ty),*) => {$(
        impl Dated for $row {
            fn id(&self) -> &Id {
                &self.id
            }

            fn version(&self) -> Option<&Version> {
                self.version.as_ref()
            }
        }
    )*};
}
dated!(PageRow, CommentRow, AttachmentRow);

/// A row of another shape, of which nothing is known but its id.
pub struct Odd<'r>(pub &'r Id);

impl Odd<'_> {
    pub fn of(row: &Unreadable) -> Option<Odd<'_>> {
        row.id.as_ref().map(Odd)
    }
}

impl Dated for Odd<'_> {
    fn id(&self) -> &Id {
        self.0
    }

    fn version(&self) -> Option<&Version> {
        None
    }

    /// No edit has this one.
    fn number(&self) -> u64 {
        u64::MAX
    }
}
