//! The audit trail: what was done in the console and over the API, and by whom.

use rusqlite::params;

use crate::model::Timestamp;

use super::{Store, StoreError, limits, signed, unsigned};

/// The number of an act.
pub type ActId = i64;

/// What about an act is kept of what somebody typed, in bytes.
const ABOUT_BYTES_MAX: usize = 1_000;

/// One thing that was done, or that somebody tried to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Act {
    pub id: ActId,
    pub at: Timestamp,
    /// An e-mail, or a token's number and label.
    pub actor: String,
    /// A short name: `connection-paused`.
    pub act: String,
    pub connection: Option<String>,
    /// The rest in words.
    pub about: String,
    /// `done` or `failed`; none while it goes on, or if it was cut off.
    pub outcome: Option<String>,
}

/// Which acts are told; all, unless one of these is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Part of who did it, in any case.
    pub actor: Option<String>,
    /// The connection's name.
    pub connection: Option<String>,
}

impl Store {
    /// Notes that something is about to be done. What cannot be noted must not be done.
    pub fn note_act(
        &self,
        actor: &str,
        act: &str,
        connection: Option<&str>,
        about: &str,
        now: Timestamp,
    ) -> Result<ActId, StoreError> {
        self.write("note the act", |tx| {
            let sql = "INSERT INTO acts (at, actor, act, connection, about) VALUES (?1, ?2, ?3, ?4, ?5)";
            let about = limits::cut(about, ABOUT_BYTES_MAX);
            tx.execute(sql, params![signed(now), actor, act, connection, about])?;
            Ok(tx.last_insert_rowid())
        })
    }

    /// Notes how it ended.
    pub fn end_act(&self, act: ActId, done: bool) -> Result<(), StoreError> {
        self.write("note how the act ended", |tx| {
            let outcome = if done { "done" } else { "failed" };
            tx.execute("UPDATE acts SET outcome = ?2 WHERE id = ?1", params![act, outcome])?;
            Ok(())
        })
    }

    /// The latest acts, the newest first, before the one with this number.
    pub fn acts(&self, before: Option<ActId>, limit: u32) -> Result<Vec<Act>, StoreError> {
        self.acts_of(&ActFilter::default(), before, limit)
    }

    /// The same, of those that the filter means.
    pub fn acts_of(
        &self,
        filter: &ActFilter,
        before: Option<ActId>,
        limit: u32,
    ) -> Result<Vec<Act>, StoreError> {
        self.read("list the acts", |tx| {
            let sql = "SELECT id, at, actor, act, connection, about, outcome FROM acts
                       WHERE (?1 IS NULL OR id < ?1) AND (?3 IS NULL OR instr(lower(actor), lower(?3)))
                           AND (?4 IS NULL OR connection = ?4)
                       ORDER BY id DESC LIMIT ?2";
            let mut statement = tx.prepare_cached(sql)?;
            let asked = params![before, limit, filter.actor, filter.connection];
            let rows = statement.query_map(asked, |row| {
                Ok(Act {
                    id: row.get(0)?,
                    at: unsigned(row.get(1)?),
                    actor: row.get(2)?,
                    act: row.get(3)?,
                    connection: row.get(4)?,
                    about: row.get(5)?,
                    outcome: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::ActFilter;
    use crate::store::testing::fixture;

    #[test]
    fn what_was_done_is_told_newest_first_and_outlives_its_connection() {
        let site = fixture();
        let note = |act: &str, at| site.store.note_act("ana@acme.com", act, Some("acme"), "", at).unwrap();
        let first = note("connection-paused", 1);
        site.store.end_act(first, true).unwrap();
        let second = note("connection-removed", 2);
        site.store.end_act(second, false).unwrap();
        note("sync-asked", 3);
        site.remove();
        let told: Vec<_> =
            site.store.acts(None, 9).unwrap().into_iter().map(|act| (act.act, act.outcome)).collect();
        let some = |word: &str| Some(word.to_owned());
        assert_eq!(
            told,
            [
                ("sync-asked".into(), None),
                ("connection-removed".into(), some("failed")),
                ("connection-paused".into(), some("done"))
            ]
        );
        assert_eq!(site.store.acts(Some(second), 9).unwrap().len(), 1);
        let of = |actor: Option<&str>, connection: Option<&str>| {
            let filter =
                ActFilter { actor: actor.map(str::to_owned), connection: connection.map(str::to_owned) };
            site.store.acts_of(&filter, None, 9).unwrap().len()
        };
        assert_eq!((of(Some("ANA@"), Some("acme")), of(Some("ben"), None), of(None, Some("acm"))), (3, 0, 0));
    }
}
