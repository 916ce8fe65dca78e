//! A person approved the deletions that waited: the source is asked about each of them, and what it confirms
//! is deleted. Nothing else is read.

use std::sync::Arc;

use serde::Serialize;

use super::ask::ask;
use super::progress::Event;
use super::run::{Job, SyncError};
use super::settle;
use super::source::Source;
use crate::model::timestamp;
use crate::sandbox::CallError;
use crate::store::{Outcome, Run, Store};

/// What came of an approval.
#[derive(Debug, Serialize)]
pub struct Approved {
    /// Its numbers tell how many were deleted or are in the source's bin.
    pub run: Run,
    /// So many items waited.
    pub waited: usize,
    /// The source said of these that they are there, and they stay.
    pub present: usize,
    /// The source could not say of these, and why. They go on waiting.
    pub unanswered: Vec<(String, String)>,
    /// It would not be asked any more.
    #[serde(skip)]
    pub stopped: Option<CallError>,
}

/// Asks about everything that waits for a person, also about what was rejected before.
///
/// # Errors
///
/// [`SyncError`] when the store cannot be written.
pub async fn approve<S: Source>(job: Job<S>) -> Result<Approved, SyncError> {
    let job = Arc::new(job);
    let (connection, now, kinds) = (job.connection, timestamp(job.clock.now()), job.kinds());
    let begin = move |store: &Store| {
        store.forget_returned(connection)?;
        let waiting = store.waiting(connection)?;
        let ids: Vec<String> = waiting.into_iter().map(|one| one.id).collect();
        Ok((store.begin_asking(connection, now)?, ids))
    };
    let (run, ids) = job.blocking(begin).await?;
    job.progress.notice(Event::Confirming { suspects: ids.len() });
    let asked = ask(&job, run, &kinds, &ids).await?;
    let answered = Vec::from_iter(asked.answered);
    let of = answered.len();
    let settled = move |store: &Store| {
        store.confirmed(connection, run, &answered)?;
        store.forget_returned(connection)
    };
    job.blocking(settled).await?;
    settle::let_go(&job, run).await?;
    let outcome = match (&asked.refused, job.stop.asked().filter(|_| asked.halted)) {
        (Some(_), _) => Outcome::Failed,
        (None, Some(halt)) => halt.outcome(),
        (None, None) if asked.unanswered.is_empty() => Outcome::Complete,
        (None, None) => Outcome::Incomplete,
    };
    let message = match &asked.refused {
        Some(error) => format!("approved deletions: {error}"),
        None => format!("approved deletions: asked about {}", ids.len()),
    };
    let (traffic, ended) = (job.source.traffic(), timestamp(job.clock.now()));
    let end = move |store: &Store| store.finish_run(run, outcome, Some(&message), 0, traffic, ended);
    let run = job.blocking(end).await?;
    let gone = usize::try_from(run.counts.deleted + run.counts.binned).unwrap_or(usize::MAX);
    Ok(Approved {
        present: of.saturating_sub(gone),
        run,
        waited: ids.len(),
        unanswered: asked.unanswered,
        stopped: asked.refused,
    })
}
