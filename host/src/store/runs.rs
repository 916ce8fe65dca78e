//! Runs: what was read when, with what result, in numbers.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::model::{ConnectionId, Timestamp};

use super::activity::{self, ACTIVITIES_MAX};
use super::digest::digest_of;
use super::{
    Applied, Mode, Outcome, Store, StoreError, Trigger, connections, schedules, signed, unsigned, wanted,
};

/// Runs of a connection that are remembered: six weeks of one each hour.
const RUNS_KEPT_MAX: i64 = 1_000;

/// The row number of a run. Later runs have larger ones.
pub type RunId = i64;

/// What a run cost at the gate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    pub requests: u64,
    pub bytes: u64,
    pub retries: u64,
    /// In the source's own measure, as far as the connector can tell.
    pub points: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct RunCounts {
    pub added: u64,
    /// In content; what only moved or changed access is not counted here.
    pub changed: u64,
    pub moved: u64,
    pub access_changed: u64,
    pub unchanged: u64,
    pub deleted: u64,
    /// Items that went to the source's bin, and that came back from it.
    pub binned: u64,
    pub restored: u64,
    /// Items that the source put out of use and keeps.
    pub archived: u64,
    /// Items removed because the settings leave them out.
    pub left_out: u64,
    pub failed: u64,
    pub requests: u64,
    pub bytes: u64,
    pub retries: u64,
    pub points: u64,
    /// Parts that were not read to their end.
    pub skipped: u64,
    /// Items read in full, by kind, whether or not they were new.
    pub by_kind: BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    pub id: RunId,
    pub connection: ConnectionId,
    pub mode: Mode,
    pub trigger: Trigger,
    pub started: Timestamp,
    pub finished: Option<Timestamp>,
    /// None while it goes on.
    pub outcome: Option<Outcome>,
    pub message: Option<String>,
    pub counts: RunCounts,
}

/// How a connection's settings differ from those of its last run that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsSince {
    Same,
    /// This is the first run after that one.
    JustChanged,
    /// Another run began meanwhile and was cut off.
    ChangedEarlier,
}

impl Store {
    /// Begins a run that somebody asked for.
    pub fn begin_run(
        &self,
        connection: ConnectionId,
        mode: Mode,
        now: Timestamp,
    ) -> Result<RunId, StoreError> {
        self.begin_run_by(connection, mode, Trigger::Hand, now)
    }

    /// Begins a run. One that a crash left open is closed as interrupted, and if it is
    /// alive after all, its next page is refused with [`StoreError::RunOver`].
    pub fn begin_run_by(
        &self,
        connection: ConnectionId,
        mode: Mode,
        trigger: Trigger,
        now: Timestamp,
    ) -> Result<RunId, StoreError> {
        self.write("begin a run", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE runs SET outcome = 'interrupted', finished = ?2
                       WHERE connection = ?1 AND outcome IS NULL";
            tx.execute(sql, params![connection, signed(now)])?;
            let sql = "SELECT settings FROM connections WHERE id = ?1";
            let settings: String = tx.query_row(sql, [connection], |row| row.get(0))?;
            let sql =
                "INSERT INTO runs (connection, mode, started, settings, trigger) VALUES (?1, ?2, ?3, ?4, ?5)";
            let digest = digest_of(&settings);
            tx.execute(sql, params![connection, mode.as_str(), signed(now), digest, trigger.as_str()])?;
            let run = tx.last_insert_rowid();
            wanted::answer(tx, connection, mode, run)?;
            Ok(run)
        })
    }

    /// Compares the settings that this run began with to those of the latest one before it that came
    /// to its end. A run that was held up (`incomplete`) counts: otherwise a partition that can never
    /// be read would keep all others from being read again.
    pub fn settings_since(&self, run: RunId) -> Result<SettingsSince, StoreError> {
        self.read("compare the settings", |tx| {
            let sql = "SELECT this.settings, before.settings, NOT EXISTS
                           (SELECT 1 FROM runs WHERE connection = this.connection AND id > before.id AND id < this.id)
                       FROM runs this JOIN runs before ON before.connection = this.connection AND before.id < this.id
                       WHERE this.id = ?1 AND before.outcome IN ('complete', 'incomplete')
                       ORDER BY before.id DESC LIMIT 1";
            type Digests = (Option<Vec<u8>>, Option<Vec<u8>>, bool);
            let digests: Option<Digests> =
                tx.query_row(sql, [run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
            Ok(match digests {
                Some((Some(this), Some(before), true)) if this != before => SettingsSince::JustChanged,
                Some((Some(this), Some(before), false)) if this != before => SettingsSince::ChangedEarlier,
                _ => SettingsSince::Same,
            })
        })
    }

    /// Ends a run. What its pages changed was counted with each of them (see `apply`), so
    /// that a crash loses no number; the gate's figures come here.
    pub fn finish_run(
        &self,
        run: RunId,
        outcome: Outcome,
        message: Option<&str>,
        skipped: u64,
        traffic: Traffic,
        now: Timestamp,
    ) -> Result<Run, StoreError> {
        self.write("finish the run", |tx| {
            let sql = "UPDATE runs SET outcome = ?2, message = ?3, finished = ?4,
                           requests = ?5, bytes = ?6, retries = ?7, points = ?8, skipped = ?9
                       WHERE id = ?1 AND outcome IS NULL";
            let Traffic { requests, bytes, retries, points } = traffic;
            let values = params![
                run,
                outcome.as_str(),
                message,
                signed(now),
                signed(requests),
                signed(bytes),
                signed(retries),
                signed(points),
                signed(skipped)
            ];
            if tx.execute(sql, values)? == 0 {
                return Err(StoreError::RunOver { run });
            }
            let sql = "SELECT * FROM runs WHERE id = ?1";
            let mut row = tx.query_row(sql, [run], |row| Ok(read(row)))??;
            row.counts.by_kind = by_kind(tx, run)?;
            schedules::count(tx, row.connection, outcome)?;
            forget_old(tx, row.connection)?;
            forget_unused_accesses(tx, row.connection)?;
            activity::forget(tx, row.connection, now, ACTIVITIES_MAX)?;
            Ok(row)
        })
    }

    /// Notes a run that could not even begin, or that broke off for a reason of the host's own. `began` is when
    /// it was set out for: a run that began before is another's.
    pub fn note_failed_run(
        &self,
        connection: ConnectionId,
        mode: Mode,
        trigger: Trigger,
        message: &str,
        began: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("note a failed run", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE runs SET outcome = 'failed', message = ?2, finished = ?3
                       WHERE connection = ?1 AND outcome IS NULL AND started >= ?4";
            if tx.execute(sql, params![connection, message, signed(now), signed(began)])? == 0 {
                let sql = "INSERT INTO runs (connection, mode, trigger, started, finished, outcome, message)
                           VALUES (?1, ?2, ?3, ?4, ?5, 'failed', ?6)";
                let (began, now) = (signed(began), signed(now));
                let values = params![connection, mode.as_str(), trigger.as_str(), began, now, message];
                tx.execute(sql, values)?;
                wanted::answer(tx, connection, mode, tx.last_insert_rowid())?;
            }
            schedules::count(tx, connection, Outcome::Failed)?;
            forget_old(tx, connection)
        })
    }

    /// One run, as it is now; None if it was forgotten.
    pub fn run(&self, run: RunId) -> Result<Option<Run>, StoreError> {
        self.read("look at a run", |tx| {
            let sql = "SELECT * FROM runs WHERE id = ?1";
            let Some(row) = tx.query_row(sql, [run], |row| Ok(read(row))).optional()? else {
                return Ok(None);
            };
            let mut row = row?;
            row.counts.by_kind = by_kind(tx, run)?;
            Ok(Some(row))
        })
    }

    /// The latest runs of a connection, newest first.
    pub fn runs(&self, connection: ConnectionId, limit: u32) -> Result<Vec<Run>, StoreError> {
        self.read("list the runs", |tx| latest(tx, connection, None, limit))
    }

    /// The runs of a connection from the one before this on, newest first; without one, the latest.
    pub fn runs_before(
        &self,
        connection: ConnectionId,
        before: Option<RunId>,
        limit: u32,
    ) -> Result<Vec<Run>, StoreError> {
        self.read("list the runs", |tx| latest(tx, connection, before, limit))
    }
}

pub(super) fn latest(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    before: Option<RunId>,
    limit: u32,
) -> Result<Vec<Run>, StoreError> {
    let sql = "SELECT * FROM runs WHERE connection = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    let mut statement = tx.prepare_cached(sql)?;
    let values = params![connection, before.unwrap_or(RunId::MAX), limit];
    let rows = statement.query_map(values, |row| Ok(read(row)))?;
    let mut runs = rows.map(|row| row?).collect::<Result<Vec<Run>, StoreError>>()?;
    for run in &mut runs {
        run.counts.by_kind = by_kind(tx, run.id)?;
    }
    Ok(runs)
}

/// Refuses the pages of a run that another one has replaced.
pub(super) fn require_open(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    run: RunId,
) -> Result<(), StoreError> {
    connections::require(tx, connection)?;
    let sql = "SELECT 1 FROM runs WHERE id = ?1 AND connection = ?2 AND outcome IS NULL";
    if tx.prepare_cached(sql)?.exists([run, connection])? { Ok(()) } else { Err(StoreError::RunOver { run }) }
}

/// When a run began, as SQLite keeps it.
pub(super) fn began(tx: &Transaction<'_>, run: RunId) -> Result<i64, StoreError> {
    let sql = "SELECT started FROM runs WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([run], |row| row.get(0))?)
}

/// Counts a page with the page, in its transaction.
pub(super) fn count(tx: &Transaction<'_>, run: RunId, applied: &Applied) -> Result<(), StoreError> {
    let sql = "UPDATE runs SET added = added + ?2, changed = changed + ?3, moved = moved + ?4,
                   access_changed = access_changed + ?5, unchanged = unchanged + ?6,
                   deleted = deleted + ?7, failed = failed + ?8, left_out = left_out + ?9,
                   binned = binned + ?10, restored = restored + ?11, archived = archived + ?12
               WHERE id = ?1";
    let Applied { added, changed, moved, access_changed, unchanged, deleted, failed, left_out, .. } = applied;
    let Applied { binned, restored, archived, .. } = applied;
    tx.prepare_cached(sql)?.execute(params![
        run,
        added,
        changed,
        moved,
        access_changed,
        unchanged,
        deleted,
        failed,
        left_out,
        binned,
        restored,
        archived
    ])?;
    let sql = "INSERT INTO run_kinds (run, kind, items) VALUES (?1, ?2, ?3)
               ON CONFLICT DO UPDATE SET items = items + excluded.items";
    let mut statement = tx.prepare_cached(sql)?;
    for (kind, items) in &applied.by_kind {
        statement.execute(params![run, kind, items])?;
    }
    Ok(())
}

/// Forgets all but the latest runs.
fn forget_old(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    let sql = "DELETE FROM runs WHERE connection = ?1 AND id <=
                   (SELECT id FROM runs WHERE connection = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    tx.execute(sql, params![connection, RUNS_KEPT_MAX])?;
    Ok(())
}

/// Statements no item uses any more name people who need not be remembered.
fn forget_unused_accesses(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    let sql = "DELETE FROM accesses WHERE connection = ?1 AND num NOT IN
                   (SELECT access_num FROM items INDEXED BY items_access
                    WHERE connection = ?1 AND present = 1 AND access_num IS NOT NULL)
               AND num NOT IN
                   (SELECT prior_access FROM items INDEXED BY items_access
                    WHERE connection = ?1 AND present = 1 AND prior_access IS NOT NULL)";
    tx.execute(sql, [connection])?;
    Ok(())
}

fn by_kind(tx: &Transaction<'_>, run: RunId) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT kind, items FROM run_kinds WHERE run = ?1")?;
    let rows = statement.query_map([run], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> Result<Run, StoreError> {
    let number = |name: &str| row.get::<_, i64>(name).map(unsigned);
    let outcome: Option<String> = row.get("outcome")?;
    Ok(Run {
        id: row.get("id")?,
        connection: row.get("connection")?,
        mode: Mode::parse(&row.get::<_, String>("mode")?)?,
        trigger: Trigger::parse(&row.get::<_, String>("trigger")?)?,
        started: number("started")?,
        finished: row.get::<_, Option<i64>>("finished")?.map(unsigned),
        outcome: outcome.as_deref().map(Outcome::parse).transpose()?,
        message: row.get("message")?,
        counts: RunCounts {
            added: number("added")?,
            changed: number("changed")?,
            moved: number("moved")?,
            access_changed: number("access_changed")?,
            unchanged: number("unchanged")?,
            deleted: number("deleted")?,
            binned: number("binned")?,
            restored: number("restored")?,
            archived: number("archived")?,
            left_out: number("left_out")?,
            failed: number("failed")?,
            requests: number("requests")?,
            bytes: number("bytes")?,
            retries: number("retries")?,
            points: number("points")?,
            skipped: number("skipped")?,
            by_kind: BTreeMap::new(),
        },
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
