//! What goes on at the connections of this host, for those who watch.

use std::future::pending;
use std::sync::Arc;

use super::{Host, HostError};
use crate::live::{Doing, Goal, Going, Live};
use crate::model::ConnectionId;
use crate::store::Mode;

impl Host {
    /// What goes on in this process.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Lets those who watch see what is done at a connection, until the answer is dropped.
    ///
    /// # Errors
    ///
    /// When the host's doors cannot be made, or the store cannot be read.
    pub fn going(&self, connection: ConnectionId, doing: Doing) -> Result<Going, HostError> {
        let clock = Arc::clone(&self.doors()?.clock);
        Ok(self.live.begin(connection, doing, clock, self.governors(connection)?))
    }

    /// Finds out how much a sync has to read, beside that sync, and never ends: whoever syncs decides when this is
    /// given up. A first sync asks the source, in a dozen requests; one that looks at everything again finds about
    /// what the store has.
    pub(super) async fn aim<T>(&self, name: &str, mode: Mode, going: &Going) -> T {
        if let Ok(Some(goal)) = self.goal(name, mode).await {
            going.expect(goal);
        }
        pending().await
    }

    async fn goal(&self, name: &str, mode: Mode) -> Result<Option<Goal>, HostError> {
        let connection = self.store.connection(name)?.id;
        let items: u64 = self.store.counts_by_kind(connection)?.values().sum();
        if items == 0 {
            return Ok(Some(Goal::of(&self.estimate(name).await?)));
        }
        Ok(mode.is_complete().then_some(Goal { items, points: None }))
    }
}
