//! How many people stand how, counted once for each state of the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Host, HostError};
use crate::model::{ConnectionId, Timestamp};
use crate::store::PeopleCounts;

/// Counting looks at everybody and at all restrictions, and a list is leafed through faster than that. What a run
/// tidies away at its end changes nothing that the store's generation tells, so that counts are not kept longer.
const COUNTED_MS_MAX: u64 = 60 * 1_000;

/// The counts of connections, the access generation they are of, and when they were made.
#[derive(Default)]
pub(super) struct Counted(Mutex<HashMap<ConnectionId, (u64, Timestamp, PeopleCounts)>>);

impl Host {
    /// How many of a connection's people each list has.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn people_counts(&self, connection: ConnectionId) -> Result<PeopleCounts, HostError> {
        let (generation, now) = (self.store.generation()?, self.now()?);
        let kept = self.counted.0.lock().unwrap_or_else(PoisonError::into_inner).get(&connection).cloned();
        let holds = |(of, made, _): &(u64, Timestamp, _)| {
            *of == generation && now.saturating_sub(*made) < COUNTED_MS_MAX
        };
        if let Some((.., counts)) = kept.filter(holds) {
            return Ok(counts);
        }
        let counts = self.store.people_counts(connection)?;
        let mut all = self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(connection, (generation, now, counts.clone()));
        Ok(counts)
    }
}
