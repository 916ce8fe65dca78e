//! At the end of a run: items that could not be read are asked about again, if their time has come.

use std::sync::Arc;

use super::ask::ask;
use super::report::Skipped;
use super::run::{Job, SyncError};
use super::source::Source;
use crate::store::{RunId, Store};

/// Items asked about again in one run: five calls, so that a source in trouble costs each run little.
const AGAIN_MAX: u32 = 500;

/// Asks about failures that are due and that this run has not tried yet, all of them if everything is looked at. What is answered is kept, and is no
/// failure any more; for the rest the patience grows.
///
/// # Errors
///
/// Only the store's. A source that would not be asked at all goes to `skipped`.
pub async fn ask_again<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    skipped: &mut Vec<Skipped>,
) -> Result<(), SyncError> {
    let (connection, now) = (job.connection, job.patience_until());
    let due = move |store: &Store| store.failures_due(connection, run, now, AGAIN_MAX);
    let ids = job.blocking(due).await?;
    let asked = ask(job, run, kinds, &ids).await?;
    if let Some(error) = asked.refused {
        let left = ids.len().saturating_sub(asked.answered.len() + asked.unanswered.len());
        let reason = format!("failed to ask again about {left} items that could not be read before: {error}");
        skipped.push(Skipped { dataset: String::new(), partition: String::new(), reason });
    }
    Ok(())
}
