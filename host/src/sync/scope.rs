//! What changed settings leave out: judged by the connector without asking the source, and
//! removed whatever its share. A filter that was narrowed on purpose is no lost permission.
//!
//! Only suspects are put to the connector, so it can remove nothing in this way that a complete
//! read still mentions, and nothing of another connection.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::progress::Event;
use super::run::{Job, SyncError};
use super::source::Source;
use super::sweep::Due;
use crate::store::{RunId, Store};

/// What one call of `in-scope` takes, as the contract says.
const LINEAGES_MAX: usize = 1_000;

/// Removes those suspects that the settings leave out; the rest stay in `due`. Where the connector
/// cannot say, all of a partition's suspects stay.
///
/// Everything is judged before anything is removed: a lineage leads through other suspects.
pub async fn leave_out<S: Source>(job: &Arc<Job<S>>, run: RunId, due: &mut [Due]) -> Result<(), SyncError> {
    let mut out = BTreeSet::new();
    for part in due {
        let (dataset, partition) =
            part.place.as_ref().map_or(("", ""), |(dataset, partition)| (dataset, partition));
        let parts = judge(job, dataset, partition, &part.ids).await?;
        part.ids.retain(|id| !parts.contains(id));
        out.extend(parts);
    }
    remove(job, run, out).await
}

/// The ids of those that the settings leave out; none if the connector does not say of each.
async fn judge<S: Source>(
    job: &Arc<Job<S>>,
    dataset: &str,
    partition: &str,
    ids: &[String],
) -> Result<BTreeSet<String>, SyncError> {
    let (connection, mut out) = (job.connection, BTreeSet::new());
    for chunk in ids.chunks(LINEAGES_MAX) {
        let ids = chunk.to_vec();
        let lineages = job.blocking(move |store: &Store| store.lineages(connection, &ids)).await?;
        if lineages.is_empty() {
            continue;
        }
        let trouble = match job.source.in_scope(&lineages).await {
            Ok(answers) if answers.len() == lineages.len() => {
                let told = lineages.into_iter().zip(answers);
                out.extend(told.filter(|(_, wanted)| !wanted).map(|(lineage, _)| lineage.item.id));
                continue;
            }
            Ok(answers) => {
                format!("it was asked about {} items and told of {}", lineages.len(), answers.len())
            }
            Err(error) => error.to_string(),
        };
        let words = format!("failed to learn what the settings leave out, so the source is asked: {trouble}");
        job.trouble(dataset, partition, &words);
        return Ok(BTreeSet::new());
    }
    Ok(out)
}

async fn remove<S: Source>(job: &Arc<Job<S>>, run: RunId, out: BTreeSet<String>) -> Result<(), SyncError> {
    if out.is_empty() {
        return Ok(());
    }
    let (connection, out) = (job.connection, Vec::from_iter(out));
    for chunk in out.chunks(LINEAGES_MAX) {
        let ids = chunk.to_vec();
        let applied = job.blocking(move |store: &Store| store.leave_out(connection, run, &ids)).await?;
        if applied.outbox {
            job.committed.notify_one();
        }
    }
    job.progress.notice(Event::LeftOut { items: out.len() });
    Ok(())
}
