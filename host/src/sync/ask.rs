//! Asking a source about single items: in batches, split where one of them fails, and only what was
//! asked for is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::progress::Event;
use super::run::{Job, SyncError};
use super::source::Source;
use super::step::{Step, step};
use crate::model::{Change, Failure, Fault};
use crate::sandbox::CallError;
use crate::store::{Commit, RunId, Store};

/// What one call of `read-items` takes, as the contract says.
pub const IDS_MAX: usize = 100;

/// Calls that fail one after the other before the source is let alone. Halving a batch down to the one
/// item that breaks it takes eight; when a ninth fails too, it is not the items.
const FAILING_CALLS_MAX: u32 = 8;

/// Calls made again because the source turned the credential away and still said that something is gone.
const DOUBTS_MAX: u32 = 2;

/// What came of asking about some items. Those of the ids that stand nowhere here were not asked about,
/// because the source would not be asked any more.
#[derive(Debug, Default)]
pub struct Asked {
    /// The source said of these whether they are there: as they are, in its bin, or gone. It is applied.
    pub answered: BTreeSet<String>,
    /// Of these it could not say, and why. Each is kept as a failure too.
    pub unanswered: Vec<(String, String)>,
    /// The source would not be asked any more: stop here.
    pub refused: Option<CallError>,
    /// The run was asked to stop meanwhile, so some were not asked about.
    pub halted: bool,
}

/// Asks about some items, at most [`IDS_MAX`] a call, and keeps the answers. A call that fails is made
/// again in halves, so that one bad item does not keep the others from being read.
///
/// # Errors
///
/// Only the store's.
pub async fn ask<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    ids: &[String],
) -> Result<Asked, SyncError> {
    let (mut asked, mut failing) = (Asked::default(), 0);
    let mut left: Vec<Batch<'_>> = ids.chunks(IDS_MAX).rev().map(|ids| Batch { ids, whole: true }).collect();
    while let Some(batch) = left.pop() {
        if job.stop.asked().is_some() {
            asked.halted = true;
            break;
        }
        let error = match call(job, &batch).await {
            Ok(changes) => {
                failing = 0;
                keep(job, run, kinds, batch.ids, changes, &mut asked).await?;
                continue;
            }
            Err(error) => error,
        };
        failing += 1;
        if failing > FAILING_CALLS_MAX || is_about_all(&error) {
            asked.refused = Some(error);
            break;
        }
        match batch.ids {
            [id] => {
                let reason = error.to_string();
                let failed = Change::Failed(Failure { id: id.clone(), url: None, reason });
                keep(job, run, kinds, batch.ids, vec![failed], &mut asked).await?;
            }
            ids => {
                let (first, second) = ids.split_at(ids.len() / 2);
                left.push(Batch { ids: second, whole: false });
                left.push(Batch { ids: first, whole: false });
            }
        }
    }
    Ok(asked)
}

/// The ids of one call.
struct Batch<'a> {
    ids: &'a [String],
    /// It is no part of one that failed: then waiting may help, later only splitting does.
    whole: bool,
}

/// Calls until there is an answer, or none that waiting would bring.
async fn call<S: Source>(job: &Arc<Job<S>>, batch: &Batch<'_>) -> Result<Vec<Change>, CallError> {
    let mut attempt = 1;
    loop {
        let turned_away = job.source.turned_away();
        let (answer, journal) = job.source.items(batch.ids).await;
        job.progress.notice(Event::Said { journal: &journal });
        // A token that was renewed meanwhile is turned away once, so that is no error.
        let doubtful = job.source.turned_away() > turned_away;
        match answer {
            Ok(changes) if doubtful && deletes(&changes) => {
                if attempt > DOUBTS_MAX {
                    return Err(doubt());
                }
            }
            Ok(changes) => return Ok(asked_for(changes, batch.ids)),
            Err(error) => match step(&error, attempt) {
                Step::Again(wait) if batch.whole => job.clock.sleep(wait).await,
                _ => return Err(error),
            },
        }
        attempt += 1;
    }
}

fn deletes(changes: &[Change]) -> bool {
    changes.iter().any(|change| matches!(change, Change::Delete(_) | Change::Binned(_)))
}

/// The connector should have said it.
fn doubt() -> CallError {
    let words =
        "the source turned the credential away while it was asked what is gone, so nothing was deleted";
    CallError::Fault { fault: Fault::Unauthenticated(words.to_owned()), refusals: Vec::new() }
}

/// Whether an error says nothing of the items that were asked about, so that asking about fewer of them
/// comes to the same.
fn is_about_all(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Fault {
            fault: Fault::InvalidSettings(_) | Fault::Unauthenticated(_) | Fault::Throttled { .. },
            ..
        }
    )
}

/// Makes the answers to one call durable, and notes of which items they tell.
async fn keep<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    ids: &[String],
    mut changes: Vec<Change>,
    asked: &mut Asked,
) -> Result<(), SyncError> {
    let answered = settled(&changes);
    let failed = |change: &Change| match change {
        Change::Failed(failure) => Some((failure.id.clone(), failure.reason.clone())),
        _ => None,
    };
    let mut reasons: BTreeMap<String, String> = changes.iter().filter_map(failed).collect();
    for id in ids {
        if !answered.contains(id) && !reasons.contains_key(id) {
            let reason = "asked about it, the source said nothing of it".to_owned();
            reasons.insert(id.clone(), reason.clone());
            changes.push(Change::Failed(Failure { id: id.clone(), url: None, reason }));
        }
    }
    reasons.retain(|id, _| !answered.contains(id));
    let (connection, kinds) = (job.connection, Arc::clone(kinds));
    let commit = move |store: &Store| {
        store.apply(&Commit { connection, run, page: None, changes: &changes, kinds: &kinds })
    };
    let applied = job.blocking(commit).await?;
    for refused in &applied.refused {
        job.trouble("", "", &format!("{}: {}", refused.id, refused.reason));
    }
    job.claims.count(&applied.overclaimed);
    if applied.outbox {
        job.committed.notify_one();
    }
    asked.answered.extend(answered);
    asked.unanswered.extend(reasons);
    Ok(())
}

/// Of which items these answers say whether they are there.
fn settled(answers: &[Change]) -> BTreeSet<String> {
    let said = |change: &Change| match change {
        Change::Upsert(item) => Some(item.id.clone()),
        Change::Delete(id) | Change::Binned(id) => Some(id.clone()),
        _ => None,
    };
    answers.iter().filter_map(said).collect()
}

/// Only what was asked for may be answered: nothing else can be deleted this way.
fn asked_for(changes: Vec<Change>, ids: &[String]) -> Vec<Change> {
    let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let about = |change: &Change| match change {
        Change::Upsert(item) => ids.contains(item.id.as_str()),
        Change::Delete(id) | Change::Binned(id) => ids.contains(id.as_str()),
        Change::Failed(failure) => ids.contains(failure.id.as_str()),
        _ => false,
    };
    changes.into_iter().filter(about).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_something_else_is_dropped() {
        let answer = vec![Change::Delete("page:1".into()), Change::Delete("page:2".into())];
        assert_eq!(asked_for(answer, &["page:2".into()]), [Change::Delete("page:2".into())]);
    }
}
