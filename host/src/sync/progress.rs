//! What a run tells those who watch it.

use crate::model::Partition;
use crate::sandbox::Journal;

/// Something that happened in a run.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A dataset was split into this many partitions.
    Listed { dataset: &'a str, partitions: usize },
    /// A page was made durable: how many changes it had, and about how many are to come.
    Page { dataset: &'a str, partition: &'a Partition, changes: usize, remaining: Option<u64> },
    /// A partition was read to its end.
    Done { dataset: &'a str, partition: &'a Partition },
    /// A call will be repeated, or a partition given up, for this reason.
    Trouble { dataset: &'a str, partition: &'a str, words: &'a str },
    /// Partitions of a dataset that changed settings do not touch; they are left alone.
    Untouched { dataset: &'a str, partitions: usize },
    /// Items that the settings leave out were removed.
    LeftOut { items: usize },
    /// Items that a complete read no longer mentions are being asked about.
    Confirming { suspects: usize },
    /// So many files were looked at for their words, of so many that are known to wait.
    Files { done: u64, waiting: u64 },
    /// The connector said something.
    Said { journal: &'a Journal },
}

/// Somebody who watches. Called from the run's tasks, so it must not block.
pub trait Progress: Send + Sync + 'static {
    fn notice(&self, event: Event<'_>);
}

/// Nobody watches.
pub struct Silent;

impl Progress for Silent {
    fn notice(&self, _event: Event<'_>) {}
}
