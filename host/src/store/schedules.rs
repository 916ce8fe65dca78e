//! How connections are read by themselves, and what their last runs say of that.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::model::ConnectionId;
use crate::schedule::{EVERY_DEFAULT, Every, LastRun, Schedule, phase};

use super::{Mode, Outcome, RunId, Store, StoreError, connections, unsigned, wanted};

/// A connection, and what decides when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub connection: ConnectionId,
    pub name: String,
    pub schedule: Schedule,
    pub last: Option<LastRun>,
    /// The run that goes on, or was cut off and nobody has noticed.
    pub open_run: Option<RunId>,
    /// The most that somebody asked for and no run answers yet.
    pub wanted: Option<Mode>,
}

impl Store {
    /// All connections by name.
    pub fn planned(&self) -> Result<Vec<Planned>, StoreError> {
        self.read("read the schedules", |tx| {
            let seed = seed(tx)?;
            let sql = "SELECT connections.id, name, manual, every_minutes, paused, needs_sign_in, failures,
                         EXISTS (SELECT 1 FROM setups WHERE connection = connections.id) AS setting_up
                       FROM connections LEFT JOIN schedules ON connection = connections.id
                       WHERE removing IS NULL ORDER BY name";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| Ok(read(row, seed)))?;
            let mut planned = rows.map(|row| row?).collect::<Result<Vec<_>, StoreError>>()?;
            for one in &mut planned {
                (one.last, one.open_run) = last_run(tx, one.connection)?;
                one.wanted = wanted::unanswered(tx, one.connection)?;
            }
            Ok(planned)
        })
    }

    /// Changes what is given, and leaves the rest as it is.
    pub fn set_schedule(
        &self,
        connection: ConnectionId,
        manual: Option<bool>,
        every: Option<Every>,
    ) -> Result<(), StoreError> {
        self.write("keep the schedule", |tx| {
            row(tx, connection)?;
            let sql =
                "UPDATE schedules SET manual = ifnull(?2, manual), every_minutes = ifnull(?3, every_minutes)
                       WHERE connection = ?1";
            tx.execute(sql, params![connection, manual, every.map(Every::as_minutes)])?;
            Ok(())
        })
    }

    pub fn set_paused(&self, connection: ConnectionId, paused: bool) -> Result<(), StoreError> {
        self.write("pause or resume the connection", |tx| {
            row(tx, connection)?;
            let sql = "UPDATE schedules SET paused = ?2 WHERE connection = ?1";
            tx.execute(sql, params![connection, paused])?;
            Ok(())
        })
    }

    /// Notes that the source refused the sign-in, or that it took it.
    pub fn set_needs_sign_in(&self, connection: ConnectionId, needs: bool) -> Result<(), StoreError> {
        self.write("note how the sign-in stands", |tx| {
            if !needs {
                return signed_in(tx, connection);
            }
            row(tx, connection)?;
            let sql = "UPDATE schedules SET needs_sign_in = 1 WHERE connection = ?1";
            tx.execute(sql, [connection])?;
            Ok(())
        })
    }
}

/// Somebody signed in: what failed before says nothing any more.
pub(super) fn signed_in(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    let sql =
        "UPDATE schedules SET needs_sign_in = 0, failures = 0 WHERE connection = ?1 AND needs_sign_in = 1";
    tx.prepare_cached(sql)?.execute([connection])?;
    Ok(())
}

/// Counts runs that fail, one after the other.
pub(super) fn count(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    outcome: Outcome,
) -> Result<(), StoreError> {
    let sql = match outcome {
        Outcome::Failed => "UPDATE schedules SET failures = failures + 1 WHERE connection = ?1",
        Outcome::Complete | Outcome::Incomplete => {
            "UPDATE schedules SET failures = 0 WHERE connection = ?1 AND failures > 0"
        }
        Outcome::Canceled | Outcome::Interrupted => return Ok(()),
    };
    if outcome == Outcome::Failed {
        row(tx, connection)?;
    }
    tx.prepare_cached(sql)?.execute([connection])?;
    Ok(())
}

/// Makes the connection's row if there is none.
fn row(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    connections::require(tx, connection)?;
    tx.execute("INSERT OR IGNORE INTO schedules (connection) VALUES (?1)", [connection])?;
    Ok(())
}

/// A number that is the folder's own: the beginning of its random name.
fn seed(tx: &Transaction<'_>) -> Result<u32, StoreError> {
    let id: String = tx.query_row("SELECT folder_id FROM meta", [], |row| row.get(0))?;
    let digits = id.get(..8).unwrap_or_default();
    u32::from_str_radix(digits, 16).map_err(|error| StoreError::unreadable("the folder's id", error))
}

fn read(row: &Row<'_>, seed: u32) -> Result<Planned, StoreError> {
    let connection: ConnectionId = row.get("id")?;
    let flag = |name: &str| row.get::<_, Option<bool>>(name).map(Option::unwrap_or_default);
    let every = match row.get::<_, Option<u32>>("every_minutes")? {
        None => EVERY_DEFAULT,
        Some(minutes) => {
            Every::minutes(minutes).map_err(|error| StoreError::unreadable("an interval", error))?
        }
    };
    let schedule = Schedule {
        manual: flag("manual")?,
        every,
        paused: flag("paused")?,
        needs_sign_in: flag("needs_sign_in")?,
        setting_up: flag("setting_up")?,
        failures: row.get::<_, Option<u32>>("failures")?.unwrap_or_default(),
        phase: phase(seed, connection),
    };
    Ok(Planned { connection, name: row.get("name")?, schedule, last: None, open_run: None, wanted: None })
}

fn last_run(
    tx: &Transaction<'_>,
    connection: ConnectionId,
) -> Result<(Option<LastRun>, Option<RunId>), StoreError> {
    let sql = "SELECT id, started, outcome FROM runs WHERE connection = ?1 ORDER BY id DESC LIMIT 1";
    let found: Option<(RunId, i64, Option<String>)> = tx
        .prepare_cached(sql)?
        .query_row([connection], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((run, started, outcome)) = found else { return Ok((None, None)) };
    let outcome = outcome.as_deref().map(Outcome::parse).transpose()?;
    let open = outcome.is_none().then_some(run);
    Ok((Some(LastRun { started: unsigned(started), outcome }), open))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::schedule::{EVERY_DEFAULT, Every};
    use crate::store::testing::{fixture, new_connection};
    use crate::store::{Mode, Outcome, Traffic, Trigger};

    #[test]
    fn a_connection_is_scheduled_every_hour_until_somebody_says_otherwise() {
        let site = fixture();
        let planned = || site.store.planned().unwrap().remove(0);
        let before = planned();
        assert_eq!((before.schedule.manual, before.schedule.every), (false, EVERY_DEFAULT));
        assert_eq!((before.open_run, before.wanted), (Some(site.run), None));
        site.store.set_schedule(site.connection, None, Some(Every::minutes(30).unwrap())).unwrap();
        site.store.set_schedule(site.connection, Some(true), None).unwrap();
        site.store.set_paused(site.connection, true).unwrap();
        let after = planned().schedule;
        assert_eq!((after.manual, after.every.as_minutes(), after.paused), (true, 30, true));
        assert_eq!(after.phase, before.schedule.phase);
        assert!(site.store.set_paused(99, true).is_err());
    }

    #[test]
    fn connections_have_their_turns_apart() {
        let site = fixture();
        site.store.add_connection(&new_connection("beta"), 1).unwrap();
        let phases: Vec<u32> = site.store.planned().unwrap().iter().map(|one| one.schedule.phase).collect();
        let apart = phases[0].abs_diff(phases[1]);
        assert!(apart.min(apart.wrapping_neg()) > 1 << 30, "{phases:?}");
    }

    #[test]
    fn failures_are_counted_until_a_run_or_a_sign_in_succeeds() {
        let site = fixture();
        let schedule = || site.store.planned().unwrap().remove(0).schedule;
        let run = |outcome| {
            let run = site.store.begin_run_by(site.connection, Mode::Since, Trigger::Schedule, 3).unwrap();
            site.store.finish_run(run, outcome, None, 0, Traffic::default(), 4).unwrap();
            schedule().failures
        };
        use Outcome::{Canceled, Complete, Failed, Incomplete, Interrupted};
        let counted = [Failed, Failed, Canceled, Interrupted, Incomplete, Failed, Complete, Failed].map(run);
        assert_eq!(counted, [1, 2, 2, 2, 0, 1, 0, 1]);
        site.store.set_needs_sign_in(site.connection, true).unwrap();
        assert!(schedule().needs_sign_in);
        site.store.set_session(site.connection, "", "Ada", None).unwrap();
        assert_eq!((schedule().needs_sign_in, schedule().failures), (false, 0));
    }
}
