//! One partition, read to its end.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::ask::ask;
use super::paces::Paces;
use super::progress::Event;
use super::report::Skipped;
use super::run::{Job, SyncError};
use super::source::Source;
use super::step::{Step, is_own_fault, step};
use crate::model::{Dataset, Fault, Next, Page, Partition, Position};
use crate::sandbox::CallError;
use crate::store::{Applied, Commit, Mode, ReadPage, RunId, Store};

/// How many changes a page may have, as advice: large enough that a source's biggest batches
/// fit in one, small enough that two pages a partition are some ten megabytes.
pub const CHANGES_WANTED: u32 = 1_000;

/// How the reading of a partition ended.
pub enum Ended {
    Done,
    /// The rest of an inventory is left to the next run.
    Paused,
    /// `refused` if the source let nobody read it, rather than that it could not be read.
    Skipped {
        skipped: Skipped,
        refused: bool,
        /// What the connector failed with by itself, if it did.
        own_fault: Option<CallError>,
    },
    /// The run was asked to stop; what was read is kept.
    Halted,
    Stopped {
        dataset: String,
        partition: String,
        error: CallError,
    },
}

/// What a read of one page came to.
enum Fetched {
    Page(Position, Box<Page>),
    /// The position is of no more use: read from the start.
    Stale,
    Ended(Ended),
}

/// How often one read may begin anew because its position went stale.
const RESTARTS_MAX: u32 = 2;

/// The longest pause a connector may ask for; one that needs more is throttled, and says so.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// How long a run that is asked to stop waits for the pages under way: most answers take seconds, and
/// one that is given up would have to be asked for again.
const LAST_PAGE_WAIT: Duration = Duration::from_secs(10);

/// A partition to read, and from where, as [`super::due`] has it.
pub struct Task {
    pub partition: Partition,
    pub position: Position,
    /// Of the read that goes on, if one does.
    pub mode: Option<Mode>,
    /// Whether the read is followed by one from the start.
    pub look_again: bool,
    /// The requests of the run after which an inventory is left to the next one; None if it is not.
    pub requests_max: Option<u64>,
}

/// Reads a partition from its position.
///
/// # Errors
///
/// Only the store's. What the source or the connector do wrong is an [`Ended`].
pub async fn read<S: Source>(
    job: &Arc<Job<S>>,
    dataset: &Dataset,
    task: Task,
    run: RunId,
    kinds: Arc<[String]>,
) -> Result<Ended, SyncError> {
    let Task { partition, position, mode, look_again, requests_max } = task;
    let is_inventory = mode.filter(|_| matches!(position, Position::After(_))) == Some(Mode::Inventory)
        || position == Position::Inventory;
    let again = if dataset.inventory { Position::Inventory } else { Position::Everything };
    let anew = if is_inventory { Position::Inventory } else { Position::Everything };
    let requests_max = requests_max.filter(|_| is_inventory);
    let reader = Reader { job, dataset: &dataset.name, partition, run, kinds, anew, requests_max };
    let mut ended = reader.to_the_end(position).await?;
    if look_again && matches!(ended, Ended::Done) && !dataset.since {
        let reader = Reader { anew: again.clone(), ..reader };
        ended = reader.to_the_end(again).await?;
        if matches!(ended, Ended::Done) {
            job.progress.notice(Event::Done { dataset: &dataset.name, partition: &reader.partition });
        }
        return Ok(ended);
    }
    if matches!(ended, Ended::Done) {
        job.progress.notice(Event::Done { dataset: &dataset.name, partition: &reader.partition });
    }
    Ok(ended)
}

struct Reader<'a, S> {
    job: &'a Arc<Job<S>>,
    dataset: &'a str,
    partition: Partition,
    run: RunId,
    kinds: Arc<[String]>,
    /// Where a read whose position went stale begins again.
    anew: Position,
    requests_max: Option<u64>,
}

impl<S: Source> Reader<'_, S> {
    /// Page after page; the next one is fetched while the last one is kept.
    async fn to_the_end(&self, position: Position) -> Result<Ended, SyncError> {
        let (mut restarts, mut read, mut paces) = (0, BTreeSet::new(), Paces::default());
        let mut fetched = self.unless_halted(self.fetch(position)).await?;
        loop {
            let (position, page) = match fetched {
                Fetched::Page(position, page) => (position, page),
                Fetched::Ended(ended) => return Ok(ended),
                Fetched::Stale if restarts == RESTARTS_MAX => {
                    return Ok(self.skipped("the connector's positions keep going stale".to_owned()));
                }
                Fetched::Stale => {
                    restarts += 1;
                    read.clear();
                    self.restart().await?;
                    fetched = self.unless_halted(self.fetch(self.anew.clone())).await?;
                    continue;
                }
            };
            let Next::More(cursor) = page.next.clone() else {
                self.keep(position, page).await?;
                return Ok(Ended::Done);
            };
            if !read.insert(Sha256::digest(&cursor)) {
                return Ok(self.skipped("the connector came back to a cursor it had before".to_owned()));
            }
            if self.job.stop.asked().is_some() {
                self.keep(position, page).await?;
                return Ok(Ended::Halted);
            }
            if let Some(reason) = paces.beyond(page.changes.len(), &self.job.policy) {
                self.keep(position, page).await?;
                return Ok(self.skipped(reason));
            }
            if self.requests_max.is_some_and(|max| self.job.source.traffic().requests >= max) {
                self.keep(position, page).await?;
                return Ok(Ended::Paused);
            }
            let pause = page.pause.map(Duration::from_millis);
            let ahead = async {
                if let Some(pause) = pause {
                    self.job.clock.sleep(pause.min(PAUSE_MAX)).await;
                }
                self.fetch(Position::After(cursor)).await
            };
            let (kept, ahead) = tokio::join!(self.keep(position, page), self.unless_halted(ahead));
            kept?;
            fetched = ahead?;
        }
    }

    /// What was fetched, unless the run was asked to stop and it takes too long.
    async fn unless_halted(
        &self,
        fetching: impl Future<Output = Result<Fetched, SyncError>>,
    ) -> Result<Fetched, SyncError> {
        let halted = async {
            self.job.stop.wait().await;
            self.job.clock.sleep(LAST_PAGE_WAIT).await;
        };
        tokio::select! {
            biased;
            fetched = fetching => fetched,
            () = halted => Ok(Fetched::Ended(Ended::Halted)),
        }
    }

    /// Calls until there is a page, or a reason to end.
    async fn fetch(&self, position: Position) -> Result<Fetched, SyncError> {
        let mut attempt = 1;
        loop {
            let (answer, journal) = self.job.source.page(&self.partition, &position, CHANGES_WANTED).await;
            self.job.progress.notice(Event::Said { journal: &journal });
            let error = match answer {
                Ok(page) => return Ok(Fetched::Page(position, Box::new(page))),
                Err(error) => error,
            };
            self.job.trouble(self.dataset, &self.partition.id, &error.to_string());
            match step(&error, attempt) {
                Step::Again(wait) => self.job.clock.sleep(wait).await,
                Step::Restart => return Ok(Fetched::Stale),
                Step::Skip => {
                    let refused = matches!(
                        error,
                        CallError::Fault { fault: Fault::Forbidden(_) | Fault::NotFound(_), .. }
                    );
                    let skipped = self.left_out(error.to_string());
                    let own_fault = Some(error).filter(is_own_fault);
                    return Ok(Fetched::Ended(Ended::Skipped { skipped, refused, own_fault }));
                }
                Step::Stop => {
                    let (dataset, partition) = (self.dataset.to_owned(), self.partition.id.clone());
                    return Ok(Fetched::Ended(Ended::Stopped { dataset, partition, error }));
                }
            }
            attempt += 1;
        }
    }

    async fn restart(&self) -> Result<(), SyncError> {
        let (connection, dataset, partition) =
            (self.job.connection, self.dataset.to_owned(), self.partition.id.clone());
        self.job
            .blocking(move |store: &Store| store.restart_partition(connection, &dataset, &partition))
            .await
    }

    /// Makes a page durable together with the position after it.
    async fn keep(&self, position: Position, page: Box<Page>) -> Result<(), SyncError> {
        let (changes, remaining) = (page.changes.len(), page.remaining);
        let (connection, run, kinds) = (self.job.connection, self.run, Arc::clone(&self.kinds));
        let (dataset, partition) = (self.dataset.to_owned(), self.partition.id.clone());
        let commit = move |store: &Store| -> Result<Applied, _> {
            let read =
                ReadPage { dataset: &dataset, partition: &partition, position: &position, next: &page.next };
            store.apply(&Commit { connection, run, page: Some(read), changes: &page.changes, kinds: &kinds })
        };
        let applied = self.job.blocking(commit).await?;
        for refused in &applied.refused {
            self.job.trouble(
                self.dataset,
                &self.partition.id,
                &format!("{}: {}", refused.id, refused.reason),
            );
        }
        self.job.claims.count(&applied.overclaimed);
        if applied.outbox {
            self.job.committed.notify_one();
        }
        let partition = &self.partition;
        self.job.progress.notice(Event::Page { dataset: self.dataset, partition, changes, remaining });
        self.read_stale(applied.stale).await
    }

    /// Reads what an inventory noticed to be new or changed. Until it is read it stands among the failures,
    /// so that it is asked for again whatever happens.
    async fn read_stale(&self, stale: Vec<String>) -> Result<(), SyncError> {
        if stale.is_empty() {
            return Ok(());
        }
        let answers = ask(self.job, self.run, &self.kinds, &stale).await?;
        if let Some(error) = answers.refused {
            let words = format!("failed to read what changed; the next sync does: {error}");
            self.job.trouble(self.dataset, &self.partition.id, &words);
        }
        Ok(())
    }

    fn skipped(&self, reason: String) -> Ended {
        Ended::Skipped { skipped: self.left_out(reason), refused: false, own_fault: None }
    }

    fn left_out(&self, reason: String) -> Skipped {
        Skipped { dataset: self.dataset.to_owned(), partition: self.partition.id.clone(), reason }
    }
}
