//! What happened at the sources, for an administrator.

use std::time::Duration;

use super::{Host, HostError};
use crate::store::{ActivityFilter, KeptActivity};

impl Host {
    /// Hands each audit record that fits to `each`, newest first: those of one connection or of
    /// all, not older than `within`. Ends early when `each` says so.
    ///
    /// There is no asking as a person: a record may name what somebody else may not read.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn each_activity(
        &self,
        connection: Option<&str>,
        within: Option<Duration>,
        filter: ActivityFilter,
        each: impl FnMut(KeptActivity) -> bool,
    ) -> Result<(), HostError> {
        let connection = connection.map(|name| self.store.connection(name)).transpose()?;
        let connection = connection.map(|connection| connection.id).or(filter.connection);
        let since = match within {
            Some(within) => {
                let length = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
                self.now()?.saturating_sub(length).max(filter.since)
            }
            None => filter.since,
        };
        Ok(self.store.each_activity(&ActivityFilter { connection, since, ..filter }, each)?)
    }
}
