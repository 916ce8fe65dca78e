//! One partition, read to its end: the next page is fetched while the last one is kept.

use std::sync::Arc;

use super::progress::Event;
use super::report::Skipped;
use super::run::{Job, SyncError};
use super::source::Source;
use super::step::{Step, step};
use crate::model::{Dataset, Fault, Next, Page, Partition, Position};
use crate::sandbox::CallError;
use crate::store::{Applied, Commit, Mode, PartitionState, ReadPage, RunId, Store};

/// How many changes a page may have, as advice: large enough that a source's biggest batches
/// fit in one, small enough that two pages a partition are some ten megabytes.
pub const CHANGES_WANTED: u32 = 1_000;

/// How the reading of a partition ended.
pub enum Ended {
    Done,
    Skipped(Skipped),
    Stopped { dataset: String, partition: String, error: CallError },
}

/// What a read of one page came to.
enum Fetched {
    Page(Position, Box<Page>),
    Ended(Ended),
}

/// Reads a partition from where its last read broke off, or from where the mode says.
///
/// # Errors
///
/// Only the store's. What the source or the connector do wrong is an [`Ended`].
pub async fn read<S: Source>(
    job: &Arc<Job<S>>,
    dataset: &Dataset,
    state: PartitionState,
    run: RunId,
    kinds: Arc<[String]>,
) -> Result<Ended, SyncError> {
    let position = first(job.mode, dataset, &state);
    let reader = Reader { job, dataset: &dataset.name, partition: state.partition, run, kinds };
    let mut fetched = reader.fetch(position).await?;
    loop {
        let (position, page) = match fetched {
            Fetched::Page(position, page) => (position, page),
            Fetched::Ended(ended) => return Ok(ended),
        };
        match page.next.clone() {
            Next::Done(_) => {
                reader.keep(position, page).await?;
                job.progress.notice(Event::Done { dataset: &dataset.name, partition: &reader.partition });
                return Ok(Ended::Done);
            }
            Next::More(cursor) if position == Position::After(cursor.clone()) => {
                return Ok(reader.skipped("the connector answered a cursor with the same cursor".to_owned()));
            }
            Next::More(cursor) => {
                if let Some(pause) = page.pause {
                    job.clock.sleep(std::time::Duration::from_millis(pause)).await;
                }
                let (kept, ahead) =
                    tokio::join!(reader.keep(position, page), reader.fetch(Position::After(cursor)));
                kept?;
                fetched = ahead?;
            }
        }
    }
}

/// Where to begin: on where a read broke off, unless everything was asked for.
fn first(mode: Mode, dataset: &Dataset, state: &PartitionState) -> Position {
    match (mode, state.position()) {
        (Mode::Everything, _) => Position::Everything,
        (_, Position::Since(_)) if !dataset.since => Position::Everything,
        (_, position) => position,
    }
}

struct Reader<'a, S> {
    job: &'a Arc<Job<S>>,
    dataset: &'a str,
    partition: Partition,
    run: RunId,
    kinds: Arc<[String]>,
}

impl<S: Source> Reader<'_, S> {
    /// Calls until there is a page, or a reason to end.
    async fn fetch(&self, mut position: Position) -> Result<Fetched, SyncError> {
        for attempt in 1.. {
            let (answer, journal) = self.job.source.page(&self.partition, &position, CHANGES_WANTED).await;
            self.job.progress.notice(Event::Said { journal: &journal });
            let error = match answer {
                Ok(page) => return Ok(Fetched::Page(position, Box::new(page))),
                Err(error) => error,
            };
            self.job.trouble(self.dataset, &self.partition.id, &error.to_string());
            match step(&error, attempt) {
                Step::Again(wait) => self.job.clock.sleep(wait).await,
                Step::Restart => {
                    self.restart().await?;
                    position = Position::Everything;
                }
                Step::Skip => return Ok(Fetched::Ended(self.skipped(error.to_string()))),
                Step::Stop => {
                    let (dataset, partition) = (self.dataset.to_owned(), self.partition.id.clone());
                    return Ok(Fetched::Ended(Ended::Stopped { dataset, partition, error }));
                }
            }
        }
        let words = Fault::Unavailable("the source never answered".to_owned());
        Ok(Fetched::Ended(self.skipped(words.to_string())))
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
        if applied.outbox {
            self.job.committed.notify_one();
        }
        let partition = &self.partition;
        self.job.progress.notice(Event::Page { dataset: self.dataset, partition, changes, remaining });
        Ok(())
    }

    fn skipped(&self, reason: String) -> Ended {
        Ended::Skipped(Skipped {
            dataset: self.dataset.to_owned(),
            partition: self.partition.id.clone(),
            reason,
        })
    }
}
