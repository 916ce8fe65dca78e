//! Connections that somebody is still setting up: they are signed in, and nothing reads them.

use rusqlite::Transaction;

use crate::model::ConnectionId;

use super::{Store, StoreError, connections};

impl Store {
    /// Whether a connection is still being set up.
    pub fn is_setting_up(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        self.read("look whether the connection is set up", |tx| {
            let mut statement = tx.prepare_cached("SELECT 1 FROM setups WHERE connection = ?1")?;
            Ok(statement.exists([connection])?)
        })
    }

    /// Lets a connection be read from now on; nothing happens to one that already is.
    ///
    /// # Errors
    /// [`StoreError::ConnectionGone`].
    pub fn finish_setup(&self, connection: ConnectionId) -> Result<(), StoreError> {
        self.write("finish setting up the connection", |tx| {
            connections::require(tx, connection)?;
            tx.execute("DELETE FROM setups WHERE connection = ?1", [connection])?;
            Ok(())
        })
    }
}

/// Marks a connection that is being added, in the transaction that adds it.
pub(super) fn begin(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    tx.execute("INSERT INTO setups (connection) VALUES (?1)", [connection])?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::store::NewConnection;
    use crate::store::testing::{fixture, new_connection};

    #[test]
    fn a_connection_is_set_up_from_when_it_is_added_until_somebody_says_so() {
        let site = fixture();
        let new = NewConnection { setting_up: true, ..new_connection("beta") };
        let beta = site.store.add_connection(&new, 1).unwrap().id;
        let planned = || {
            let planned = site.store.planned().unwrap().into_iter();
            planned.map(|one| (one.name, one.schedule.setting_up)).collect::<Vec<_>>()
        };
        assert_eq!(planned(), [("acme".to_owned(), false), ("beta".to_owned(), true)]);
        assert!(
            site.store.is_setting_up(beta).unwrap() && !site.store.is_setting_up(site.connection).unwrap()
        );
        site.store.finish_setup(beta).unwrap();
        site.store.finish_setup(site.connection).unwrap();
        assert!(planned().iter().all(|(_, setting_up)| !setting_up));
        assert!(site.store.finish_setup(99).is_err());
    }

    #[test]
    fn a_removed_connection_leaves_no_mark() {
        let site = fixture();
        let new = NewConnection { setting_up: true, ..new_connection("beta") };
        let beta = site.store.add_connection(&new, 1).unwrap().id;
        site.store.begin_removal("beta").unwrap();
        while !site.store.remove_some(beta).unwrap() {}
        site.store.finish_removal(beta).unwrap();
        assert!(!site.store.is_setting_up(beta).unwrap());
    }
}
