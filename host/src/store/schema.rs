//! The file's format: who wrote it, which version it has, and the way to the newest.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// One step from each version to the next. What is published is never edited: append.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_3.sql")];

/// Marks the file as Weir's (SQLite's `application_id`): the letters `Weir`.
const APPLICATION_ID: i64 = 0x5765_6972;

/// Brings an opened file to the newest version, or says why it cannot be used.
/// Nothing is written to a file that is not Weir's own.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = version(connection, path)?;
    refuse_newer(found, path)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    if found == MIGRATIONS.len() { Ok(()) } else { migrate(connection, path) }
}

fn version(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    match (application, tables) {
        (APPLICATION_ID, _) => {
            let version = number("PRAGMA user_version")?;
            usize::try_from(version).map_err(|_| StoreError::Damaged {
                path: path.into(),
                detail: format!("its version is {version}"),
            })
        }
        (0, 0) => Ok(0),
        _ => Err(StoreError::NotOurs { path: path.into() }),
    }
}

fn refuse_newer(found: usize, path: &Path) -> Result<(), StoreError> {
    let known = MIGRATIONS.len();
    if found > known { Err(StoreError::Newer { path: path.into(), found, known }) } else { Ok(()) }
}

/// Another process may be doing the same, so the version is asked again inside the
/// transaction, where nobody else can change it.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction, path)?;
    refuse_newer(found, path)?;
    for step in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::fs;

    use crate::store::testing::{fixture, new_connection, page, upsert};
    use crate::store::{FILE_NAME, Store, StoreError};

    fn refusal(bytes: &[u8]) -> StoreError {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        fs::write(&path, bytes).unwrap();
        let error = Store::open(dir.path()).err().expect("it was opened");
        assert_eq!(fs::read(&path).unwrap(), bytes, "the file was written to");
        error
    }

    fn stored() -> Vec<u8> {
        let site = fixture();
        let pages: Vec<_> = (0..500).map(|id| upsert(page(&format!("page:{id}"), "space:1"))).collect();
        site.everything(&pages);
        let path = site.dir.path().join(FILE_NAME);
        drop(site.store);
        fs::read(path).unwrap()
    }

    #[test]
    fn a_store_opens_again_with_what_it_held() {
        let dir = tempfile::tempdir().unwrap();
        let nested = dir.path().join("a/b");
        let added = Store::open(&nested).unwrap().add_connection(&new_connection("acme"), 7).unwrap();
        let store = Store::open(&nested).unwrap();
        assert_eq!(store.connection("acme").unwrap(), added);
        store.check().unwrap();
    }

    #[test]
    fn several_may_open_a_new_folder_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let ids: Vec<String> = std::thread::scope(|scope| {
            let open = || Store::open(dir.path()).unwrap().folder_id().unwrap();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| id.len() == 32 && *id == ids[0]), "{ids:?}");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        let _open = Store::open(&folder).unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.clone()), 0o700);
        assert_eq!(mode(folder.join("weir.db")), 0o600);
        assert_eq!(mode(folder.join("weir.db-wal")), 0o600);
    }

    #[test]
    fn what_is_no_store_is_not_touched() {
        assert!(matches!(refusal(&b"not a database ".repeat(500)), StoreError::NotOurs { .. }));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("other.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
        assert!(matches!(refusal(&fs::read(path).unwrap()), StoreError::NotOurs { .. }));
    }

    #[test]
    fn a_newer_store_is_not_touched() {
        let mut bytes = stored();
        // The header's user version: four bytes, the largest first.
        bytes.splice(60..64, 9_u32.to_be_bytes());
        let error = refusal(&bytes);
        let known_now = super::MIGRATIONS.len();
        assert!(matches!(error, StoreError::Newer { found: 9, known, .. } if known == known_now), "{error}");
    }

    #[test]
    fn a_damaged_store_says_what_to_do() {
        let whole = stored();
        let cut_short = whole.get(..whole.len() / 3).unwrap().to_vec();
        let mut overwritten = whole;
        overwritten.iter_mut().skip(100).take(20_000).for_each(|byte| *byte = 0xA5);
        for bytes in [cut_short, overwritten] {
            let error = refusal(&bytes);
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            assert!(error.to_string().contains("restore the data folder from a backup"), "{error}");
        }
    }
}
