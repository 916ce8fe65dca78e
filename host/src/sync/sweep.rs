//! After a complete read: what it no longer mentions is suspected. What the settings leave out
//! goes at once (`scope`); the rest is asked about, and deleted only on the source's own word.

use std::sync::Arc;

use super::ask::{Asked, ask};
use super::progress::Event;
use super::report::{Held, Skipped};
use super::run::{Job, SyncError};
use super::scope;
use super::source::Source;
use crate::model::ConnectionId;
use crate::store::{RunId, Store, StoreError};

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
        if let (None, Some((dataset, partition))) = (&asked.refused, part.place) {
            job.blocking(move |store: &Store| store.swept(connection, &dataset, &partition)).await?;
        }
        if let Some(reason) = shortfall(&asked, part.ids.len()) {
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

/// What is left to say after asking; None when the source answered of each.
fn shortfall(asked: &Asked, of: usize) -> Option<String> {
    if let Some(error) = &asked.refused {
        let answered = asked.answered.len() + asked.unanswered.len();
        return Some(format!("failed to ask about {} items: {error}", of.saturating_sub(answered)));
    }
    let unanswered = asked.unanswered.len();
    (unanswered > 0).then(|| {
        format!(
            "of {of} items that were not mentioned any more, the source could not say of {unanswered} whether \
             they are there; they stay as they were, and the next sync asks again"
        )
    })
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
}
