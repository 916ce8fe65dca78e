//! Partitions, and where each is read from next. Positions are written with the data
//! they stand behind (`apply`), and nowhere else.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::model::{ConnectionId, Next, Partition, Position, Timestamp};

use super::digest::digest_of;
use super::limits::{self, ITEM_ID_BYTES_MAX, POSITION_BYTES_MAX, TOKEN_BYTES_MAX};
use super::{Mode, ReadPage, RunId, Store, StoreError, bump_generation, runs, sweep};

/// A partition as the store remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionState {
    pub dataset: String,
    pub partition: Partition,
    /// The latest listing left it out. Sweep it, and the store forgets it once no item is left in it.
    pub vanished: bool,
    /// Of the read under way, or else of the last one; None before the first.
    pub mode: Option<Mode>,
    /// The run in which that read began.
    pub began_run: Option<RunId>,
    /// Where a read that broke off goes on; None when none is under way.
    pub cursor: Option<String>,
    /// What the next `since` may begin at.
    pub checkpoint: Option<String>,
    /// The run in which a read last came to its end.
    pub done_run: Option<RunId>,
    /// A complete read came to its end, and what it did not mention waits to be asked about.
    pub sweep_due: bool,
    /// A complete read came to its end that had begun with the token of the latest listing.
    pub as_it_was: bool,
    /// When the latest complete read that came to its end had begun.
    pub complete_at: Option<Timestamp>,
    /// When the read under way, or else the last one, began; None if that is not remembered.
    pub began_at: Option<Timestamp>,
    /// Its reads told of users, groups or memberships.
    pub tells_of_people: bool,
    /// Items that are present belong to it.
    pub holds_items: bool,
}

impl PartitionState {
    /// Where to read next: on where a read broke off, or else what has changed, or else all.
    pub fn position(&self) -> Position {
        match (&self.cursor, &self.checkpoint) {
            (Some(cursor), _) => Position::After(cursor.clone()),
            (None, Some(checkpoint)) => Position::Since(checkpoint.clone()),
            (None, None) => Position::Everything,
        }
    }

    /// Whether all of it was read in this run, from the start to the end.
    pub fn is_read_through(&self, run: RunId) -> bool {
        let complete = self.mode.is_some_and(Mode::is_complete) && self.cursor.is_none();
        complete && self.began_run == Some(run) && self.done_run == Some(run)
    }
}

/// What a page's place in its read means for the changes on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub partition: i64,
    /// What is not mentioned may be gone.
    pub complete: bool,
    pub began_run: RunId,
    pub done: bool,
}

impl Store {
    /// Keeps a dataset's listing, in its order; returns all its partitions, those that vanished
    /// included. A vanished one counts as read to its end without mentioning anything, in each
    /// run: its users, groups and memberships go at once, its items become suspects.
    pub fn plan_partitions(
        &self,
        connection: ConnectionId,
        run: RunId,
        dataset: &str,
        listed: &[Partition],
    ) -> Result<Vec<PartitionState>, StoreError> {
        listed.iter().try_for_each(check)?;
        self.write("keep the list of partitions", |tx| {
            runs::require_open(tx, connection, run)?;
            let known = states(tx, connection, Some(dataset))?;
            let ids: HashSet<&str> = listed.iter().map(|one| one.id.as_str()).collect();
            for partition in listed {
                keep(tx, connection, dataset, partition)?;
            }
            let mut dropped = 0;
            for (num, _) in known.iter().filter(|(_, state)| !ids.contains(state.partition.id.as_str())) {
                vanish(tx, *num, run)?;
                dropped += sweep::drop_directory(tx, connection, *num, run)?;
            }
            if dropped > 0 {
                bump_generation(tx)?;
            }
            Ok(states(tx, connection, Some(dataset))?.into_iter().map(|(_, state)| state).collect())
        })
    }

    /// All partitions of a connection: what each one's next read is.
    pub fn positions(&self, connection: ConnectionId) -> Result<Vec<PartitionState>, StoreError> {
        self.read("read the positions", |tx| {
            Ok(states(tx, connection, None)?.into_iter().map(|(_, state)| state).collect())
        })
    }

    /// How old the oldest knowledge is: when the complete read began of the partition that was looked at longest
    /// ago. None before all were.
    pub fn looked_at(&self, connection: ConnectionId) -> Result<Option<Timestamp>, StoreError> {
        self.read("find what was looked at longest ago", |tx| {
            let sql = "SELECT min(ifnull(complete_at, 0)) FROM partitions
                       WHERE connection = ?1 AND vanished = 0 AND checkpoint IS NULL";
            let oldest: Option<i64> = tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?;
            Ok(oldest.filter(|oldest| *oldest > 0).map(super::unsigned))
        })
    }

    /// The source refused to let a partition be read, so it was looked at as far as that is possible: what
    /// waits for the people in it need not wait longer.
    pub fn refused_partition(
        &self,
        connection: ConnectionId,
        run: RunId,
        dataset: &str,
        partition: &str,
    ) -> Result<(), StoreError> {
        self.write("note a refused partition", |tx| {
            runs::require_open(tx, connection, run)?;
            let (num, _) = find(tx, connection, dataset, partition)?;
            tx.execute("UPDATE partitions SET complete_run = ?2 WHERE num = ?1", [num, run])?;
            Ok(())
        })
    }

    /// Forgets cursor and checkpoint, as a stale position demands: the next read is everything.
    pub fn restart_partition(
        &self,
        connection: ConnectionId,
        dataset: &str,
        partition: &str,
    ) -> Result<(), StoreError> {
        self.write("restart the partition", |tx| {
            let (num, _) = find(tx, connection, dataset, partition)?;
            let sql = "UPDATE partitions SET cursor = NULL, checkpoint = NULL WHERE num = ?1";
            tx.execute(sql, [num])?;
            // If it was a feed, what it would have told is noticed by looking at everything.
            make_due(tx, connection)
        })
    }

    /// Makes all that was ever read to its end due to be looked at again.
    pub fn make_due(&self, connection: ConnectionId) -> Result<(), StoreError> {
        self.write("make everything due", |tx| make_due(tx, connection))
    }
}

/// Writes the position after a page, if the page was read from the position stored.
pub(super) fn advance(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    run: RunId,
    page: &ReadPage<'_>,
) -> Result<Reading, StoreError> {
    let (partition, stored) = find(tx, connection, page.dataset, page.partition)?;
    let moved = || StoreError::PositionMoved {
        dataset: page.dataset.to_owned(),
        partition: page.partition.to_owned(),
    };
    let (mode, began_run) = match page.position {
        Position::After(cursor) if stored.cursor.as_ref() == Some(cursor) => {
            stored.mode.zip(stored.began_run).ok_or_else(moved)?
        }
        position => (Mode::beginning_at(position).ok_or_else(moved)?, run),
    };
    let (cursor, done) = match page.next {
        Next::More(cursor) => (Some(cursor.as_str()), false),
        Next::Done(_) => (None, true),
    };
    let checkpoint = checkpoint_after(mode, &stored, page.next);
    check_position(cursor)?;
    check_position(checkpoint)?;
    let done_run = if done { Some(run) } else { stored.done_run };
    let goes_on = matches!(page.position, Position::After(_));
    let token = (!goes_on).then(|| digest_of(&stored.partition.token));
    // On the right side of `=` stands what was there before.
    let sql = "UPDATE partitions SET mode = ?2, began_run = ?3, cursor = ?4, checkpoint = ?5, done_run = ?6,
                   sweep_run = CASE WHEN ?7 THEN ?3 ELSE sweep_run END,
                   began_token = ifnull(?8, began_token),
                   complete_run = CASE WHEN ?7 THEN ?3 ELSE complete_run END,
                   complete_at = CASE WHEN ?7 THEN (SELECT started FROM runs WHERE id = ?3) ELSE complete_at END,
                   done_token = CASE WHEN ?7 THEN ifnull(?8, began_token) ELSE done_token END
               WHERE num = ?1";
    let complete = mode.is_complete();
    let ended = done && complete;
    let values = params![partition, mode.as_str(), began_run, cursor, checkpoint, done_run, ended, token];
    tx.prepare_cached(sql)?.execute(values)?;
    Ok(Reading { partition, complete, began_run, done })
}

/// The end of an inventory leaves the checkpoint alone. It tells which items have changed,
/// not how, so until those are read the older checkpoint is the one that misses nothing.
fn checkpoint_after<'a>(mode: Mode, stored: &'a PartitionState, next: &'a Next) -> Option<&'a str> {
    match (mode, next) {
        (Mode::Everything | Mode::Since, Next::Done(checkpoint)) => checkpoint.as_deref(),
        (Mode::Inventory, Next::Done(_)) | (_, Next::More(_)) => stored.checkpoint.as_deref(),
    }
}

fn make_due(tx: &Transaction<'_>, connection: ConnectionId) -> Result<(), StoreError> {
    let sql = "UPDATE partitions SET complete_at = 0 WHERE connection = ?1 AND complete_at IS NOT NULL";
    tx.execute(sql, [connection])?;
    Ok(())
}

fn keep(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    dataset: &str,
    partition: &Partition,
) -> Result<(), StoreError> {
    // One that comes back is read from the start: its items may have been deleted meanwhile.
    let sql = "INSERT INTO partitions (connection, dataset, id, label, token) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET label = excluded.label, token = excluded.token, vanished = 0,
                   cursor = CASE vanished WHEN 0 THEN cursor END,
                   checkpoint = CASE vanished WHEN 0 THEN checkpoint END,
                   sweep_run = CASE vanished WHEN 0 THEN sweep_run END,
                   done_token = CASE vanished WHEN 0 THEN done_token END,
                   complete_at = CASE vanished WHEN 0 THEN complete_at END,
                   complete_run = CASE vanished WHEN 0 THEN complete_run END";
    let Partition { id, label, token } = partition;
    tx.prepare_cached(sql)?.execute(params![connection, dataset, id, limits::name(label), token])?;
    Ok(())
}

fn vanish(tx: &Transaction<'_>, partition: i64, run: RunId) -> Result<(), StoreError> {
    let sql =
        "UPDATE partitions SET vanished = 1, cursor = NULL, checkpoint = NULL, sweep_run = ?2 WHERE num = ?1";
    tx.prepare_cached(sql)?.execute(params![partition, run])?;
    Ok(())
}

pub(super) fn find(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    dataset: &str,
    partition: &str,
) -> Result<(i64, PartitionState), StoreError> {
    let sql = format!("{SELECT} WHERE connection = ?1 AND dataset = ?2 AND id = ?3");
    let mut statement = tx.prepare_cached(&sql)?;
    let found =
        statement.query_row(params![connection, dataset, partition], |row| Ok(read(row))).optional()?;
    found.unwrap_or_else(|| {
        Err(StoreError::UnknownPartition { dataset: dataset.to_owned(), partition: partition.to_owned() })
    })
}

fn states(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    dataset: Option<&str>,
) -> Result<Vec<(i64, PartitionState)>, StoreError> {
    let sql = format!("{SELECT} WHERE connection = ?1 AND (?2 IS NULL OR dataset = ?2) ORDER BY num");
    let mut statement = tx.prepare_cached(&sql)?;
    let rows = statement.query_map(params![connection, dataset], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// Partitions, whether their reads told of people, and whether items belong to them. Each of the
/// four questions has an index.
const SELECT: &str = "SELECT p.*, (SELECT started FROM runs WHERE id = p.began_run) AS began_at,
        EXISTS (SELECT 1 FROM users WHERE connection = p.connection AND partition_num = p.num)
        OR EXISTS (SELECT 1 FROM groups WHERE connection = p.connection AND partition_num = p.num)
        OR EXISTS (SELECT 1 FROM memberships WHERE connection = p.connection AND partition_num = p.num)
        AS tells_of_people,
        EXISTS (SELECT 1 FROM items WHERE connection = p.connection AND partition_num = p.num AND present = 1)
        AS holds_items
    FROM partitions p";

fn read(row: &Row<'_>) -> Result<(i64, PartitionState), StoreError> {
    let mode: Option<String> = row.get("mode")?;
    let token: String = row.get("token")?;
    let done_token: Option<Vec<u8>> = row.get("done_token")?;
    let as_it_was = done_token.is_some_and(|done| done == digest_of(&token));
    let state = PartitionState {
        dataset: row.get("dataset")?,
        partition: Partition { id: row.get("id")?, label: row.get("label")?, token },
        vanished: row.get("vanished")?,
        mode: mode.as_deref().map(Mode::parse).transpose()?,
        began_run: row.get("began_run")?,
        cursor: row.get("cursor")?,
        checkpoint: row.get("checkpoint")?,
        done_run: row.get("done_run")?,
        sweep_due: row.get::<_, Option<i64>>("sweep_run")?.is_some(),
        as_it_was,
        complete_at: row.get::<_, Option<i64>>("complete_at")?.map(super::unsigned),
        began_at: row.get::<_, Option<i64>>("began_at")?.map(super::unsigned),
        tells_of_people: row.get("tells_of_people")?,
        holds_items: row.get("holds_items")?,
    };
    Ok((row.get("num")?, state))
}

fn check(partition: &Partition) -> Result<(), StoreError> {
    refuse("partition id", partition.id.len(), ITEM_ID_BYTES_MAX)?;
    refuse("partition token", partition.token.len(), TOKEN_BYTES_MAX)
}

fn check_position(position: Option<&str>) -> Result<(), StoreError> {
    refuse("cursor or checkpoint", position.map_or(0, str::len), POSITION_BYTES_MAX)
}

fn refuse(what: &'static str, bytes: usize, max: usize) -> Result<(), StoreError> {
    if bytes > max { Err(StoreError::TooLong { what, bytes, max }) } else { Ok(()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
