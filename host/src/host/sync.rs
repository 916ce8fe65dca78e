//! Syncing a connection: a run, and the index kept up with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::feed::{Fed, Feeder};
use super::spending::keep_points;
use super::{Host, HostError, Record};
use crate::gate::{self, Governors};
use crate::model::{ConnectionId, Timestamp, timestamp};
use crate::store::{Mode, Store, Trigger};
use crate::sync::{Job, Policy, Progress, Remote, Report, Stop, run};
use crate::tape::{Recorded, TapeError};

/// What a sync sets out to do, and why.
#[derive(Debug, Clone)]
pub struct SyncOptions {
    pub mode: Mode,
    pub trigger: Trigger,
    pub policy: Policy,
    /// Asks the run to stop between two pages.
    pub stop: Stop,
    /// Record the run there, so that it can be repeated without the source.
    pub record: Option<Record>,
}

impl SyncOptions {
    /// A sync that somebody asked for and nobody will stop.
    pub fn by_hand(mode: Mode) -> Self {
        Self { mode, trigger: Trigger::Hand, policy: Policy::default(), stop: Stop::never(), record: None }
    }
}

/// A finished sync: what was read, at what cost, and what the index took from it.
pub struct Synced {
    pub report: Report,
    pub traffic: gate::Traffic,
    pub fed: Fed,
    /// From the start of the run until everything it read could be found.
    pub took: Duration,
    /// The tape, if the run was to be recorded: a recording that failed leaves the run as it is.
    pub tape: Option<Result<Recorded, TapeError>>,
}

impl Host {
    /// Reads a connection once, and ends when what was read can be searched.
    ///
    /// # Errors
    ///
    /// When there is no such connection, its connector or secret cannot be had, or the store or
    /// the index cannot be written, or the tape cannot be made. That a source could not be read is in the report instead.
    pub async fn sync(
        &self,
        name: &str,
        options: SyncOptions,
        progress: Arc<dyn Progress>,
    ) -> Result<Synced, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let gate = self.gate_of(&connection, &connector)?.sparing();
        let clock = Arc::clone(&self.doors()?.clock);
        let began = clock.now();
        let record = options.record.as_ref();
        let tape = record
            .map(|record| self.recorder(record, &connection, &connector, &gate, options.mode))
            .transpose()?;
        let committed = Arc::new(Notify::new());
        let over = Arc::new(AtomicBool::new(false));
        let feeder = self.feeder()?;
        // A set ends its task when it is dropped: a sync that is given up lets go of the index.
        let mut feeding = JoinSet::new();
        let spending = Spent {
            store: self.store.clone(),
            connection: connection.id,
            governors: self.governors(connection.id)?,
        };
        feeding.spawn(follow(feeder, spending, Arc::clone(&committed), Arc::clone(&over)));
        let job = Job {
            store: self.store.clone(),
            connection: connection.id,
            description: connector.description().clone(),
            mode: options.mode,
            trigger: options.trigger,
            policy: options.policy,
            source: Remote { connector, gate: gate.clone(), connection, tape: tape.clone() },
            clock: Arc::clone(&clock),
            progress,
            committed: Arc::clone(&committed),
            stop: options.stop,
        };
        let report = run(job).await;
        let tape = tape.map(|tape| tape.finish());
        over.store(true, Ordering::Release);
        committed.notify_one();
        let fed = feeding.join_next().await.ok_or(HostError::NotReady("the index's feeder"))?;
        let fed = fed.map_err(|error| HostError::Lost(error.to_string()))?;
        let took = clock.now().duration_since(began).unwrap_or_default();
        Ok(Synced { report: report?, traffic: gate.ledger().traffic(), fed: fed?, took, tape })
    }

    pub(super) fn now(&self) -> Result<Timestamp, HostError> {
        Ok(timestamp(self.doors()?.clock.now()))
    }
}

/// Whose points are kept, and where.
#[derive(Clone)]
struct Spent {
    store: Store,
    connection: ConnectionId,
    governors: Governors,
}

/// Feeds the index after commits, and once more when the run is over. What was spent is kept on the way: points
/// are of an hour, and the next process is to know of them.
async fn follow(
    mut feeder: Feeder,
    spent: Spent,
    committed: Arc<Notify>,
    over: Arc<AtomicBool>,
) -> Result<Fed, HostError> {
    let lost = |error: tokio::task::JoinError| HostError::Lost(error.to_string());
    loop {
        committed.notified().await;
        let keep = spent.clone();
        let kept =
            tokio::task::spawn_blocking(move || keep_points(&keep.store, keep.connection, &keep.governors));
        kept.await.map_err(lost)??;
        // Read before feeding: what is committed after this is fed by the next round.
        if over.load(Ordering::Acquire) {
            return tokio::task::spawn_blocking(move || feeder.finish()).await.map_err(lost)?;
        }
        let round = tokio::task::spawn_blocking(move || feeder.feed().map(|()| feeder));
        feeder = round.await.map_err(lost)??;
    }
}
