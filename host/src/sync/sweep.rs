//! After a complete read: what it no longer mentions is suspected. What the settings leave out
//! goes at once (`scope`); the rest is asked about, and deleted only on the source's own word.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::progress::Event;
use super::report::{Held, Skipped};
use super::run::{Job, SyncError};
use super::scope;
use super::source::Source;
use crate::model::{Change, ConnectionId};
use crate::store::{Commit, RunId, Store, StoreError};

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
    let feeds: Vec<String> =
        job.description.datasets.iter().filter(|one| one.since).map(|one| one.name.clone()).collect();
    let listed = skipped.iter().all(|part| feeds.contains(&part.dataset));
    let gather = move |store: &Store| gather(store, connection, run, &feeds);
    let (mut due, read_through) = job.blocking(gather).await?;
    scope::leave_out(job, run, &mut due).await?;
    if !(listed && read_through) {
        due.retain(|part| part.place.is_some());
    }
    let suspects: u64 = due.iter().map(|part| part.ids.len() as u64).sum();
    let present = job.blocking(move |store: &Store| store.present_count(connection)).await?;
    if !believed(suspects, present) {
        return Ok(Some(Held { suspects, present }));
    }
    if suspects > 0 {
        job.progress.notice(Event::Confirming { suspects: usize::try_from(suspects).unwrap_or(usize::MAX) });
    }
    for part in due {
        let asked = ask(job, run, kinds, &part.ids).await?;
        let (dataset, partition) = part.place.clone().unwrap_or_default();
        if let (Asked::All { .. }, Some((dataset, partition))) = (&asked, part.place) {
            job.blocking(move |store: &Store| store.swept(connection, &dataset, &partition)).await?;
        }
        if let Some(reason) = asked.shortfall() {
            skipped.push(Skipped { dataset, partition, reason });
        }
    }
    Ok(None)
}

/// The suspects of one partition, or the strays.
pub struct Due {
    /// Dataset and partition; None for items that belong to none.
    pub place: Option<(String, String)>,
    pub ids: Vec<String>,
}

/// What is due, and whether all that could mention a stray was read through in this run. A feed
/// (a dataset that reads `since`) need not be, as long as no item belongs to it: it tells what changed, and
/// an audit log tells of no items at all.
fn gather(
    store: &Store,
    connection: ConnectionId,
    run: RunId,
    feeds: &[String],
) -> Result<(Vec<Due>, bool), StoreError> {
    let mut due = vec![Due { place: None, ids: store.strays(connection, run)? }];
    let mut read_through = true;
    for state in store.positions(connection)? {
        let may_mention = !state.vanished && (state.holds_items || !feeds.contains(&state.dataset));
        read_through &= !may_mention || state.is_read_through(run);
        if state.sweep_due || state.vanished {
            let ids = store.suspects(connection, &state.dataset, &state.partition.id)?;
            due.push(Due { place: Some((state.dataset, state.partition.id)), ids });
        }
    }
    Ok((due, read_through))
}

/// What came of asking about some items.
enum Asked {
    /// The source was heard; of so many it could not say whether they are there.
    All { unanswered: usize, of: usize },
    /// It would not be asked.
    Not(String),
}

impl Asked {
    fn shortfall(self) -> Option<String> {
        match self {
            Self::All { unanswered: 0, .. } => None,
            Self::All { unanswered, of } => Some(format!(
                "of {of} items that were not mentioned any more, the source could not say of {unanswered} whether \
                 they are there; they stay as they were, and the next sync asks again"
            )),
            Self::Not(reason) => Some(reason),
        }
    }
}

/// Asks about some items and keeps the answers.
async fn ask<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    ids: &[String],
) -> Result<Asked, SyncError> {
    let mut answered = 0;
    for chunk in ids.chunks(IDS_MAX) {
        let (answer, journal) = job.source.items(chunk).await;
        job.progress.notice(Event::Said { journal: &journal });
        let changes = match answer {
            Ok(changes) => asked_for(changes, chunk),
            Err(error) => {
                return Ok(Asked::Not(format!("failed to ask about {} items: {error}", chunk.len())));
            }
        };
        answered += settled(&changes);
        let (connection, kinds) = (job.connection, Arc::clone(kinds));
        let commit = move |store: &Store| {
            store.apply(&Commit { connection, run, page: None, changes: &changes, kinds: &kinds })
        };
        if job.blocking(commit).await?.outbox {
            job.committed.notify_one();
        }
    }
    Ok(Asked::All { unanswered: ids.len().saturating_sub(answered), of: ids.len() })
}

/// Of how many items these answers say whether they are there.
fn settled(answers: &[Change]) -> usize {
    let said = |change: &Change| match change {
        Change::Upsert(item) => Some(item.id.clone()),
        Change::Delete(id) | Change::Binned(id) => Some(id.clone()),
        _ => None,
    };
    answers.iter().filter_map(said).collect::<BTreeSet<_>>().len()
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
