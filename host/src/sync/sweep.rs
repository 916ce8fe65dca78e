//! After a complete read: what it no longer mentions is suspected. What the settings leave out
//! goes at once (`scope`); the rest is asked about, and deleted only on the source's own word.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ask::{Asked, ask};
use super::progress::Event;
use super::report::{Held, Skipped};
use super::run::{Job, SyncError};
use super::scope;
use super::source::Source;
use crate::model::ConnectionId;
use crate::store::{DeletionRule, RunId, Store, StoreError};

/// Whether so many suspects may be asked about and deleted without a person.
fn believed(suspects: u64, present: u64, rule: DeletionRule) -> bool {
    let share = present.saturating_mul(u64::from(rule.share)) / 100;
    suspects <= rule.at_least.max(share)
}

/// Removes what the settings leave out, and asks about everything else that complete reads of
/// this connection left out. Returns what was too much to believe: it is kept for a person to decide
/// about. What could not be asked goes to `skipped` and stays suspected.
///
/// Some suspects are left alone, and counted nowhere: what a person said stays, what the source said
/// is there a while ago, and what it could not tell of and is asked about again later.
///
/// # Errors
///
/// Only the store's.
pub async fn sweep<S: Source>(
    job: &Arc<Job<S>>,
    run: RunId,
    kinds: &Arc<[String]>,
    skipped: &mut Vec<Skipped>,
) -> Result<Swept, SyncError> {
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
    leave_alone(job, &mut due).await?;
    let suspects: u64 = due.iter().map(|part| part.ids.len() as u64).sum();
    let judge = move |store: &Store| Ok((store.present_count(connection)?, store.deletion_rule(connection)?));
    let (present, rule) = job.blocking(judge).await?;
    if !believed(suspects, present, rule) {
        let ids: Vec<String> = due.into_iter().flat_map(|part| part.ids).collect();
        job.blocking(move |store: &Store| store.hold(connection, run, &ids)).await?;
        return Ok(Swept { held: Some(Held { suspects, present }), refused: false });
    }
    if suspects > 0 {
        job.progress.notice(Event::Confirming { suspects: usize::try_from(suspects).unwrap_or(usize::MAX) });
    }
    for part in due {
        let asked = ask(job, run, kinds, &part.ids).await?;
        let answered = Vec::from_iter(asked.answered.iter().cloned());
        job.blocking(move |store: &Store| store.confirmed(connection, run, &answered)).await?;
        let (dataset, partition) = part.place.clone().unwrap_or_default();
        if let (None, false, Some((dataset, partition))) = (&asked.refused, asked.halted, part.place) {
            job.blocking(move |store: &Store| store.swept(connection, &dataset, &partition)).await?;
        }
        if let Some(reason) = shortfall(&asked, part.ids.len()) {
            skipped.push(Skipped { dataset, partition, reason });
        }
        if asked.refused.is_some() || asked.halted {
            return Ok(Swept { held: None, refused: true });
        }
    }
    Ok(Swept::default())
}

/// What came of a sweep.
#[derive(Default)]
pub struct Swept {
    /// What was too much to believe.
    pub held: Option<Held>,
    /// The source would not be asked about items any more, or the run was asked to stop.
    pub refused: bool,
}

/// Takes out of what is due the suspects that are not to be asked about now.
async fn leave_alone<S: Source>(job: &Arc<Job<S>>, due: &mut [Due]) -> Result<(), SyncError> {
    let (connection, now) = (job.connection, job.patience_until());
    job.blocking(move |store: &Store| store.forget_returned(connection)).await?;
    for part in due {
        let ids = part.ids.clone();
        let resting = job.blocking(move |store: &Store| store.resting(connection, &ids, now)).await?;
        let resting = BTreeSet::from_iter(resting);
        part.ids.retain(|id| !resting.contains(id));
    }
    Ok(())
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
             they are there; they stay as they were, and are asked about again later"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_may_always_vanish_and_a_fifth_at_most() {
        let table = [(50, 60, true), (51, 60, false), (200, 1_000, true), (201, 1_000, false), (0, 0, true)];
        for (suspects, present, expected) in table {
            let found = believed(suspects, present, DeletionRule::default());
            assert_eq!(found, expected, "{suspects} of {present}");
        }
        assert!(!believed(1, 1, DeletionRule { share: 0, at_least: 0 }), "nothing without a person");
        assert!(believed(9, 9, DeletionRule { share: 100, at_least: 0 }));
    }
}
