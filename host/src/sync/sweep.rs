//! After a complete read: what it no longer mentions is suspected. What the settings leave out
//! goes at once (`scope`); the rest is asked about, and deleted only on the source's own word.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::progress::Event;
use super::report::{Held, Skipped};
use super::run::{Job, SyncError};
use super::scope;
use super::source::Source;
use crate::model::Change;
use crate::store::{Commit, RunId, Store};

/// What one call of `read-items` takes, as the contract says.
const IDS_MAX: usize = 100;

/// This many items may always vanish between two syncs: a page with its comments and files.
const SUSPECTS_BELIEVED: u64 = 50;

/// Beyond that, one item in this many: a larger share is rather a lost permission than a
/// site that deleted a fifth of itself.
const SHARE_BELIEVED: u64 = 5;

/// Whether so many suspects may be asked about and deleted without a person.
fn believed(suspects: u64, present: u64) -> bool {
    suspects <= SUSPECTS_BELIEVED.max(present / SHARE_BELIEVED)
}

/// Removes what the settings leave out, and asks about everything else that complete reads of
/// this connection left out. Returns what was too much to believe; what could not be asked goes
/// to `skipped` and stays suspected.
///
/// # Errors
///
/// Only the store's.
pub async fn sweep<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    skipped: &mut Vec<Skipped>,
) -> Result<Option<Held>, SyncError> {
    let connection = job.connection;
    let due = job.blocking(move |store: &Store| gather(store, connection)).await?;
    let due = scope::leave_out(job, run, due).await?;
    let suspects: u64 = due.iter().map(|part| part.ids.len() as u64).sum();
    let present = job.blocking(move |store: &Store| store.present_count(connection)).await?;
    if !believed(suspects, present) {
        return Ok(Some(Held { suspects, present }));
    }
    if suspects > 0 {
        job.progress.notice(Event::Confirming { suspects: usize::try_from(suspects).unwrap_or(usize::MAX) });
    }
    for part in due {
        match ask(job, run, kinds, &part.ids).await? {
            None => {
                let settle = move |store: &Store| store.swept(connection, &part.dataset, &part.partition);
                job.blocking(settle).await?;
            }
            Some(reason) => {
                skipped.push(Skipped { dataset: part.dataset, partition: part.partition, reason });
            }
        }
    }
    Ok(None)
}

/// The suspects of one partition.
pub struct Due {
    pub dataset: String,
    pub partition: String,
    pub ids: Vec<String>,
}

fn gather(
    store: &Store,
    connection: crate::model::ConnectionId,
) -> Result<Vec<Due>, crate::store::StoreError> {
    let mut due = Vec::new();
    for state in store.positions(connection)?.into_iter().filter(|state| state.sweep_due || state.vanished) {
        let ids = store.suspects(connection, &state.dataset, &state.partition.id)?;
        due.push(Due { dataset: state.dataset, partition: state.partition.id, ids });
    }
    Ok(due)
}

/// Asks about some items and keeps the answers; the reason if the source would not say.
async fn ask<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    ids: &[String],
) -> Result<Option<String>, SyncError> {
    for chunk in ids.chunks(IDS_MAX) {
        let (answer, journal) = job.source.items(chunk).await;
        job.progress.notice(Event::Said { journal: &journal });
        let changes = match answer {
            Ok(changes) => asked_for(changes, chunk),
            Err(error) => return Ok(Some(format!("failed to ask about {} items: {error}", chunk.len()))),
        };
        let (connection, kinds) = (job.connection, Arc::clone(kinds));
        let commit = move |store: &Store| {
            store.apply(&Commit { connection, run, page: None, changes: &changes, kinds: &kinds })
        };
        if job.blocking(commit).await?.outbox {
            job.committed.notify_one();
        }
    }
    Ok(None)
}

/// Only what was asked for may be answered: nothing else can be deleted this way.
fn asked_for(changes: Vec<Change>, ids: &[String]) -> Vec<Change> {
    let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let about = |change: &Change| match change {
        Change::Upsert(item) => ids.contains(item.id.as_str()),
        Change::Delete(id) => ids.contains(id.as_str()),
        Change::Failed(failure) => ids.contains(failure.id.as_str()),
        _ => false,
    };
    changes.into_iter().filter(about).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_may_always_vanish_and_a_fifth_at_most() {
        assert!(believed(50, 60));
        assert!(!believed(51, 60));
        assert!(believed(200, 1_000));
        assert!(!believed(201, 1_000));
    }

    #[test]
    fn an_answer_about_something_else_is_dropped() {
        let answer = vec![Change::Delete("page:1".into()), Change::Delete("page:2".into())];
        assert_eq!(asked_for(answer, &["page:2".into()]), [Change::Delete("page:2".into())]);
    }
}
