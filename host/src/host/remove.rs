//! Removing a connection with everything of it, in steps of which any may be the last before a crash.

use super::{Host, HostError};
use crate::store::Removal;

/// A connection that was removed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Removed {
    pub name: String,
    /// Items that it had; 0 if an earlier command had begun to remove it.
    pub items: u64,
    /// Nothing of it is left on the disk. Otherwise the index or the log is in use by another process, and
    /// what is left goes with a later command; nobody sees it.
    pub erased: bool,
}

impl Host {
    /// Removes a connection with all that was read from it. From the first moment on nobody sees any of it.
    /// If this is cut off, [`Host::go_on_removing`] goes on.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or store or index cannot be written.
    pub fn remove_connection(&self, name: &str) -> Result<Removed, HostError> {
        let (removal, items) = self.store.begin_removal(name)?;
        let erased = self.erase(&removal)?;
        Ok(Removed { name: removal.name, items, erased })
    }

    /// Goes on with removals that were cut off, but for those that somebody in this process is at. Every command
    /// does so before anything else, and whoever serves the folder when nothing is read.
    ///
    /// # Errors
    ///
    /// When store or index cannot be written; the next call tries again.
    pub fn go_on_removing(&self) -> Result<Vec<Removed>, HostError> {
        let removals = self.store.removals()?;
        let finish = |removal: Removal| {
            let _turned = self.alone_now(removal.connection)?;
            let erased = self.erase(&removal);
            Some(erased.map(|erased| Removed { name: removal.name, items: 0, erased }))
        };
        removals.into_iter().filter_map(finish).collect()
    }

    /// The steps, in an order in which each may be repeated.
    fn erase(&self, removal: &Removal) -> Result<bool, HostError> {
        self.remove_tapes(&removal.name)?;
        self.forget_grant(removal.connection);
        self.forget_governors(removal.connection);
        while !self.store.remove_some(removal.connection)? {}
        // The row stands until the index has dropped the rest, so that a crash before that is noticed.
        match self.erase_from_index() {
            Ok(()) => {}
            Err(HostError::Index(crate::index::Error::Busy(_))) => return Ok(false),
            Err(error) => return Err(error),
        }
        self.store.finish_removal(removal.connection)?;
        Ok(self.store.empty_log()?)
    }

    /// Takes in the outbox, and rewrites what of the index still holds words of documents that are dropped.
    fn erase_from_index(&self) -> Result<(), HostError> {
        self.catch_up()?;
        self.open_index()?.writer()?.purge()?;
        Ok(())
    }
}
