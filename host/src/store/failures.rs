//! Items that could not be read or were refused: why, since when, and when they are asked about again.
//!
//! The waits are counted from the start of the run that tried, since a page is applied without a clock.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{ConnectionId, Timestamp};

use super::apply::Applying;
use super::limits::{self, ITEM_ID_BYTES_MAX};
use super::patience::retry_after;
use super::{RunId, Store, StoreError, connections, signed, unsigned};

/// An item that could not be read, or that a limit refused.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FailedItem {
    pub id: String,
    /// None, like the title, for an item that was never read.
    pub kind: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
    pub reason: String,
    /// A limit of the host refused it; it is not asked about again before its version changes.
    pub refused: bool,
    pub since: Timestamp,
    pub tried: Timestamp,
    /// In how many runs it failed, one after the other.
    pub attempts: u32,
    /// When the next sync asks again; one that is refused is not asked about.
    pub next: Timestamp,
    #[serde(skip)]
    pub run: RunId,
}

/// Failures that have the same reason, but for the numbers in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FailedReason {
    pub reason: String,
    pub items: u64,
}

impl Store {
    /// Items that could not be read or were refused, by id, after this one.
    pub fn failures(
        &self,
        connection: ConnectionId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<FailedItem>, StoreError> {
        self.read("list the failures", |tx| list(tx, connection, after, None, limit))
    }

    /// The same of one reason, as [`Store::failure_reasons`] has it.
    pub fn failures_because(
        &self,
        connection: ConnectionId,
        reason: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<FailedItem>, StoreError> {
        self.read("list the failures", |tx| list(tx, connection, after, Some(reason), limit))
    }

    /// How many items failed for which reason, the most frequent first.
    pub fn failure_reasons(&self, connection: ConnectionId) -> Result<Vec<FailedReason>, StoreError> {
        self.read("count the failures", |tx| {
            let mut statement = tx.prepare_cached("SELECT reason FROM failures WHERE connection = ?1")?;
            let rows = statement.query_map([connection], |row| row.get::<_, String>(0))?;
            let mut items: BTreeMap<String, u64> = BTreeMap::new();
            for reason in rows {
                *items.entry(without_numbers(&reason?)).or_default() += 1;
            }
            let mut reasons: Vec<FailedReason> =
                items.into_iter().map(|(reason, items)| FailedReason { reason, items }).collect();
            reasons.sort_by_key(|one| std::cmp::Reverse(one.items));
            Ok(reasons)
        })
    }

    /// The ids of failures whose time has come and that this run has not tried yet, longest due first.
    pub fn failures_due(
        &self,
        connection: ConnectionId,
        run: RunId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.read("list the failures that are due", |tx| {
            let sql = "SELECT id FROM failures WHERE connection = ?1 AND refused = 0 AND not_before <= ?2
                           AND run < ?3 ORDER BY not_before, id LIMIT ?4";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, signed(now), run, limit], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Makes failures due at once, refused ones too: all of them, or those with these ids. Returns how many.
    pub fn retry_failures(&self, connection: ConnectionId, ids: &[String]) -> Result<u64, StoreError> {
        self.write("make failures due", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE failures SET not_before = 0, refused = 0 WHERE connection = ?1";
            let changed = if ids.is_empty() {
                tx.execute(sql, [connection])?
            } else {
                let ids = connections::to_json(&ids)?;
                let sql = format!("{sql} AND id IN (SELECT value FROM json_each(?2))");
                tx.execute(&sql, params![connection, ids])?
            };
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
    }
}

/// Failures by id after this one. A reason is compared without its numbers, which SQL cannot leave out.
fn list(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    after: Option<&str>,
    reason: Option<&str>,
    limit: u32,
) -> Result<Vec<FailedItem>, StoreError> {
    let sql = "SELECT f.id, i.kind, i.title, ifnull(f.url, i.url), f.reason, f.refused, f.since, f.tried,
                   f.attempts, f.not_before, f.run
               FROM failures f LEFT JOIN items i ON i.connection = f.connection AND i.id = f.id AND i.present = 1
               WHERE f.connection = ?1 AND (?2 IS NULL OR f.id > ?2) ORDER BY f.id";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![connection, after], |row| {
        Ok(FailedItem {
            id: row.get(0)?,
            kind: row.get(1)?,
            title: row.get(2)?,
            url: row.get(3)?,
            reason: row.get(4)?,
            refused: row.get(5)?,
            since: unsigned(row.get(6)?),
            tried: unsigned(row.get(7)?),
            attempts: row.get(8)?,
            next: unsigned(row.get(9)?),
            run: row.get(10)?,
        })
    })?;
    let wanted = |row: &Result<FailedItem, rusqlite::Error>| match (row, reason) {
        (Ok(failed), Some(reason)) => without_numbers(&failed.reason) == reason,
        _ => true,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(rows.filter(wanted).take(limit).collect::<Result<_, _>>()?)
}

/// Why an item is not as the source has it.
pub(super) enum Why<'a> {
    /// It is to be read, and was not asked for yet.
    Wanted,
    Failed,
    /// With the version that was refused.
    Refused(Option<&'a str>),
}

impl Applying<'_> {
    /// A failure that is told twice in a run is one.
    pub(super) fn write_failure(
        &mut self,
        id: &str,
        url: Option<&str>,
        reason: &str,
        why: &Why<'_>,
    ) -> Result<(), StoreError> {
        let id = limits::cut(id, ITEM_ID_BYTES_MAX);
        let prior = prior(self.tx, self.connection, id)?;
        let attempts = match (why, prior) {
            (Why::Wanted, prior) => prior.map_or(0, |(attempts, _)| attempts),
            (_, Some((attempts, run))) if run == self.run => attempts.max(1),
            (_, Some((attempts, _))) => attempts.saturating_add(1),
            (_, None) => 1,
        };
        let (refused, version) = match why {
            Why::Wanted | Why::Failed => (false, None),
            Why::Refused(version) => (true, *version),
        };
        let wait = match why {
            // A time that is always over.
            Why::Wanted => None,
            _ => Some(i64::try_from(retry_after(attempts).as_millis()).unwrap_or(i64::MAX)),
        };
        let sql = "INSERT INTO failures (connection, id, url, reason, refused, run, version, since, tried,
                       attempts, not_before)
                   SELECT ?1, ?2, ?3, ?4, ?5, id, ?7, started, started, ?8, ifnull(started + ?9, 0) FROM runs WHERE id = ?6
                   ON CONFLICT DO UPDATE SET url = ifnull(excluded.url, url), reason = excluded.reason,
                       refused = excluded.refused, run = excluded.run, version = excluded.version,
                       tried = excluded.tried, attempts = excluded.attempts, not_before = excluded.not_before";
        let (url, reason) = (limits::url(url), limits::reason(reason));
        let values = params![self.connection, id, url, reason, refused, self.run, version, attempts, wait];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub(super) fn forget_failure(&mut self, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM failures WHERE connection = ?1 AND id = ?2";
        self.tx.prepare_cached(sql)?.execute(params![self.connection, id])?;
        Ok(())
    }

    /// Whether asking for this item is left to the patience with its failure: it failed, or this very
    /// version was refused.
    pub(super) fn waits_its_turn(&self, id: &str, version: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM failures WHERE connection = ?1 AND id = ?2 AND (refused = 0 AND not_before > 0 OR refused = 1 AND version = ?3)";
        Ok(self.tx.prepare_cached(sql)?.exists(params![self.connection, id, version])?)
    }
}

fn prior(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    id: &str,
) -> Result<Option<(u32, RunId)>, StoreError> {
    let sql = "SELECT attempts, run FROM failures WHERE connection = ?1 AND id = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    Ok(statement.query_row(params![connection, id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// A reason with `…` for each number, so that those of different items count as one.
fn without_numbers(reason: &str) -> String {
    let mut words = String::with_capacity(reason.len());
    for letter in reason.chars() {
        match letter {
            '0'..='9' if words.ends_with('…') => {}
            '0'..='9' => words.push('…'),
            _ => words.push(letter),
        }
    }
    words
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Failure, Item};
    use crate::store::testing::{fixture, page, seen, upsert};

    fn failed(id: &str, reason: &str) -> Change {
        Change::Failed(Failure { id: id.into(), url: None, reason: reason.into() })
    }

    #[test]
    fn a_failure_is_asked_about_with_growing_patience_and_once_a_run() {
        let mut site = fixture();
        site.everything(&[failed("page:1", "500"), failed("page:1", "500")]);
        let kept = |site: &crate::store::testing::Fixture| {
            let failed = site.store.failures(site.connection, None, 9).unwrap().remove(0);
            (failed.attempts, failed.since, failed.next)
        };
        assert_eq!(kept(&site), (1, 2, 300_002), "told twice in a run is one failure");
        let due = |site: &crate::store::testing::Fixture, run, now| {
            site.store.failures_due(site.connection, run, now, 9).unwrap()
        };
        assert_eq!(due(&site, site.run, u64::MAX), [""; 0], "this run tried it");
        site.next_run();
        assert_eq!(due(&site, site.run, 300_001), [""; 0]);
        assert_eq!(due(&site, site.run, 300_002), ["page:1"]);
        site.answers(&[failed("page:1", "503")]);
        assert_eq!(kept(&site), (2, 2, 3_600_002));
        assert_eq!(site.store.retry_failures(site.connection, &["page:9".into()]).unwrap(), 0);
        assert_eq!(site.store.retry_failures(site.connection, &[]).unwrap(), 1);
        site.next_run();
        assert_eq!(due(&site, site.run, 2), ["page:1"]);
        site.answers(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(site.store.failures(site.connection, None, 9).unwrap(), []);
    }

    #[test]
    fn what_was_refused_is_asked_for_again_once_its_version_differs() {
        let site = fixture();
        site.everything(&[upsert(Item { kind: "unheard-of".into(), ..page("page:1", "space:1") })]);
        assert_eq!(site.store.failures_due(site.connection, site.run + 1, u64::MAX, 9).unwrap(), [""; 0]);
        let stale = |version| site.answers(&[seen("page:1", "space:1", version)]).stale;
        assert_eq!((stale("1"), stale("2")), (vec![], vec!["page:1".to_owned()]));
        site.answers(&[failed("page:1", "500")]);
        assert_eq!(stale("3"), [""; 0], "a failure has its own patience");
    }

    #[test]
    fn reasons_are_counted_whatever_numbers_stand_in_them() {
        let site = fixture();
        let [one, two] = ["GET /pages/1: 500", "GET /pages/22: 503"].map(|reason| reason.to_owned());
        site.everything(&[failed("page:1", &one), failed("page:22", &two), failed("page:3", "unheard of")]);
        let reasons = site.store.failure_reasons(site.connection).unwrap();
        let told: Vec<_> = reasons.iter().map(|one| (one.items, one.reason.as_str())).collect();
        assert_eq!(told, [(2, "GET /pages/…: …"), (1, "unheard of")]);
        let of = |reason, after, limit| {
            let failed = site.store.failures_because(site.connection, reason, after, limit).unwrap();
            failed.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(of("GET /pages/…: …", None, 9), ["page:1", "page:22"]);
        assert_eq!(of("GET /pages/…: …", None, 1), ["page:1"]);
        assert_eq!(of("GET /pages/…: …", Some("page:1"), 9), ["page:22"]);
        assert_eq!(of("GET /pages/1: 500", None, 9), [""; 0]);
    }
}
