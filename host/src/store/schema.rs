//! The file's format: who wrote it, which version it has, and the way to the newest.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// One step from each version to the next. What is published is never edited: append.
const MIGRATIONS: [&str; 11] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
    include_str!("schema_11.sql"),
];

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
    use crate::store::{ActivityFilter, FILE_NAME, IndexMode, Mode, Store, StoreError};

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
        let known = super::MIGRATIONS.len();
        let newer = known + 1;
        bytes.splice(60..64, u32::try_from(newer).unwrap().to_be_bytes());
        let error = refusal(&bytes);
        let told = |error: &StoreError| match error {
            StoreError::Newer { found, known, .. } => Some((*found, *known)),
            _ => None,
        };
        assert_eq!(told(&error), Some((newer, known)), "{error}");
    }

    /// What the first version wrote: a connection with a finished run, a space, a page and its place.
    const FIRST_VERSION: &str = "
        INSERT INTO connections VALUES (1, 'acme', 'confluence', '{}', '', 'api-token', NULL, 'Ada', '[]', '[]', 1);
        INSERT INTO runs (id, connection, mode, started, finished, outcome) VALUES (1, 1, 'since', 1, 2, 'complete');
        INSERT INTO partitions (num, connection, dataset, id, label, token, mode, began_run, done_run)
            VALUES (1, 1, 'content', 'space', 'Space', 't', 'everything', 1, 1);
        INSERT INTO accesses VALUES (1, 1, '{\"access\":\"replaced\",\"principals\":[{\"principal\":\"members\"}]}');
        INSERT INTO items (num, connection, id, present, access_num, partition_num, mentioned_run, kind, version, title, url)
            VALUES (1, 1, 'space:1', 1, 1, 1, 1, 'space', '1', 'Engineering', 'https://acme.example/1');
        INSERT INTO users VALUES (1, 'ada', 'Ada', 'ada@acme.example', 'ada@acme.example', 'member', 1, 1);
        INSERT INTO memberships VALUES (1, 'team', 'user', 'ada', 1, 1);
        INSERT INTO activities VALUES (1, 'a1', 5, 'ada', 'Space created', 'ENG', '{}');
        INSERT INTO outbox (item_num) VALUES (1);
        PRAGMA user_version = 1;";

    #[test]
    fn a_store_of_the_first_version_keeps_all_it_held() {
        let dir = tempfile::tempdir().unwrap();
        let file = rusqlite::Connection::open(dir.path().join(FILE_NAME)).unwrap();
        file.execute_batch(super::MIGRATIONS[0]).unwrap();
        file.execute_batch(FIRST_VERSION).unwrap();
        file.pragma_update(None, "application_id", super::APPLICATION_ID).unwrap();
        drop(file);

        let store = Store::open(dir.path()).unwrap();
        store.check().unwrap();
        let acme = store.connection("acme").unwrap().id;
        assert_eq!(store.items_with_id(None, "space:1").unwrap()[0].title, "Engineering");
        assert_eq!(store.identity(acme, "ada@acme.example").unwrap().0.groups, ["team".to_owned()].into());
        assert_eq!(
            (store.kinds(acme).unwrap(), store.index_mode(acme).unwrap()),
            (vec![], IndexMode::Everything)
        );
        assert_eq!(store.runs(acme, 9).unwrap()[0].counts.left_out, 0);
        let [content] = &store.positions(acme).unwrap()[..] else { panic!("not one partition") };
        assert!(!content.as_it_was, "what was read before is not said to have been read with this token");
        let run = store.begin_run(acme, Mode::Since, 9).unwrap();
        assert_eq!(store.settings_since(run).unwrap(), crate::store::SettingsSince::Same);
        let mut activities = 0;
        store
            .each_activity(&ActivityFilter::default(), |_| {
                activities += 1;
                true
            })
            .unwrap();
        assert_eq!(activities, 1);
        drop(store);
        Store::open(dir.path()).unwrap().check().unwrap();
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
