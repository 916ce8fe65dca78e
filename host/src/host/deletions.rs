//! Deletions that wait for a person, and items that could not be read.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{Host, HostError};
use crate::store::{Mode, Trigger, Waiting};
use crate::sync::{Approved, Claims, Job, Policy, Progress, Remote, Stop, approve};

impl Host {
    /// What waits for a person, by place and kind as [`Waiting::groups`] has it.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn waiting_deletions(&self, name: &str) -> Result<Vec<Waiting>, HostError> {
        Ok(self.store.waiting(self.store.connection(name)?.id)?)
    }

    /// Asks the source about each item that waits, deletes what it says is gone, and lets the index know. Other
    /// connections may be read meanwhile; that nobody reads this one is the caller's care ([`Host::hold`] between
    /// processes, [`Host::alone`] in one), since its run would be ended.
    ///
    /// # Errors
    ///
    /// When there is no such connection, its connector or secret cannot be had, or the store or the index
    /// cannot be written. That the source would not answer is in the result instead.
    pub async fn approve_deletions(
        &self,
        name: &str,
        stop: &Stop,
        progress: Arc<dyn Progress>,
    ) -> Result<Approved, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let gate = self.gate_of(&connection, &connector)?;
        let share = self.share_feed().await?;
        let job = Job {
            store: self.store.clone(),
            connection: connection.id,
            description: connector.description().clone(),
            mode: Mode::Since,
            trigger: Trigger::Hand,
            policy: Policy::default(),
            source: Remote { connector, gate, connection, tape: None },
            clock: Arc::clone(&self.doors()?.clock),
            progress,
            committed: Arc::new(Notify::new()),
            claims: Claims::default(),
            stop: stop.clone(),
        };
        let approved = approve(job).await?;
        share.finish().await?;
        Ok(approved)
    }
}
