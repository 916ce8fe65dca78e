//! Runs that are asked for, and asked to stop, across processes: by a command while another process holds the
//! data folder.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{ConnectionId, Timestamp};

use super::{Mode, RunId, Store, StoreError, connections, signed};

/// What nobody has taken back after a day was asked for by a process that is gone.
const KEPT_MS: u64 = 24 * 60 * 60 * 1_000;

/// The number of a wish.
pub type WantedId = i64;

/// How a wish stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Waiting,
    /// This run answers it; it may be over.
    Answered(RunId),
    /// Nobody knows of it any more; ask again.
    Forgotten,
}

impl Store {
    /// Asks for a run. One that goes on answers it if it learns as much; otherwise the next one does.
    pub fn want(&self, connection: ConnectionId, mode: Mode, now: Timestamp) -> Result<WantedId, StoreError> {
        self.write("ask for a run", |tx| {
            connections::require(tx, connection)?;
            tx.execute("DELETE FROM wanted WHERE asked < ?1", [signed(now.saturating_sub(KEPT_MS))])?;
            let under_way = under_way(tx, connection)?;
            let answers = under_way.filter(|(_, running)| running.covers(mode)).map(|(run, _)| run);
            let sql = "INSERT INTO wanted (connection, mode, asked, run) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![connection, mode.as_str(), signed(now), answers])?;
            Ok(tx.last_insert_rowid())
        })
    }

    pub fn wanted(&self, wanted: WantedId) -> Result<Wanted, StoreError> {
        self.read("look after the run that was asked for", |tx| {
            let sql = "SELECT run FROM wanted WHERE id = ?1";
            let run: Option<Option<RunId>> =
                tx.prepare_cached(sql)?.query_row([wanted], |row| row.get(0)).optional()?;
            Ok(match run {
                None => Wanted::Forgotten,
                Some(None) => Wanted::Waiting,
                Some(Some(run)) => Wanted::Answered(run),
            })
        })
    }

    /// Takes a wish back; a run that answers it goes on.
    pub fn unwant(&self, wanted: WantedId) -> Result<(), StoreError> {
        self.write("take back what was asked for", |tx| {
            tx.execute("DELETE FROM wanted WHERE id = ?1", [wanted])?;
            Ok(())
        })
    }

    /// The run of a connection that goes on, if there is one, and what it sets out to learn.
    pub fn run_under_way(&self, connection: ConnectionId) -> Result<Option<(RunId, Mode)>, StoreError> {
        self.read("look for a run", |tx| under_way(tx, connection))
    }

    /// Asks the run that goes on to stop; None if there is none. What waits for another run is forgotten.
    pub fn ask_cancel(&self, connection: ConnectionId) -> Result<Option<RunId>, StoreError> {
        self.write("cancel the run", |tx| {
            tx.execute("DELETE FROM wanted WHERE connection = ?1 AND run IS NULL", [connection])?;
            let Some((run, _)) = under_way(tx, connection)? else { return Ok(None) };
            tx.execute("UPDATE runs SET cancel = 1 WHERE id = ?1", [run])?;
            Ok(Some(run))
        })
    }

    /// Whether the run that goes on was asked to stop.
    pub fn cancel_asked(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        self.read("look whether the run was canceled", |tx| {
            let sql = "SELECT 1 FROM runs WHERE connection = ?1 AND outcome IS NULL AND cancel = 1";
            Ok(tx.prepare_cached(sql)?.exists([connection])?)
        })
    }
}

fn under_way(tx: &Transaction<'_>, connection: ConnectionId) -> Result<Option<(RunId, Mode)>, StoreError> {
    let sql = "SELECT id, mode FROM runs WHERE connection = ?1 AND outcome IS NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let found: Option<(RunId, String)> =
        statement.query_row([connection], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(run, mode)| Ok((run, Mode::parse(&mode)?))).transpose()
}

/// Says of what was asked for and this run learns that it is the answer.
pub(super) fn answer(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    mode: Mode,
    run: RunId,
) -> Result<(), StoreError> {
    let all = [Mode::Since, Mode::Inventory, Mode::Everything];
    for covered in all.into_iter().filter(|other| mode.covers(*other)) {
        let sql = "UPDATE wanted SET run = ?3 WHERE connection = ?1 AND mode = ?2 AND run IS NULL";
        tx.prepare_cached(sql)?.execute(params![connection, covered.as_str(), run])?;
    }
    Ok(())
}

/// The most that is wanted of a connection and that no run answers.
pub(super) fn unanswered(tx: &Transaction<'_>, connection: ConnectionId) -> Result<Option<Mode>, StoreError> {
    let sql = "SELECT mode FROM wanted WHERE connection = ?1 AND run IS NULL";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([connection], |row| row.get::<_, String>(0))?;
    let mut most: Option<Mode> = None;
    for row in rows {
        let mode = Mode::parse(&row?)?;
        if most.is_none_or(|most| mode.covers(most)) {
            most = Some(mode);
        }
    }
    Ok(most)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::store::testing::fixture;
    use crate::store::{Mode, Outcome, Traffic, Wanted};

    /// The fixture's run goes on, and reads everything.
    #[test]
    fn a_run_that_goes_on_answers_whoever_asks_for_as_much_or_less() {
        let site = fixture();
        let answered = site.store.want(site.connection, Mode::Inventory, 5).unwrap();
        assert_eq!(site.store.wanted(answered).unwrap(), Wanted::Answered(site.run));
        site.store.finish_run(site.run, Outcome::Complete, None, 0, Traffic::default(), 6).unwrap();
        let waiting = site.store.want(site.connection, Mode::Since, 7).unwrap();
        assert_eq!(site.store.wanted(waiting).unwrap(), Wanted::Waiting);
        site.store.unwant(answered).unwrap();
        assert_eq!(site.store.wanted(answered).unwrap(), Wanted::Forgotten);
    }

    #[test]
    fn whoever_asks_for_more_waits_for_a_run_of_their_own() {
        let site = fixture();
        let short = site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
        let everything = site.store.want(site.connection, Mode::Everything, 5).unwrap();
        assert_eq!(site.store.wanted(everything).unwrap(), Wanted::Waiting);
        let planned = || site.store.planned().unwrap().remove(0);
        assert_eq!((planned().wanted, planned().open_run), (Some(Mode::Everything), Some(short)));
        let shorter = site.store.begin_run(site.connection, Mode::Inventory, 6).unwrap();
        assert_eq!(site.store.wanted(everything).unwrap(), Wanted::Waiting, "{shorter} learns less");
        let own = site.store.begin_run(site.connection, Mode::Everything, 7).unwrap();
        assert_eq!(site.store.wanted(everything).unwrap(), Wanted::Answered(own));
        assert_eq!(planned().wanted, None);
    }

    #[test]
    fn a_run_is_asked_to_stop_and_no_other() {
        let mut site = fixture();
        assert!(!site.store.cancel_asked(site.connection).unwrap());
        assert_eq!(site.store.ask_cancel(site.connection).unwrap(), Some(site.run));
        assert!(site.store.cancel_asked(site.connection).unwrap());
        site.next_run();
        assert!(!site.store.cancel_asked(site.connection).unwrap(), "the next one is another");
        site.store.finish_run(site.run, Outcome::Canceled, None, 0, Traffic::default(), 6).unwrap();
        assert_eq!(site.store.ask_cancel(site.connection).unwrap(), None);
    }

    #[test]
    fn what_was_asked_for_a_day_ago_is_forgotten() {
        let site = fixture();
        let old = site.store.want(site.connection, Mode::Since, 5).unwrap();
        let day = 24 * 60 * 60 * 1_000;
        site.store.want(site.connection, Mode::Since, day + 6).unwrap();
        assert_eq!(site.store.wanted(old).unwrap(), Wanted::Forgotten);
    }
}
