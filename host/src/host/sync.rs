//! Syncing a connection: a run, and the index kept up with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::feed::Fed;
use super::feeding::Share;
use super::spending::keep_points;
use super::{Host, HostError, Record};
use crate::gate::{self, Governors};
use crate::model::{Connection, ConnectionId, Fault, Timestamp, timestamp};
use crate::sandbox::CallError;
use crate::store::{Mode, Outcome, Store, Trigger};
use crate::sync::{Claims, Job, Policy, Progress, Remote, Report, Stop, run};
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

/// What is known of a sync before it begins.
struct Noting {
    connection: ConnectionId,
    mode: Mode,
    trigger: Trigger,
    began: Timestamp,
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
    /// [`HostError::SettingUp`]; when there is no such connection, its connector or secret cannot be had, or the store or
    /// the index cannot be written, or the tape cannot be made. That a source could not be read is in the report instead.
    pub async fn sync(
        &self,
        name: &str,
        options: SyncOptions,
        progress: Arc<dyn Progress>,
    ) -> Result<Synced, HostError> {
        let connection = self.store.connection(name)?;
        self.require_set_up(&connection)?;
        let noting = Noting {
            connection: connection.id,
            mode: options.mode,
            trigger: options.trigger,
            began: self.now()?,
        };
        let span =
            tracing::info_span!(target: "weir::sync", "run", connection = name, mode = options.mode.as_str());
        let synced = self.read(connection, options, progress).instrument(span).await;
        self.note(&noting, &synced);
        self.meters.ran(name, synced.as_ref().ok());
        synced
    }

    async fn read(
        &self,
        connection: Connection,
        options: SyncOptions,
        progress: Arc<dyn Progress>,
    ) -> Result<Synced, HostError> {
        let (connector, sha256) = self.loaded(&connection.connector).await?;
        let gate = self.gate_of(&connection, &connector)?.sparing();
        let clock = Arc::clone(&self.doors()?.clock);
        let began = clock.now();
        let record = options.record.as_ref();
        let tape = record
            .map(|record| self.recorder(record, &connection, (&connector, sha256), &gate, options.mode))
            .transpose()?;
        let committed = Arc::new(Notify::new());
        let over = Arc::new(AtomicBool::new(false));
        let share = self.share_feed().await?;
        // A set ends its task when it is dropped: a sync that is given up lets go of the index.
        let mut feeding = JoinSet::new();
        let spending = Spent {
            store: self.store.clone(),
            connection: connection.id,
            governors: self.governors(connection.id)?,
        };
        feeding.spawn(follow(share, spending, Arc::clone(&committed), Arc::clone(&over)));
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
            claims: Claims::default(),
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

    /// Notes what a schedule must know: that the sign-in was refused or taken, and a run that broke off for a
    /// reason of the host's own. What cannot be noted is told by the sync itself.
    fn note(&self, noting: &Noting, synced: &Result<Synced, HostError>) {
        let Noting { connection, mode, trigger, began } = *noting;
        let needs_sign_in = match synced {
            Ok(synced) => match (&synced.report.stopped, synced.report.run.outcome) {
                (Some(CallError::Fault { fault: Fault::Unauthenticated(_), .. }), _) => Some(true),
                (None, Some(Outcome::Complete | Outcome::Incomplete)) => Some(false),
                _ => None,
            },
            Err(error) => error.needs_sign_in().then_some(true),
        };
        if let Some(needs) = needs_sign_in {
            let _untold = self.store.set_needs_sign_in(connection, needs);
        }
        if let Err(error) = synced
            && let Ok(now) = self.now()
        {
            let words = error.to_string();
            let _untold = self.store.note_failed_run(connection, mode, trigger, &words, began, now);
        }
    }

    /// The host's time.
    ///
    /// # Errors
    ///
    /// When its doors cannot be made.
    pub fn now(&self) -> Result<Timestamp, HostError> {
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
    share: Share,
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
            return share.finish().await;
        }
        share.feed().await?;
    }
}
