//! Listing items, for an administrator or as a person.

use super::why::explain;
use super::{Host, HostError};
use crate::store::{ItemFilter, ItemLine};

/// Items taken from the store at a time.
const BATCH: u32 = 1_000;

impl Host {
    /// Hands each item of a connection to `each`, in the order they were first met; with a
    /// person only what that person may read, found in searches or not. What only holds others
    /// is left out unless its kind is asked for. Ends early when `each` says so.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn each_item(
        &self,
        connection: &str,
        kind: Option<&str>,
        person: Option<&str>,
        mut each: impl FnMut(ItemLine) -> bool,
    ) -> Result<(), HostError> {
        let connection = self.store.connection(connection)?.id;
        let asker = person.map(|email| self.readers.asker(&self.store, email)).transpose()?;
        // Judged again line by line, since a sync may go on while somebody reads a long list.
        let may = |line: &ItemLine| match &asker {
            None => Ok(true),
            Some((asker, _)) if !asker.readable.contains(line.num) => Ok(false),
            Some((asker, _)) => {
                explain(&self.store, line.num, &asker.identity(connection)).map(|told| told.readable)
            }
        };
        let holds_only: Vec<String> = match kind {
            Some(_) => Vec::new(),
            None => self
                .store
                .kinds(connection)?
                .into_iter()
                .filter(|kind| !kind.offered)
                .map(|kind| kind.name)
                .collect(),
        };
        let mut after = None;
        loop {
            let filter = ItemFilter { connection: Some(connection), kind, after };
            let batch = self.store.list_items(filter, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.num);
            for line in batch {
                if holds_only.contains(&line.kind) {
                    continue;
                }
                if may(&line)? && !each(line) {
                    return Ok(());
                }
            }
        }
    }
}
