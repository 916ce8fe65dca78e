//! The numbers behind `weir status`.

use std::collections::BTreeMap;

use rusqlite::Transaction;

use crate::model::Connection;

use super::{FileStats, PeopleStats, Run, Store, StoreError, files, items, outbox, people, runs, unsigned};

/// What the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub connections: Vec<ConnectionStatus>,
    /// The file's size, without its log.
    pub file_bytes: u64,
    /// Entries not yet cleared by the index.
    pub outbox: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionStatus {
    pub connection: Connection,
    pub items_by_kind: BTreeMap<String, u64>,
    pub people: PeopleStats,
    pub groups: u64,
    pub failures: u64,
    /// Records of the source's audit log.
    pub activities: u64,
    pub files: FileStats,
    /// Reads that broke off and will go on where they did.
    pub reads_under_way: u64,
    /// The latest, perhaps still going on.
    pub last_run: Option<Run>,
}

/// The part of a [`ConnectionStatus`] that is counted quickly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub connection: Connection,
    pub items_by_kind: BTreeMap<String, u64>,
    pub users: u64,
    /// Users whose e-mail the source hides, and whom nobody linked.
    pub without_email: u64,
    pub failures: u64,
    /// The latest, perhaps still going on.
    pub last_run: Option<Run>,
}

impl Store {
    pub fn status(&self) -> Result<Status, StoreError> {
        // Before the transaction, since it reads in one of its own.
        let connections = self.connections()?;
        self.read("read the store's status", |tx| {
            let connections = connections
                .into_iter()
                .map(|connection| of_connection(tx, connection))
                .collect::<Result<_, _>>()?;
            let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
            let file_bytes = unsigned(tx.query_row(sql, [], |row| row.get(0))?);
            Ok(Status { connections, file_bytes, outbox: outbox::len_after(tx, 0)? })
        })
    }

    /// What of a connection is told wherever it is shown, which has to be quick: nothing that grows with its files or
    /// with who may read what.
    pub fn overview(&self, name: &str) -> Result<Overview, StoreError> {
        let connection = self.connection(name)?;
        let id = connection.id;
        self.read("look at the connection", |tx| {
            let number = |sql: &str| -> Result<u64, StoreError> {
                Ok(unsigned(tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?))
            };
            Ok(Overview {
                connection,
                items_by_kind: items::counts_by_kind(tx, id)?,
                users: number("SELECT count(*) FROM users WHERE connection = ?1")?,
                without_email: people::without_email(tx, id)?,
                failures: number("SELECT count(*) FROM failures WHERE connection = ?1")?,
                last_run: runs::latest(tx, id, None, 1)?.pop(),
            })
        })
    }
}

fn of_connection(tx: &Transaction<'_>, connection: Connection) -> Result<ConnectionStatus, StoreError> {
    let id = connection.id;
    let number = |sql: &str| -> Result<u64, StoreError> {
        Ok(unsigned(tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?))
    };
    Ok(ConnectionStatus {
        connection,
        items_by_kind: items::counts_by_kind(tx, id)?,
        people: people::stats(tx, id)?,
        groups: number("SELECT count(*) FROM groups WHERE connection = ?1")?,
        failures: number("SELECT count(*) FROM failures WHERE connection = ?1")?,
        activities: number("SELECT count(*) FROM activities WHERE connection = ?1")?,
        files: files::stats(tx, id)?,
        reads_under_way: number(
            "SELECT count(*) FROM partitions WHERE connection = ?1 AND cursor IS NOT NULL",
        )?,
        last_run: runs::latest(tx, id, None, 1)?.pop(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Next, Position};
    use crate::store::testing::{fixture, page, upsert};

    #[test]
    fn the_status_tells_what_there_is_and_what_waits() {
        let site = fixture();
        site.page(&Position::Everything, &[upsert(page("page:1", "s"))], &Next::More("on".into())).unwrap();
        let status = site.store.status().unwrap();
        let [acme] = status.connections.as_slice() else { panic!("{status:?}") };
        assert_eq!((acme.connection.name.as_str(), acme.reads_under_way, status.outbox), ("acme", 1, 1));
        assert_eq!((acme.items_by_kind.len(), acme.last_run.as_ref().map(|run| run.id)), (1, Some(site.run)));
        assert!(status.file_bytes > 0);
    }
}
