//! Removing a connection: marked first, then taken away in small transactions, so that a removal that is
//! killed goes on, and no other process waits long for it.
//!
//! From the mark on nobody sees anything of the connection, nothing more is written to it, and its secrets
//! are gone. The row itself goes last, once the index has made the rest durable.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::ConnectionId;

use super::{Store, StoreError, bump_generation, unsigned};

/// Items taken away in one transaction: with their words some megabytes, so some tenths of a second.
const ITEMS_AT_ONCE: u32 = 1_000;

/// Other rows taken away in one transaction. They are small.
const ROWS_AT_ONCE: u32 = 5_000;

/// The tables of which a connection may have many rows, and what tells one row of it from another. Those of
/// other tables go with the connection's own row.
const TABLES: [(&str, &str); 9] = [
    ("failures", "id"),
    ("activities", "id"),
    ("memberships", "group_id, member_type, member_id"),
    ("users", "id"),
    ("groups", "id"),
    ("links", "email_key"),
    ("accesses", "num"),
    ("partitions", "num"),
    ("runs", "id"),
];

/// A removal that was begun and has not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    pub connection: ConnectionId,
    /// What the connection was called.
    pub name: String,
}

impl Store {
    /// Marks a connection as being removed, and forgets its secrets. Its name is free again. Returns how many
    /// items it had.
    ///
    /// # Errors
    /// [`StoreError::UnknownConnection`], also when it is marked already.
    pub fn begin_removal(&self, name: &str) -> Result<(Removal, u64), StoreError> {
        let connection = self.connection(name)?.id;
        self.write("begin to remove the connection", |tx| {
            // No connection can be called so: names have no control characters.
            let sql = "UPDATE connections SET removing = name, name = char(7) || id
                       WHERE id = ?1 AND removing IS NULL";
            if tx.execute(sql, [connection])? == 0 {
                return Err(StoreError::ConnectionGone { connection });
            }
            tx.execute("DELETE FROM secrets WHERE connection = ?1", [connection])?;
            bump_generation(tx)?;
            let sql =
                "SELECT count(*) FROM items INDEXED BY items_access WHERE connection = ?1 AND present = 1";
            let items = unsigned(tx.query_row(sql, [connection], |row| row.get(0))?);
            Ok((Removal { connection, name: name.to_owned() }, items))
        })
    }

    /// The removals that were begun and have not come to their end.
    pub fn removals(&self) -> Result<Vec<Removal>, StoreError> {
        self.read("look for removals that were cut off", |tx| {
            let sql = "SELECT id, removing FROM connections WHERE removing IS NOT NULL ORDER BY id";
            let mut statement = tx.prepare_cached(sql)?;
            let rows =
                statement.query_map([], |row| Ok(Removal { connection: row.get(0)?, name: row.get(1)? }))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Takes away some of what a connection that is being removed has; the outbox keeps the numbers of its
    /// items, so that the index drops them. True when nothing but its row is left.
    pub fn remove_some(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        self.write("remove a part of the connection", |tx| {
            if !is_removed(tx, connection)? {
                return Err(StoreError::ConnectionGone { connection });
            }
            if items(tx, connection)? {
                return Ok(false);
            }
            for (table, key) in TABLES {
                let sql = format!(
                    "DELETE FROM {table} WHERE connection = ?1 AND ({key}) IN
                         (SELECT {key} FROM {table} WHERE connection = ?1 LIMIT ?2)"
                );
                if tx.prepare_cached(&sql)?.execute(params![connection, ROWS_AT_ONCE])? > 0 {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Takes the row of a connection away, with whatever little still hangs on it.
    pub fn finish_removal(&self, connection: ConnectionId) -> Result<(), StoreError> {
        self.write("remove the connection", |tx| {
            let sql = "DELETE FROM connections WHERE id = ?1 AND removing IS NOT NULL";
            tx.execute(sql, [connection])?;
            Ok(())
        })
    }

    /// Empties the write-ahead log, in which what was deleted still stands. False when another process
    /// reads just now; the log is emptied when the last one closes the store.
    pub fn empty_log(&self) -> Result<bool, StoreError> {
        // A reader that is kept open does not hold the log back, only one in a transaction does.
        let writer = self.0.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy = writer.query_row(sql, [], |row| row.get::<_, i64>(0));
        let busy = busy.map_err(|error| StoreError::from(error).attempting("empty the log", &self.0.path))?;
        Ok(busy == 0)
    }
}

fn is_removed(tx: &Transaction<'_>, connection: ConnectionId) -> Result<bool, StoreError> {
    let sql = "SELECT removing IS NOT NULL FROM connections WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// Takes some items away; false if there were none. What the index may still hold of items deleted a moment
/// ago is in the outbox already.
fn items(tx: &Transaction<'_>, connection: ConnectionId) -> Result<bool, StoreError> {
    let sql = "SELECT max(num) FROM (SELECT num FROM items WHERE connection = ?1 ORDER BY num LIMIT ?2)";
    let last: Option<i64> =
        tx.prepare_cached(sql)?.query_row(params![connection, ITEMS_AT_ONCE], |row| row.get(0))?;
    let Some(last) = last else { return Ok(false) };
    let sql = "INSERT OR REPLACE INTO outbox (item_num)
               SELECT num FROM items WHERE connection = ?1 AND num <= ?2 AND present = 1 ORDER BY num";
    tx.prepare_cached(sql)?.execute(params![connection, last])?;
    let sql = "DELETE FROM items WHERE connection = ?1 AND num <= ?2";
    tx.prepare_cached(sql)?.execute(params![connection, last])?;
    Ok(true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Failure, Principal, Standing};
    use crate::store::testing::{Fixture, fixture, member, new_connection, page, upsert, user};
    use crate::store::{Store, StoreError};

    /// The rows of all tables that have to do with connections.
    fn rows(store: &Store) -> i64 {
        let count = |tx: &rusqlite::Transaction<'_>| {
            let mut statement = tx.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table'
                     AND name NOT IN ('meta', 'outbox', 'sqlite_sequence')",
            )?;
            let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let counts = tables.iter().map(|table| {
                tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0))
            });
            Ok(counts.sum::<Result<i64, _>>()?)
        };
        store.read("test", count).unwrap()
    }

    fn read(pages: u32) -> Fixture {
        let site = fixture();
        let ada = Principal::User("ada".into());
        let failure = Failure { id: "page:x".into(), url: None, reason: "500".into() };
        let mut changes: Vec<Change> =
            (0..pages).map(|id| upsert(page(&format!("page:{id}"), "space:1"))).collect();
        changes.extend([
            user("ada", Some("ada@acme.example"), Standing::Member),
            member("team", ada),
            Change::Failed(failure),
        ]);
        site.everything(&changes);
        site.store.put_secret(site.connection, "token", b"sealed").unwrap();
        site.store.link_person(site.connection, "a@acme.example", "ada").unwrap();
        site
    }

    #[test]
    fn removing_a_connection_leaves_only_what_the_index_must_drop() {
        let site = read(1);
        site.clear_outbox();
        let num = site.num("page:0");
        let generation = site.store.generation().unwrap();
        site.remove();
        assert_eq!(site.outbox(), [format!("gone {num}")]);
        assert_eq!(site.store.generation().unwrap(), generation + 1);
        assert_eq!(rows(&site.store), 0);
        let again = site.store.add_connection(&new_connection("acme"), 9).unwrap();
        assert!(again.id > site.connection, "numbers are not used again");
    }

    #[test]
    fn from_the_mark_on_nobody_sees_the_connection_and_nothing_is_written_to_it() {
        let site = read(2);
        let (removal, items) = site.store.begin_removal("acme").unwrap();
        assert_eq!((removal.connection, removal.name.as_str(), items), (site.connection, "acme", 2));
        assert!(site.store.connections().unwrap().is_empty());
        assert!(site.store.items_with_id(None, "page:0").unwrap().is_empty());
        assert!(site.store.list_items(crate::store::ItemFilter::default(), 9).unwrap().is_empty());
        assert_eq!(site.store.secret(site.connection, "token").unwrap(), None);
        let refused = [
            site.store.connection("acme").map(|_| ()),
            site.store.begin_removal("acme").map(|_| ()),
            site.store.put_secret(site.connection, "token", b"new"),
            site.page(&crate::model::Position::Everything, &[], &crate::model::Next::Done(None)).map(|_| ()),
            site.store.remove_some(99).map(|_| ()),
        ];
        assert!(refused.iter().all(Result::is_err), "{refused:?}");
        assert!(matches!(refused[3], Err(StoreError::ConnectionGone { .. })));
        // Its name is free, even before it is gone.
        site.store.add_connection(&new_connection("acme"), 9).unwrap();
    }

    #[test]
    fn a_removal_that_was_cut_off_goes_on_after_the_store_was_opened_again() {
        let site = read(2_500);
        site.clear_outbox();
        site.store.begin_removal("acme").unwrap();
        assert!(!site.store.remove_some(site.connection).unwrap());
        let Fixture { store, connection, dir, .. } = site;
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        let [removal] = &store.removals().unwrap()[..] else { panic!("not one") };
        assert_eq!((removal.connection, removal.name.as_str()), (connection, "acme"));
        let mut steps = 0;
        while !store.remove_some(connection).unwrap() {
            steps += 1;
        }
        store.finish_removal(connection).unwrap();
        assert!(steps >= 2, "of 2,501 items a thousand were gone");
        assert_eq!((rows(&store), store.outbox_len_after(0).unwrap()), (0, 2_500));
        assert!(store.removals().unwrap().is_empty() && store.empty_log().unwrap());
    }
}
