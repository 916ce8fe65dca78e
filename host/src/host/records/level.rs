//! The tree of records, a level at a time.

use super::item::{Crumb, crumbs};
use super::list::{Stated, stated};
use crate::host::{Host, HostError};
use crate::store::{LevelKey, LevelLine};

/// What lies directly below an item, or at the top of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// From the root down to the item; empty at the top.
    pub path: Vec<Crumb>,
    /// The items, and how many lie directly below each: 1,001 stands for more than 1,000.
    pub lines: Vec<(Stated, u64)>,
    /// Where the next page begins; None on the last.
    pub next: Option<LevelKey>,
}

impl Host {
    /// A page of a level, by kind and title. `below` is an item's whole id.
    ///
    /// # Errors
    ///
    /// When there is no such connection or item, or the store cannot be read.
    pub fn level(
        &self,
        connection: &str,
        below: Option<&str>,
        after: Option<&LevelKey>,
        limit: u32,
    ) -> Result<Level, HostError> {
        let connection = self.store.connection(connection)?.id;
        let parent = match below {
            None => None,
            Some(id) => {
                let found = self.store.items_with_id(Some(connection), id)?.pop();
                Some(found.ok_or_else(|| HostError::UnknownItem { id: id.to_owned() })?.num)
            }
        };
        let path = parent.map(|num| self.store.chain(num)).transpose()?;
        let path = path.map(|chain| crumbs(&chain)).unwrap_or_default();
        let mut found = self.store.level(connection, parent, after, limit.saturating_add(1))?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(LevelLine::key);
        let forests = self.forests()?;
        let lines = found.into_iter().map(|one| (stated(one.line, &forests), one.below)).collect();
        Ok(Level { path, lines, next })
    }
}
