//! Listing items, for an administrator or as a person.

use super::{Host, HostError};
use crate::store::{ItemFilter, ItemLine};

/// Items taken from the store at a time.
const BATCH: u32 = 1_000;

impl Host {
    /// Hands each item of a connection to `each`, in the order they were first met; with a
    /// person only what that person may read. Ends early when `each` says so.
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
        let may = |num| asker.as_ref().is_none_or(|(asker, _)| asker.readable.contains(num));
        let mut after = None;
        loop {
            let filter = ItemFilter { connection: Some(connection), kind, after };
            let batch = self.store.list_items(filter, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.num);
            for line in batch {
                if may(line.num) && !each(line) {
                    return Ok(());
                }
            }
        }
    }
}
