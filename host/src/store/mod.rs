//! The store: one SQLite file, `weir.db`, in the data folder. It is the truth; the search
//! index is a copy that is fed from the outbox and may be deleted at any time.
//!
//! `sync` writes here, `host` and `cli` read. Calls block, so asynchronous
//! callers wrap them in `spawn_blocking`. There is one writer connection behind a mutex
//! and a few readers, which WAL lets work beside it.
//!
//! Invariants:
//! - A page's changes and the position after it are one transaction (`apply`), together
//!   with the outbox, the run's numbers and the access generation.
//! - An item's number is never used again, not even after its connection was removed.
//! - Every item is its own access node: `(num, parent_num, access_num)` is all that
//!   access needs. Moving or restricting a page writes one row and re-indexes nothing.
//! - New words are shown to nobody, and nobody is let in, before `settle` says so (`waiting`).
//! - The access generation grows with every change that may alter who reads what.
//!
//! Chosen against the obvious: bodies have a table of their own, because every complete
//! read notes each item as mentioned, and that should write a row of 300 bytes and not
//! one of 3,000. What a partition *owns* is what its complete reads mentioned: a `since`
//! read that mentions an item must not take it away from the read that would miss it.
//!
//! Deliberately absent: plain secrets (`secrets` seals them), any judgement about access
//! (`access`), any search, any clock: the time comes with each call.

mod activity;
mod acts;
mod apply;
mod apply_directory;
mod apply_items;
mod connections;
mod connectors;
mod copy;
mod deletions;
mod digest;
mod directory;
mod error;
mod failures;
mod files;
mod hidden;
mod history;
mod item_rows;
mod items;
mod levels;
mod limits;
mod lineage;
mod mode;
mod outbox;
mod patience;
mod people;
mod positions;
mod records;
mod removal;
mod runs;
mod schedules;
mod schema;
mod searched;
mod secrets;
mod sessions;
mod setups;
mod spending;
mod standing;
mod status;
mod sweep;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
pub(crate) mod testing;
mod tokens;
mod tree;
mod waiting;
mod wanted;
mod widening;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use activity::{ACTIVITIES_MAX, ACTIVITY_DAYS_MAX, ActivityFilter, KeptActivity};
pub use acts::{Act, ActFilter, ActId};
pub use apply::{Applied, Commit, ReadPage};
pub use connections::NewConnection;
pub use connectors::{Agreed, Installing};
pub use deletions::{DeletionRule, Waiting, WaitingGroup};
pub use directory::{
    EmptyGroup, KnownPeople, LinkLine, Matching, PeopleCounts, PeopleFilter, PeopleQuery, PersonLine,
};
pub use error::StoreError;
pub use failures::{FailedItem, FailedReason};
pub use files::{FileLine, FileOutcome, FileStats, WaitingFile};
pub use hidden::Hidden;
pub use history::{GoneItem, Happened, Happening};
pub use items::{ItemFilter, ItemLine, StoredItem};
pub use levels::{COUNTED_MAX, LevelKey, LevelLine};
pub use mode::{Mode, Outcome, Trigger};
pub use outbox::OutboxEntry;
pub use people::{Match, PeopleStats, email_key, is_email};
pub use positions::PartitionState;
pub use records::{Newest, RecordLine, Span};
pub use removal::Removal;
pub use runs::{Run, RunCounts, RunId, SettingsSince, Traffic};
pub use schedules::Planned;
pub use searched::{Chosen, IndexMode, SearchRows, SearchedKind};
pub use sessions::Session;
pub use standing::{AbsentItem, FailedRead, Standing};
pub use status::{ConnectionStatus, Overview, Status};
pub use tokens::{NewToken, Scope, SecretHash, SignedIn, Token, TokenId};
pub use tree::{AccessRows, Level};
pub use waiting::Settlement;
pub use wanted::{Wanted, WantedId};

/// The number of an item and of its access node.
pub type ItemNum = u32;

/// The name of the file in the data folder.
pub const FILE_NAME: &str = "weir.db";

/// How long to wait for another process's transaction. A page takes well under a second;
/// removing a large connection takes a few.
const BUSY_SECONDS: u64 = 30;
/// Readers kept open for the next caller; more are opened when asked for at once.
const READERS_KEPT_MAX: usize = 4;
/// Different statements per connection; there are about a hundred in all.
const STATEMENTS_KEPT_MAX: usize = 128;

/// A data folder's store. Cloning it is cheap and shares it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// Readers come first, so that they are closed first: the last connection to close must
/// be one that may write, or the write-ahead log stays behind.
struct Inner {
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    path: PathBuf,
}

impl Store {
    /// Opens the store of a data folder, which is made (for its owner only) if missing.
    ///
    /// # Errors
    /// A folder that cannot be written, a file that is not Weir's, is damaged or was
    /// written by a newer Weir. None of them is touched.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        create_folder(dir)?;
        let path = dir.join(FILE_NAME);
        create_file(&path)?;
        let writer = open_writer(&path).map_err(|error| match error.attempting("open the store", &path) {
            StoreError::Damaged { path, detail } => {
                let detail = check_file(&path).unwrap_or(detail);
                StoreError::Damaged { path, detail }
            }
            error => error,
        })?;
        Ok(Self(Arc::new(Inner { readers: Mutex::default(), writer: Mutex::new(writer), path })))
    }

    /// Reads the whole file and says what is wrong with it, if anything is. Slow.
    pub fn check(&self) -> Result<(), StoreError> {
        match check_file(&self.0.path) {
            None => Ok(()),
            Some(detail) => Err(StoreError::Damaged { path: self.0.path.clone(), detail }),
        }
    }

    /// A number that grows whenever an answer to "who may read what", or to "what is searched",
    /// may differ: with items that come, move, go or change access or kind, with users, groups,
    /// members and links, and with what an administrator chose. A cache reads it *before* what it keeps, and forgets when it differs.
    pub fn generation(&self) -> Result<u64, StoreError> {
        self.read("read the access generation", |tx| generation(tx))
    }

    /// A random name for this data folder, to tell its index from another's.
    pub fn folder_id(&self) -> Result<String, StoreError> {
        self.read("read the folder's id", |tx| {
            Ok(tx.prepare_cached("SELECT folder_id FROM meta")?.query_row([], |row| row.get(0))?)
        })
    }

    /// Runs `work` in one transaction that sees one state of the store.
    fn read<T>(
        &self,
        attempted: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let attempt = || {
            let mut reader = self.take_reader()?;
            let transaction = reader.transaction()?;
            let result = work(&transaction)?;
            transaction.commit()?;
            self.give_back(reader);
            Ok(result)
        };
        attempt().map_err(|error: StoreError| error.attempting(attempted, &self.0.path))
    }

    /// Runs `work` in one transaction that alone may write; an error undoes all of it.
    fn write<T>(
        &self,
        attempted: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A panic elsewhere rolled its transaction back, so the connection is sound.
        let mut writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let attempt = || {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        attempt().map_err(|error: StoreError| error.attempting(attempted, &self.0.path))
    }

    fn take_reader(&self) -> Result<Connection, StoreError> {
        let kept = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match kept {
            Some(reader) => Ok(reader),
            None => open_reader(&self.0.path),
        }
    }

    fn give_back(&self, reader: Connection) {
        let mut readers = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT_MAX {
            readers.push(reader);
        }
    }
}

fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    schema::prepare(&mut connection, path)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Deleted words and secrets are overwritten, not merely forgotten.
    connection.pragma_update(None, "secure_delete", true)?;
    // 16 MiB, so that a page of changes fits; negative numbers are KiB.
    connection.pragma_update(None, "cache_size", -16_384)?;
    // A large transaction's log is cut back to 64 MiB afterwards.
    connection.pragma_update_and_check(None, "journal_size_limit", 67_108_864, |_| Ok(()))?;
    // A file whose tables are damaged is told at once, and not at the first search.
    generation(&connection)?;
    Ok(connection)
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    Ok(connection)
}

/// What every connection needs.
fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
    // Stable plans. Without it a partial index makes SQLite prepare a statement anew for
    // each value bound to it, which more than doubles the cost of reading an item.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// What SQLite's own check says of a file; None when it finds nothing.
fn check_file(path: &Path) -> Option<String> {
    let check = || -> Result<String, StoreError> {
        Ok(open_reader(path)?.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?)
    };
    match check() {
        Ok(answer) if answer == "ok" => None,
        Ok(answer) => Some(answer),
        Err(error) => Some(error.to_string()),
    }
}

fn create_folder(dir: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| StoreError::Folder { path: dir.into(), source })
}

/// SQLite would make the file readable for everybody; its log takes the file's mode.
fn create_file(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(source) => Err(StoreError::Folder { path: path.into(), source }),
    }
}

fn generation(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT access_generation FROM meta")?;
    Ok(unsigned(statement.query_row([], |row| row.get(0))?))
}

/// To be called in every transaction after which somebody may read or find more or less.
fn bump_generation(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE meta SET access_generation = access_generation + 1")?.execute([])?;
    Ok(())
}

/// SQLite's integers are signed. Nothing we count or time comes near the difference.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
