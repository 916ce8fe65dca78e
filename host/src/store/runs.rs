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
mod tests {
    use crate::model::{Change, Failure};
    use crate::store::testing::{fixture, page, space, upsert};
    use crate::store::{Mode, Outcome, SettingsSince, StoreError, Traffic, Trigger};

    #[test]
    fn a_run_is_counted_with_its_pages() {
        let site = fixture();
        let failure = Failure { id: "page:9".into(), url: None, reason: "500".into() };
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            Change::Failed(failure),
        ]);
        site.answers(&[Change::Delete("page:1".into())]);
        let traffic = Traffic { requests: 3, bytes: 4_000, retries: 1, points: 7 };
        let finish =
            |now| site.store.finish_run(site.run, Outcome::Incomplete, Some("1 failed"), 2, traffic, now);
        let run = finish(9).unwrap();
        insta::assert_debug_snapshot!(run, @r#"
        Run {
            id: 1,
            connection: 1,
            mode: Everything,
            trigger: Hand,
            started: 2,
            finished: Some(
                9,
            ),
            outcome: Some(
                Incomplete,
            ),
            message: Some(
                "1 failed",
            ),
            counts: RunCounts {
                added: 2,
                changed: 0,
                moved: 0,
                access_changed: 0,
                unchanged: 0,
                deleted: 1,
                binned: 0,
                restored: 0,
                archived: 0,
                left_out: 0,
                failed: 1,
                requests: 3,
                bytes: 4000,
                retries: 1,
                points: 7,
                skipped: 2,
                by_kind: {
                    "page": 1,
                    "space": 1,
                },
            },
        }
        "#);
        assert_eq!(site.store.runs(site.connection, 5).unwrap(), [run]);
        assert!(matches!(finish(10), Err(StoreError::RunOver { .. })));
    }

    #[test]
    fn settings_are_changed_until_a_run_with_them_has_ended() {
        let site = fixture();
        let begin = || site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
        let finish = |run, outcome| {
            site.store.finish_run(run, outcome, None, 0, Traffic::default(), 4).unwrap();
        };
        let since = |run| site.store.settings_since(run).unwrap();
        assert_eq!(since(site.run), SettingsSince::Same, "there was none before");
        finish(site.run, Outcome::Complete);
        let set = |settings: &str| {
            site.store.set_settings(site.connection, settings, "", "Ada", &[]).unwrap();
        };
        set(r#"{"spaces":["ENG"]}"#);
        let cut_off = begin();
        assert_eq!(since(cut_off), SettingsSince::JustChanged);
        let held_up = begin();
        assert_eq!(since(held_up), SettingsSince::ChangedEarlier);
        finish(held_up, Outcome::Incomplete);
        let last = begin();
        assert_eq!(since(last), SettingsSince::Same);
        finish(last, Outcome::Complete);
        set("{}");
        assert_eq!(since(begin()), SettingsSince::JustChanged);
    }

    #[test]
    fn what_could_not_begin_or_broke_off_is_noted_as_failed() {
        let site = fixture();
        let note = |began, now| {
            let (mode, trigger) = (Mode::Since, Trigger::Schedule);
            site.store.note_failed_run(site.connection, mode, trigger, "no key", began, now).unwrap();
        };
        note(2, 5);
        note(6, 6);
        let runs = site.store.runs(site.connection, 5).unwrap();
        let told: Vec<_> = runs.iter().map(|run| (run.id, run.trigger, run.finished, run.outcome)).collect();
        let failed = Some(Outcome::Failed);
        assert_eq!(told, [(2, Trigger::Schedule, Some(6), failed), (1, Trigger::Hand, Some(5), failed)]);
        assert_eq!(runs[0].message.as_deref(), Some("no key"));
    }

    #[test]
    fn only_the_latest_runs_are_remembered() {
        let site = fixture();
        site.store
            .write("test", |tx| {
                let sql = "WITH RECURSIVE n(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 1200)
                           INSERT INTO runs (id, connection, mode, started, outcome) SELECT n, 1, 'since', n, 'failed' FROM n";
                Ok(tx.execute(sql, [])?)
            })
            .unwrap();
        let last = site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
        site.store.finish_run(last, Outcome::Complete, None, 0, Traffic::default(), 4).unwrap();
        let runs = site.store.runs(site.connection, 9_999).unwrap();
        assert_eq!((runs.len(), runs[0].id, runs[999].id), (1_000, last, last - 999));
    }

    #[test]
    fn a_run_that_a_crash_left_open_is_closed_with_what_it_did() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        site.store.begin_run(site.connection, Mode::Since, 8).unwrap();
        let runs = site.store.runs(site.connection, 5).unwrap();
        let told: Vec<_> =
            runs.iter().map(|run| (run.mode, run.outcome, run.finished, run.counts.added)).collect();
        let interrupted = (Mode::Everything, Some(Outcome::Interrupted), Some(8), 1);
        assert_eq!(told, [(Mode::Since, None, None, 0), interrupted]);
    }
}
