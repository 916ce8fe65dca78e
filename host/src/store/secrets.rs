//! Sealed secrets: bytes that the store can keep and nobody can read without the key,
//! which is elsewhere.

use rusqlite::{OptionalExtension, params};

use crate::model::ConnectionId;

use super::{Store, StoreError, connections};

impl Store {
    /// Keeps a sealed secret, in place of an older one of that name.
    pub fn put_secret(&self, connection: ConnectionId, name: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.put_secrets(connection, &[(name, sealed)])
    }

    /// Keeps several that belong together: all of them, or none.
    pub fn put_secrets(&self, connection: ConnectionId, sealed: &[(&str, &[u8])]) -> Result<(), StoreError> {
        self.write("keep a sealed secret", |tx| {
            connections::require(tx, connection)?;
            let sql = "INSERT INTO secrets (connection, name, sealed) VALUES (?1, ?2, ?3)
                       ON CONFLICT DO UPDATE SET sealed = excluded.sealed";
            for (name, sealed) in sealed {
                tx.execute(sql, params![connection, name, sealed])?;
            }
            Ok(())
        })
    }

    pub fn secret(&self, connection: ConnectionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("read a sealed secret", |tx| {
            let sql = "SELECT sealed FROM secrets WHERE connection = ?1 AND name = ?2";
            Ok(tx.query_row(sql, params![connection, name], |row| row.get(0)).optional()?)
        })
    }

    /// Says whether there was one.
    pub fn delete_secret(&self, connection: ConnectionId, name: &str) -> Result<bool, StoreError> {
        self.write("delete a sealed secret", |tx| {
            let sql = "DELETE FROM secrets WHERE connection = ?1 AND name = ?2";
            Ok(tx.execute(sql, params![connection, name])? > 0)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::store::StoreError;
    use crate::store::testing::fixture;

    #[test]
    fn a_sealed_secret_is_kept_replaced_and_forgotten() {
        let site = fixture();
        let secret = || site.store.secret(site.connection, "token").unwrap();
        site.store.put_secret(site.connection, "token", b"one").unwrap();
        site.store.put_secret(site.connection, "token", b"two").unwrap();
        assert_eq!(secret(), Some(b"two".to_vec()));
        assert!(site.store.delete_secret(site.connection, "token").unwrap());
        assert_eq!(secret(), None);
        let gone = site.store.put_secret(99, "token", b"one").unwrap_err();
        assert!(matches!(gone, StoreError::ConnectionGone { connection: 99 }));
    }
}
