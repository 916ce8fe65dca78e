//! The words inside files: which wait, what came of each, and how many of each there are.
//!
//! Nothing is queued. A file waits for as long as there is no row about its present version, so that whatever
//! changes an item, or ends a process, needs to know nothing of this.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::extract::{self, Reason, Words};
use crate::model::{ConnectionId, File, TextFormat, Timestamp};

use super::{ItemNum, Store, StoreError, signed, unsigned};

/// A file whose words are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingFile {
    pub num: ItemNum,
    /// The item's version.
    pub version: String,
    pub file: File,
}

/// How the files of a connection stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct FileStats {
    pub with_words: u64,
    /// Not looked at yet, changed since, or not to be had at the last try.
    pub waiting: u64,
    /// Files that have none, by reason.
    pub without: BTreeMap<String, u64>,
}

/// A file without words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileLine {
    #[serde(skip)]
    pub num: ItemNum,
    pub id: String,
    pub title: String,
    pub media_type: String,
    pub size: Option<u64>,
    /// A short name, as `encrypted`; `waiting` for one that was not looked at yet.
    pub reason: String,
    /// The reason for people; empty while it waits.
    pub detail: String,
}

/// How the file of one item stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileOutcome {
    /// `words`, `waiting`, or the short name of the reason why there are none.
    pub state: String,
    /// The reason for people; empty unless there is one.
    pub detail: String,
}

/// How a file stands, as SQL, with `i` the item and `f` its row here if there is one: NULL for no file, or
/// `words`, `waiting`, or the reason's name.
pub(super) const STATE: &str = "CASE WHEN i.file_link IS NULL THEN NULL
    WHEN f.item_num IS NULL OR f.link <> i.file_link OR f.version <> i.version THEN 'waiting'
    ELSE ifnull(f.reason, 'words') END";

impl Store {
    /// Files whose words are wanted now, in the order of their numbers, from the one after `after`. Those that
    /// could not be had wait until their time; those of an older extractor, and those that were too large for a
    /// smaller limit, are wanted again.
    pub fn waiting_files(
        &self,
        connection: ConnectionId,
        after: ItemNum,
        now: Timestamp,
        bytes_max: u64,
        limit: u32,
    ) -> Result<Vec<WaitingFile>, StoreError> {
        self.read("list the files that wait", |tx| {
            let sql = "SELECT i.num, i.version, i.file_link, i.file_name, i.media_type, i.file_size
                       FROM items i LEFT JOIN files f ON f.item_num = i.num
                       WHERE i.connection = ?1 AND i.num > ?2 AND i.present = 1 AND i.file_link IS NOT NULL
                           AND (f.item_num IS NULL OR f.link <> i.file_link OR f.version <> i.version
                               OR (f.reason = 'unfetched' AND f.not_before <= ?3)
                               OR (f.reason = 'too-large' AND f.bytes_max < ?4)
                               OR (f.reason IS NOT 'unfetched' AND f.extractor <> ?5))
                       ORDER BY i.num LIMIT ?6";
            let mut statement = tx.prepare_cached(sql)?;
            let values = params![connection, after, signed(now), signed(bytes_max), extract::VERSION, limit];
            let rows = statement.query_map(values, |row| {
                let size = row.get::<_, Option<i64>>(5)?.map(unsigned);
                let file = File { link: row.get(2)?, name: row.get(3)?, media_type: row.get(4)?, size };
                Ok(WaitingFile { num: row.get(0)?, version: row.get(1)?, file })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Keeps what came of a file. Words that were there before stay when the file could not be had; the index is
    /// told when they differ. An item that is gone meanwhile keeps nothing.
    pub fn put_file_outcome(
        &self,
        waiting: &WaitingFile,
        outcome: &Result<Words, Reason>,
        bytes_max: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let packed = match outcome {
            Ok(words) => Some(pack(&words.text)?),
            Err(_) => None,
        };
        self.write("keep the words of a file", |tx| {
            let mut present = tx.prepare_cached("SELECT 1 FROM items WHERE num = ?1 AND present = 1")?;
            if !present.exists([waiting.num])? {
                return Ok(());
            }
            let earlier = earlier(tx, waiting)?;
            let failures = match outcome {
                Err(Reason::Unfetched(_)) => earlier.failures.saturating_add(1),
                _ => 0,
            };
            let not_before = now.saturating_add(milliseconds(extract::wait_after(failures)));
            write_row(tx, waiting, outcome, bytes_max, failures, not_before)?;
            match (outcome, packed) {
                (Err(Reason::Unfetched(_)), _) => Ok(()),
                (Ok(words), Some(packed)) => {
                    let sql = "UPDATE files SET format = ?2, bytes = ?3, content = ?4 WHERE item_num = ?1";
                    let bytes = i64::try_from(words.text.len()).unwrap_or(i64::MAX);
                    tx.prepare_cached(sql)?.execute(params![
                        waiting.num,
                        format_name(words.format),
                        bytes,
                        packed
                    ])?;
                    announce(tx, waiting.num)
                }
                _ if earlier.has_words => {
                    let sql =
                        "UPDATE files SET format = NULL, bytes = NULL, content = NULL WHERE item_num = ?1";
                    tx.prepare_cached(sql)?.execute([waiting.num])?;
                    announce(tx, waiting.num)
                }
                _ => Ok(()),
            }
        })
    }

    /// Files of a connection that have no words, by number, from the one after `after`; of one reason, if it is
    /// named.
    pub fn files_without_words(
        &self,
        connection: ConnectionId,
        reason: Option<&str>,
        after: ItemNum,
        limit: u32,
    ) -> Result<Vec<FileLine>, StoreError> {
        self.read("list the files without words", |tx| {
            let sql = format!(
                "SELECT * FROM (SELECT i.num, i.id, i.title, i.media_type, i.file_size, {STATE} AS state,
                                    ifnull(f.detail, '') AS detail
                                FROM items i LEFT JOIN files f ON f.item_num = i.num
                                WHERE i.connection = ?1 AND i.num > ?2 AND i.present = 1
                                    AND i.file_link IS NOT NULL)
                 WHERE state <> 'words' AND (?3 IS NULL OR state = ?3) ORDER BY num LIMIT ?4"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map(params![connection, after, reason, limit], |row| {
                let reason: String = row.get(5)?;
                let detail = if reason == "waiting" { String::new() } else { row.get(6)? };
                Ok(FileLine {
                    num: row.get(0)?,
                    id: row.get(1)?,
                    title: row.get(2)?,
                    media_type: row.get(3)?,
                    size: row.get::<_, Option<i64>>(4)?.map(unsigned),
                    reason,
                    detail,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How the file of an item stands; None for an item without one.
    pub fn file_outcome(&self, num: ItemNum) -> Result<Option<FileOutcome>, StoreError> {
        self.read("look how a file stands", |tx| {
            let sql = format!(
                "SELECT {STATE} AS state, ifnull(f.detail, '') FROM items i LEFT JOIN files f ON f.item_num = i.num
                 WHERE i.num = ?1 AND i.present = 1 AND i.file_link IS NOT NULL"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let found = statement.query_row([num], |row| {
                let state: String = row.get(0)?;
                let detail = if state == "waiting" { String::new() } else { row.get(1)? };
                Ok(FileOutcome { state, detail })
            });
            Ok(found.optional()?)
        })
    }

    /// How the files of a connection stand.
    pub fn file_stats(&self, connection: ConnectionId) -> Result<FileStats, StoreError> {
        self.read("count the files", |tx| stats(tx, connection))
    }
}

pub(super) fn stats(tx: &Transaction<'_>, connection: ConnectionId) -> Result<FileStats, StoreError> {
    let sql = format!(
        "SELECT {STATE} AS state, count(*) FROM items i LEFT JOIN files f ON f.item_num = i.num
         WHERE i.connection = ?1 AND i.present = 1 AND i.file_link IS NOT NULL GROUP BY state"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let mut stats = FileStats::default();
    let mut rows = statement.query([connection])?;
    while let Some(row) = rows.next()? {
        let (state, count): (String, u64) = (row.get(0)?, unsigned(row.get(1)?));
        match state.as_str() {
            "words" => stats.with_words += count,
            "waiting" | "unfetched" => stats.waiting += count,
            _ => {
                stats.without.insert(state, count);
            }
        }
    }
    Ok(stats)
}

/// What was known of a file before.
struct Earlier {
    has_words: bool,
    /// Of this version.
    failures: u32,
}

fn earlier(tx: &Transaction<'_>, waiting: &WaitingFile) -> Result<Earlier, StoreError> {
    let sql = "SELECT content IS NOT NULL, iif(link = ?2 AND version = ?3, failures, 0)
               FROM files WHERE item_num = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let row = statement.query_row(params![waiting.num, waiting.file.link, waiting.version], |row| {
        Ok(Earlier { has_words: row.get(0)?, failures: row.get(1)? })
    });
    Ok(row.optional()?.unwrap_or(Earlier { has_words: false, failures: 0 }))
}

fn write_row(
    tx: &Transaction<'_>,
    waiting: &WaitingFile,
    outcome: &Result<Words, Reason>,
    bytes_max: u64,
    failures: u32,
    not_before: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO files (item_num, link, version, extractor, reason, detail, bytes_max, failures, not_before)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (item_num) DO UPDATE SET link = ?2, version = ?3, extractor = ?4, reason = ?5,
                   detail = ?6, bytes_max = ?7, failures = ?8, not_before = ?9";
    let reason = outcome.as_ref().err();
    let detail = reason.map(Reason::to_string).unwrap_or_default();
    tx.prepare_cached(sql)?.execute(params![
        waiting.num,
        waiting.file.link,
        waiting.version,
        extract::VERSION,
        reason.map(Reason::name),
        super::limits::reason(&detail),
        signed(bytes_max),
        failures,
        signed(not_before),
    ])?;
    Ok(())
}

fn announce(tx: &Transaction<'_>, num: ItemNum) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO outbox (item_num) VALUES (?1)")?.execute([num])?;
    Ok(())
}

fn pack(text: &str) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(text.as_bytes(), super::apply::PACK_LEVEL)
        .map_err(|source| StoreError::Pack { source })
}

fn format_name(format: TextFormat) -> &'static str {
    super::item_rows::format_name(format)
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
