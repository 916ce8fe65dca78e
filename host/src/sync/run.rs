//! One run: datasets in their order, partitions side by side, then the sweep.

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::again;
use super::claims::Claims;
use super::due::{Policy, Reasons};
use super::partition::{self, Ended, Task};
use super::progress::{Event, Progress};
use super::report::{Held, Report, Skipped};
use super::settle;
use super::source::Source;
use super::step::{Step, step};
use super::stop::{Halt, Stop};
use super::sweep::{self, Swept};
use crate::gate::Clock;
use crate::model::{ConnectionId, Dataset, Description, Partition, Position, Timestamp, timestamp};
use crate::sandbox::CallError;
use crate::store::{Mode, Outcome, PartitionState, RunId, SettingsSince, Store, StoreError, Trigger};

/// Partitions read at the same time. The gate bounds requests; this bounds the pages of
/// changes held in memory, and leaves a few partitions computing while others wait.
const PARTITIONS_AT_ONCE: usize = 8;

/// Partitions at which a connector may fail by itself in one run before the run stops: two rounds of those that are read
/// at once. A call may take a quarter of an hour, and another connection waits for its turn meanwhile.
const OWN_FAULTS_MAX: usize = 16;

/// What a run needs. Everything that is not a value comes in by these doors.
pub struct Job<S> {
    pub store: Store,
    pub connection: ConnectionId,
    pub description: Description,
    pub mode: Mode,
    pub trigger: Trigger,
    pub policy: Policy,
    pub source: S,
    pub clock: Arc<dyn Clock>,
    pub progress: Arc<dyn Progress>,
    /// Told after each commit that gave the index something to do.
    pub committed: Arc<Notify>,
    /// New ones for each run.
    pub claims: Claims,
    /// Asked to stop, the run ends after the pages that are under way and keeps what it has.
    pub stop: Stop,
}

/// A run that could not go on for a reason of the host's own.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a part of the run was lost ({0}); what it had kept is kept, run it again")]
    Lost(String),
}

impl<S: Source> Job<S> {
    /// Store calls block, so they leave the threads on which requests are waited for. A runtime
    /// that has one thread keeps them: there a run does the same things in the same order each time.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, SyncError> {
        if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
            return work(&self.store).map_err(SyncError::Store);
        }
        let store = self.store.clone();
        let done = tokio::task::spawn_blocking(move || work(&store)).await;
        done.map_err(|error| SyncError::Lost(error.to_string()))?.map_err(SyncError::Store)
    }

    pub(super) fn trouble(&self, dataset: &str, partition: &str, words: &str) {
        self.progress.notice(Event::Trouble { dataset, partition, words });
    }

    /// The time by which a question has rested long enough to be asked again. Whoever asks for all of the source
    /// wants it asked now, whatever it answered before.
    pub(super) fn patience_until(&self) -> Timestamp {
        match self.mode {
            Mode::Since => timestamp(self.clock.now()),
            Mode::Inventory | Mode::Everything => Timestamp::MAX,
        }
    }

    pub(super) fn kinds(&self) -> Arc<[String]> {
        self.description.kinds.iter().map(|kind| kind.name.clone()).collect()
    }
}

/// Reads a connection once. Ends also when much could not be read: the report says what.
///
/// # Errors
///
/// [`SyncError`] when the store cannot be written; what was committed before stays.
pub async fn run<S: Source>(job: Job<S>) -> Result<Report, SyncError> {
    let job = Arc::new(job);
    let (connection, mode, trigger, now) =
        (job.connection, job.mode, job.trigger, timestamp(job.clock.now()));
    let described = job.description.kinds.clone();
    let begin = move |store: &Store| {
        let shut = store.keep_kinds(connection, &described)?;
        let run = store.begin_run_by(connection, mode, trigger, now)?;
        Ok((run, store.settings_since(run)?, shut))
    };
    let (run, settings, shut) = job.blocking(begin).await?;
    job.claims.count(&shut);
    let mut reading = Reading {
        run,
        settings,
        kinds: job.kinds(),
        now,
        seats: Arc::new(Semaphore::new(PARTITIONS_AT_ONCE)),
        tasks: JoinSet::new(),
        done: 0,
        skipped: Vec::new(),
        own_faults: 0,
        stopped: None,
        halted: None,
    };
    for dataset in &job.description.datasets {
        if reading.stopped.is_some() || job.stop.asked().is_some() {
            break;
        }
        reading.start(&job, dataset).await?;
    }
    reading.wait(&job).await?;
    reading.halted = job.stop.asked();
    let mut swept = Swept::default();
    if reading.stopped.is_none() && reading.halted.is_none() {
        swept = sweep::sweep(&job, run, &reading.kinds, &mut reading.skipped).await?;
        if swept.refused {
            reading.halted = job.stop.asked();
        } else {
            again::ask_again(&job, run, &reading.kinds, &mut reading.skipped).await?;
        }
    }
    if reading.stopped.is_none() && reading.halted.is_none() {
        reading.look_at_people(&job).await?;
    }
    let waiting = match (&reading.stopped, reading.halted) {
        (None, None) => settle::settle(&job, run, &reading.kinds).await?,
        _ => settle::let_go(&job, run).await?.waiting,
    };
    finish(&job, reading, swept.held, waiting).await
}

/// Partitions under way, and what became of those that ended.
struct Reading {
    run: RunId,
    settings: SettingsSince,
    kinds: Arc<[String]>,
    /// When the run began.
    now: Timestamp,
    seats: Arc<Semaphore>,
    tasks: JoinSet<Result<Ended, SyncError>>,
    /// Partitions read to their end, or left alone because they are as they were.
    done: usize,
    skipped: Vec<Skipped>,
    /// Of these, where the connector failed by itself.
    own_faults: usize,
    stopped: Option<CallError>,
    /// Asked to stop before everything was read.
    halted: Option<Halt>,
}

impl Reading {
    /// Lists a dataset, if anything of it is to be read, and starts reading that. A dataset that can be read `since`
    /// is read to its end first: its checkpoint must be older than what the others deliver.
    async fn start<S: Source>(&mut self, job: &Arc<Job<S>>, dataset: &Dataset) -> Result<(), SyncError> {
        let (connection, run, name) = (job.connection, self.run, dataset.name.clone());
        let recall = move |store: &Store| {
            let known = store.positions(connection)?;
            let known: Vec<_> = known.into_iter().filter(|state| state.dataset == name).collect();
            Ok((known, store.anything_waits(connection)?))
        };
        let (known, waits) = job.blocking(recall).await?;
        let reasons =
            Reasons { mode: job.mode, settings: self.settings, policy: job.policy, now: self.now, waits };
        if !reasons.want_listing(dataset, &known) {
            self.done += known.len();
            return Ok(());
        }
        let Some(listed) = self.list(job, &dataset.name).await else { return Ok(()) };
        let name = dataset.name.clone();
        let plan = move |store: &Store| store.plan_partitions(connection, run, &name, &listed);
        let states = job.blocking(plan).await?;
        self.begin(job, dataset, states, &reasons).await?;
        if dataset.since {
            self.wait(job).await?;
        }
        Ok(())
    }

    /// Starts reading what is to be read of a dataset's partitions, what was looked at longest ago first.
    async fn begin<S: Source>(
        &mut self,
        job: &Arc<Job<S>>,
        dataset: &Dataset,
        mut states: Vec<PartitionState>,
        reasons: &Reasons,
    ) -> Result<(), SyncError> {
        states.retain(|state| !state.vanished);
        states.sort_by_key(|state| state.complete_at);
        let listed = states.len();
        let spent = job.source.traffic().requests;
        let requests_max =
            (job.mode == Mode::Since).then(|| spent.saturating_add(job.policy.inventory_requests));
        let task = |state: PartitionState| {
            let position = reasons.position(dataset, &state)?;
            let look_again = matches!(position, Position::After(_)) && reasons.look_again(&state);
            Some(Task { partition: state.partition, position, mode: state.mode, look_again, requests_max })
        };
        let due: Vec<Task> = states.into_iter().filter_map(task).collect();
        job.progress.notice(Event::Listed { dataset: &dataset.name, partitions: due.len() });
        let untouched = listed - due.len();
        self.done += untouched;
        if untouched > 0 && self.settings == SettingsSince::JustChanged {
            job.progress.notice(Event::Untouched { dataset: &dataset.name, partitions: untouched });
        }
        if dataset.since && due.iter().any(|task| task.position == Position::Everything) {
            // What changed since the feed lost its place is noticed by looking at everything.
            let connection = job.connection;
            job.blocking(move |store: &Store| store.make_due(connection)).await?;
        }
        for task in due {
            self.spawn(job, dataset, task);
        }
        Ok(())
    }

    /// Reads who belongs to what, if something waits for it and this run has not: what was new came after
    /// it was decided that it need not.
    async fn look_at_people<S: Source>(&mut self, job: &Arc<Job<S>>) -> Result<(), SyncError> {
        let (connection, run) = (job.connection, self.run);
        let recall = move |store: &Store| match store.anything_waits(connection)? {
            true => store.positions(connection),
            false => Ok(Vec::new()),
        };
        let known = job.blocking(recall).await?;
        for dataset in &job.description.datasets {
            let unread = |state: &PartitionState| {
                state.dataset == dataset.name && state.tells_of_people && !state.is_read_through(run)
            };
            if known.iter().any(unread) && !self.skipped.iter().any(|part| part.dataset == dataset.name) {
                self.start(job, dataset).await?;
            }
        }
        self.wait(job).await
    }

    async fn list<S: Source>(&mut self, job: &Arc<Job<S>>, dataset: &str) -> Option<Vec<Partition>> {
        for attempt in 1.. {
            let (answer, journal) = job.source.partitions(dataset).await;
            job.progress.notice(Event::Said { journal: &journal });
            let error = match answer {
                Ok(listed) => return Some(listed),
                Err(error) => error,
            };
            job.trouble(dataset, "", &error.to_string());
            match step(&error, attempt) {
                Step::Again(wait) => {
                    tokio::select! {
                        () = job.clock.sleep(wait) => {}
                        () = job.stop.wait() => return None,
                    }
                }
                Step::Stop => {
                    self.stopped = Some(error);
                    return None;
                }
                Step::Skip | Step::Restart => {
                    self.skip(dataset, "", error.to_string());
                    return None;
                }
            }
        }
        None
    }

    fn spawn<S: Source>(&mut self, job: &Arc<Job<S>>, dataset: &Dataset, task: Task) {
        let (job, dataset, seats) = (Arc::clone(job), dataset.clone(), Arc::clone(&self.seats));
        let (run, kinds) = (self.run, Arc::clone(&self.kinds));
        let span = tracing::info_span!(target: "weir::sync", "partition", dataset = dataset.name);
        let reading = async move {
            let _seat = seats.acquire_owned().await.map_err(|error| SyncError::Lost(error.to_string()))?;
            if job.stop.asked().is_some() {
                return Ok(Ended::Halted);
            }
            partition::read(&job, &dataset, task, run, kinds).await
        };
        self.tasks.spawn(reading.instrument(span));
    }

    /// Until all that was started has ended, or one of them says that nothing can succeed.
    async fn wait<S: Source>(&mut self, job: &Arc<Job<S>>) -> Result<(), SyncError> {
        while let Some(ended) = self.tasks.join_next().await {
            match ended.map_err(|error| SyncError::Lost(error.to_string()))?? {
                Ended::Done => {
                    self.done += 1;
                    settle::let_go(job, self.run).await?;
                }
                Ended::Paused => self.done += 1,
                Ended::Halted => {}
                Ended::Skipped { skipped, refused, own_fault } => {
                    if refused {
                        self.note_refused(job, &skipped).await?;
                    }
                    if let Some(error) = own_fault {
                        self.fails(job, &skipped, error).await;
                    }
                    self.skipped.push(skipped);
                }
                Ended::Stopped { dataset, partition, error } => {
                    job.trouble(&dataset, &partition, "the run stops here");
                    self.stopped = Some(error);
                    self.tasks.shutdown().await;
                }
            }
        }
        Ok(())
    }

    /// One partition may be too much for a connector. One that fails at many of them is not run to the end of the
    /// list, each time for as long as a call may take.
    async fn fails<S: Source>(&mut self, job: &Arc<Job<S>>, skipped: &Skipped, error: CallError) {
        self.own_faults += 1;
        if self.own_faults == OWN_FAULTS_MAX {
            job.trouble(
                &skipped.dataset,
                &skipped.partition,
                "the connector keeps failing: the run stops here",
            );
            self.stopped = Some(error);
            self.tasks.shutdown().await;
        }
    }

    /// Nothing better is learned of a partition by waiting, if the source lets nobody read it.
    async fn note_refused<S: Source>(&self, job: &Arc<Job<S>>, skipped: &Skipped) -> Result<(), SyncError> {
        let (connection, run) = (job.connection, self.run);
        let (dataset, partition) = (skipped.dataset.clone(), skipped.partition.clone());
        job.blocking(move |store: &Store| store.refused_partition(connection, run, &dataset, &partition))
            .await
    }

    fn skip(&mut self, dataset: &str, partition: &str, reason: String) {
        let (dataset, partition) = (dataset.to_owned(), partition.to_owned());
        self.skipped.push(Skipped { dataset, partition, reason });
    }
}

async fn finish<S: Source>(
    job: &Arc<Job<S>>,
    reading: Reading,
    held: Option<Held>,
    waiting: u64,
) -> Result<Report, SyncError> {
    let Reading { run, done, skipped, stopped, halted, .. } = reading;
    let overclaimed = job.claims.words();
    let message = Report::shortfall(&skipped, held, stopped.as_ref(), overclaimed.as_deref());
    let outcome = match (&stopped, halted, &message) {
        (Some(_), ..) => Outcome::Failed,
        (None, Some(halt), _) => halt.outcome(),
        // A run that read nothing at all did not do a part of its work.
        (None, None, Some(_)) if done == 0 => Outcome::Failed,
        (None, None, Some(_)) => Outcome::Incomplete,
        (None, None, None) => Outcome::Complete,
    };
    let (traffic, now) = (job.source.traffic(), timestamp(job.clock.now()));
    let left = skipped.len() as u64;
    let end = move |store: &Store| store.finish_run(run, outcome, message.as_deref(), left, traffic, now);
    let run = job.blocking(end).await?;
    Ok(Report { run, skipped, held, stopped, waiting, overclaimed })
}
