//! What this process counted since it began, for whoever watches it: nothing here outlives it, and nothing decides
//! by it. What the store knows is asked there.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::watch;

use super::{Host, Synced};
use crate::model::Timestamp;
use crate::store::Outcome;

/// The upper bounds of what a search may take, in seconds.
const SEARCH_SECONDS: [f64; 8] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0];

/// What the runs of one connection sent, as far as they have ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    pub requests: u64,
    pub bytes: u64,
    pub retries: u64,
    pub waited_ms: u64,
    /// Runs by how they ended.
    pub runs: BTreeMap<&'static str, u64>,
}

/// The counts, and the pulse of whoever serves.
#[derive(Debug)]
pub(super) struct Meters {
    sent: Mutex<BTreeMap<String, Sent>>,
    searches: Histogram,
    pulse: watch::Sender<Option<Timestamp>>,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            sent: Mutex::default(),
            searches: Histogram::new(SEARCH_SECONDS),
            pulse: watch::channel(None).0,
        }
    }
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Meters {
    /// A run has ended; None if it broke off for a reason of this host's own.
    pub fn ran(&self, name: &str, synced: Option<&Synced>) {
        let mut all = open(&self.sent);
        let sent = all.entry(name.to_owned()).or_default();
        let outcome = synced.map_or(Some(Outcome::Failed), |synced| synced.report.run.outcome);
        *sent.runs.entry(outcome.map_or("unknown", Outcome::as_str)).or_default() += 1;
        if let Some(traffic) = synced.map(|synced| &synced.traffic) {
            sent.requests += traffic.requests;
            sent.bytes += traffic.bytes;
            sent.retries += traffic.retries;
            sent.waited_ms += traffic.waited_ms;
        }
    }

    /// Counts a search from now on until this is dropped.
    pub fn timed(&self) -> Timed<'_> {
        Timed { searches: &self.searches, began: Instant::now() }
    }

    pub fn beat(&self, now: Timestamp) {
        self.pulse.send_replace(Some(now));
    }

    pub fn rest(&self) {
        self.pulse.send_replace(None);
    }
}

/// A search that goes on.
pub(super) struct Timed<'a> {
    searches: &'a Histogram,
    began: Instant,
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        self.searches.observe(self.began.elapsed().as_secs_f64());
    }
}

impl Host {
    /// What runs of this process sent, by connection.
    pub fn sent(&self) -> BTreeMap<String, Sent> {
        open(&self.meters.sent).clone()
    }

    /// How long searches of this process took.
    pub fn searches(&self) -> Histogram {
        self.meters.searches.clone()
    }

    /// When it was last looked for what is due; None while this process does not serve.
    pub fn pulse(&self) -> Option<Timestamp> {
        *self.meters.pulse.borrow()
    }

    /// Until this process does not serve, or not any more.
    pub async fn at_rest(&self) {
        // The sender is ours, so that it is there.
        let mut pulse = self.meters.pulse.subscribe();
        let _rests = pulse.wait_for(Option::is_none).await;
    }

    /// Opens the index as a search does, and says how many items can be found in it.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn documents(&self) -> Result<u64, super::HostError> {
        Ok(self.open_index()?.len())
    }
}
