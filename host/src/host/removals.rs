//! What removals left behind because a run held the index's writer, taken up again by whoever serves the folder.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Host, HostError, Removed};
use crate::model::Timestamp;

/// One that could not be finished either, since another process writes the index, is tried again after this long:
/// nobody sees what is left of it.
const AGAIN_MS: u64 = 10 * 1_000;

/// The removals of a folder that is served.
#[derive(Default)]
pub(super) struct Removals {
    /// One at most: it goes on with all that were begun.
    under_way: JoinSet<Result<Vec<Removed>, HostError>>,
    not_before: Timestamp,
}

impl Removals {
    /// Goes on, if there is anything left. That takes the index's writer for itself, so it is for a moment in which
    /// nothing is read.
    pub fn go_on(&mut self, host: &Arc<Host>) -> Result<(), HostError> {
        let rests = !self.under_way.is_empty() || host.now()? < self.not_before;
        if rests || host.store().removals()?.is_empty() {
            return Ok(());
        }
        let host = Arc::clone(host);
        self.under_way.spawn_blocking(move || host.go_on_removing());
        Ok(())
    }

    /// What the one under way came to; None at once if there is none.
    pub async fn next(&mut self) -> Option<Result<Result<Vec<Removed>, HostError>, HostError>> {
        let done = self.under_way.join_next().await?;
        Some(done.map_err(|error| HostError::Lost(error.to_string())))
    }

    pub fn rest(&mut self, now: Timestamp) {
        self.not_before = now.saturating_add(AGAIN_MS);
    }
}
