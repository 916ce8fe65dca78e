//! Near the end of a run: what was told and is not shown yet. What decides about it and was not looked at
//! since is asked for by name, so that a change is shown by the run that brought it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ask::ask;
use super::run::{Job, SyncError};
use super::source::Source;
use crate::store::{Mode, RunId, Settlement, Store};

/// What was asked about may itself lie in something unknown, level by level; real trees are not deeper.
const ROUNDS_MAX: usize = 8;

/// Items asked about in one run so that others can be shown. What needs more waits for an inventory.
const ASKED_MAX: usize = 2_000;

/// Lets go of what may be shown, asks about what stands in the way of the rest, and returns how many items go
/// on waiting.
///
/// # Errors
///
/// Only the store's.
pub async fn settle<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
) -> Result<u64, SyncError> {
    // What waits for longer is asked about when everything is looked at, not in each run.
    let since = if job.mode == Mode::Since { run } else { 0 };
    let mut asked = BTreeSet::new();
    let mut settlement = let_go(job, since).await?;
    for _ in 0..ROUNDS_MAX {
        let left = ASKED_MAX - asked.len();
        let next: Vec<String> = settlement.ask.difference(&asked).take(left).cloned().collect();
        if next.is_empty() || job.stop.asked().is_some() {
            break;
        }
        let answers = ask(job, run, kinds, &next).await?;
        asked.extend(next);
        settlement = let_go(job, since).await?;
        if let Some(error) = answers.refused {
            job.trouble(
                "",
                "",
                &format!("failed to look at what decides who may read something new: {error}"),
            );
            break;
        }
    }
    Ok(settlement.waiting)
}

/// Shows what may be shown by now, without asking anybody.
pub async fn let_go<S: Source>(job: &Arc<Job<S>>, since: RunId) -> Result<Settlement, SyncError> {
    let connection = job.connection;
    job.blocking(move |store: &Store| store.settle(connection, since)).await
}
