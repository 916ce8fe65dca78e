//! The commit: a page of changes, and the position after it, in one transaction.
//!
//! Applying a page twice changes nothing. One bad change never stops the rest of the page:
//! it is refused with its reason. What the source says of *place* (parent and access) is
//! kept even when an item's content is refused, since it may have been narrowed.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Transaction, params};

use crate::model::{Activity, Change, ConnectionId, Failure, Next, Position};

use super::history::Happened;
use super::limits::{self, ACTIVITY_BYTES_MAX, ITEM_ID_BYTES_MAX};
use super::positions::Reading;
use super::{RunId, Store, StoreError, bump_generation, positions, runs, sweep, widening};

/// One answer of a connector, to be made durable.
#[derive(Debug, Clone, Copy)]
pub struct Commit<'a> {
    pub connection: ConnectionId,
    /// Must be open, or nothing is applied.
    pub run: RunId,
    /// None for the answers to `read-items`, which belong to no partition.
    pub page: Option<ReadPage<'a>>,
    pub changes: &'a [Change],
    /// The names of the kinds the connector describes; items of others are refused.
    pub kinds: &'a [String],
}

/// Which page of which partition this is.
#[derive(Debug, Clone, Copy)]
pub struct ReadPage<'a> {
    pub dataset: &'a str,
    /// The partition's id, as listed by `plan_partitions`.
    pub partition: &'a str,
    /// Where the page was read. An `After` must be the cursor stored, any other begins a new read.
    pub position: &'a Position,
    pub next: &'a Next,
}

/// What a page came to. The numbers are in the run's already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Items that were not present before.
    pub added: u32,
    /// Items whose content differs.
    pub changed: u32,
    /// Present items whose parent differs.
    pub moved: u32,
    /// Present items whose own access statement differs.
    pub access_changed: u32,
    /// Items mentioned with nothing new about them.
    pub unchanged: u32,
    pub deleted: u32,
    /// Items that went to the source's bin, and that came back from it.
    pub binned: u32,
    pub restored: u32,
    /// Items that are put out of use since.
    pub archived: u32,
    /// Items removed because the settings leave them out.
    pub left_out: u32,
    /// Failures the source told, and refusals.
    pub failed: u32,
    /// Users, groups and memberships that were new or differ.
    pub directory_changed: u32,
    /// Those a complete read no longer mentioned, dropped with its last page.
    pub directory_dropped: u32,
    /// Audit records not seen before.
    pub activities: u32,
    /// Items read in full, by kind.
    pub by_kind: BTreeMap<String, u32>,
    /// Items that a summary says have changed or are new: to be asked for with `read-items`.
    pub stale: Vec<String>,
    /// What limits of the host refused, and why.
    pub refused: Vec<Failure>,
    /// Statements that opened an item wider than its kind may, by kind; each is kept as `unknown`.
    pub overclaimed: BTreeMap<String, u32>,
    /// Whether the index has something to do.
    pub outbox: bool,
}

impl Store {
    /// Applies a page: its changes, the position after it, the outbox, the run's numbers,
    /// all or nothing.
    ///
    /// # Errors
    /// [`StoreError::RunOver`], [`StoreError::PositionMoved`], [`StoreError::UnknownPartition`],
    /// [`StoreError::TooLong`] for a cursor, and what SQLite and the disk may say.
    pub fn apply(&self, commit: &Commit<'_>) -> Result<Applied, StoreError> {
        self.write("keep a page of changes", |tx| {
            runs::require_open(tx, commit.connection, commit.run)?;
            let reading = commit
                .page
                .map(|page| positions::advance(tx, commit.connection, commit.run, &page))
                .transpose()?;
            let mut applying = Applying::new(tx, commit, reading)?;
            for change in commit.changes {
                applying.change(change)?;
            }
            if let Some(Reading { partition, began_run, complete: true, done: true }) = reading {
                let dropped = sweep::drop_directory(tx, commit.connection, partition, began_run)?;
                applying.applied.directory_dropped = dropped;
                applying.access_touched |= dropped > 0;
            }
            applying.finish()
        })
    }

    /// Removes items that the settings leave out, as [`Change::Delete`] would; they are counted
    /// apart from what the source deleted. Ids of other connections name nothing here.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn leave_out(
        &self,
        connection: ConnectionId,
        run: RunId,
        ids: &[String],
    ) -> Result<Applied, StoreError> {
        self.write("remove what the settings leave out", |tx| {
            runs::require_open(tx, connection, run)?;
            let commit = Commit { connection, run, page: None, changes: &[], kinds: &[] };
            let mut applying = Applying::new(tx, &commit, None)?;
            for id in ids {
                applying.take_away(id, Happened::LeftOut)?;
            }
            applying.applied.left_out = std::mem::take(&mut applying.applied.deleted);
            applying.finish()
        })
    }
}

/// A page half applied.
pub(super) struct Applying<'a> {
    pub tx: &'a Transaction<'a>,
    pub connection: ConnectionId,
    pub run: RunId,
    /// When the run began.
    pub began: i64,
    pub kinds: &'a [String],
    /// Those of the connection that may be opened wider than what holds them.
    pub widening: Vec<String>,
    /// The partition to which what is mentioned belongs from now on; None leaves that as it is.
    pub owner: Option<i64>,
    /// Numbers of statements found or made for this page.
    pub accesses: HashMap<String, i64>,
    /// Reused, since making one costs more than packing a page's text.
    pub packer: zstd::bulk::Compressor<'static>,
    pub access_touched: bool,
    pub applied: Applied,
}

/// Packs as fast as it can be written: level 1 halves a body, more gains little.
pub(super) const PACK_LEVEL: i32 = 1;

impl<'a> Applying<'a> {
    fn new(
        tx: &'a Transaction<'a>,
        commit: &Commit<'a>,
        reading: Option<Reading>,
    ) -> Result<Self, StoreError> {
        let packer = zstd::bulk::Compressor::new(PACK_LEVEL).map_err(|source| StoreError::Pack { source })?;
        Ok(Self {
            tx,
            connection: commit.connection,
            run: commit.run,
            began: runs::began(tx, commit.run)?,
            kinds: commit.kinds,
            widening: widening::kinds(tx, commit.connection)?,
            owner: reading.filter(|reading| reading.complete).map(|reading| reading.partition),
            accesses: HashMap::new(),
            packer,
            access_touched: false,
            applied: Applied::default(),
        })
    }

    fn change(&mut self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Upsert(item) => self.upsert(item),
            Change::Delete(id) => self.delete(id),
            Change::Binned(id) => self.bin(id),
            Change::Seen(summary) => self.seen(summary),
            Change::User(user) => self.user(user),
            Change::Group(group) => self.group(group),
            Change::Member(membership) => self.member(membership),
            Change::Activity(activity) => self.activity(activity),
            Change::Failed(failure) => self.failed(failure),
        }
    }

    fn finish(self) -> Result<Applied, StoreError> {
        if self.access_touched {
            bump_generation(self.tx)?;
        }
        runs::count(self.tx, self.run, &self.applied)?;
        Ok(self.applied)
    }

    fn activity(&mut self, activity: &Activity) -> Result<(), StoreError> {
        let Activity { id, at, actor, summary, subject, detail } = activity;
        let bytes = summary.len() + subject.len() + detail.len() + actor.as_ref().map_or(0, String::len);
        let refusal = limits::refuse_id(id, ITEM_ID_BYTES_MAX).or_else(|| {
            (bytes > ACTIVITY_BYTES_MAX)
                .then(|| format!("it has {bytes} bytes, more than {ACTIVITY_BYTES_MAX}"))
        });
        if let Some(reason) = refusal {
            self.report_refusal(id, None, &format!("this audit record was refused: {reason}"));
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO activities (connection, id, at, actor, summary, subject, detail)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![self.connection, id, super::signed(*at), actor, summary, subject, detail];
        let kept = self.tx.prepare_cached(sql)?.execute(values)?;
        self.applied.activities += u32::from(kept > 0);
        Ok(())
    }

    /// Counts a refusal and tells it to the caller.
    pub(super) fn report_refusal(&mut self, id: &str, url: Option<&str>, reason: &str) {
        self.applied.failed += 1;
        self.applied.refused.push(Failure {
            id: limits::cut(id, ITEM_ID_BYTES_MAX).to_owned(),
            url: limits::url(url).map(str::to_owned),
            reason: reason.to_owned(),
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Next, Position};
    use crate::store::StoreError;
    use crate::store::testing::{counts, fixture, page, space, upsert};

    #[test]
    fn what_is_applied_twice_changes_nothing() {
        let mut site = fixture();
        let changes = [upsert(space("space:1")), upsert(page("page:1", "space:1"))];
        let first = site.everything(&changes);
        assert_eq!(counts(&first), [2, 0, 0, 0, 0, 0, 0]);
        assert_eq!(site.outbox(), ["space:1", "page:1"]);
        let (generation, seq) = (site.store.generation().unwrap(), site.store.last_seq().unwrap());

        site.next_run();
        let again = site.everything(&[changes.as_slice(), &changes].concat());
        assert_eq!(counts(&again), [0, 0, 0, 0, 4, 0, 0]);
        assert!(!again.outbox);
        assert_eq!((site.store.generation().unwrap(), site.store.last_seq().unwrap()), (generation, seq));
    }

    #[test]
    fn a_page_that_cannot_be_kept_leaves_data_and_position_as_they_were() {
        let site = fixture();
        let (start, after) = (Position::Everything, Position::After("cursor 1".into()));
        let more = |cursor: &str| Next::More(cursor.into());
        site.page(&start, &[upsert(page("page:1", "space:1"))], &more("cursor 1")).unwrap();
        let state = || {
            let store = &site.store;
            let generation = store.generation().unwrap();
            let positions = store.positions(site.connection).unwrap();
            (positions, generation, site.outbox(), store.runs(site.connection, 9).unwrap())
        };
        let before = state();
        // The disk gives up at the last thing that the page's second item writes.
        let trouble = "CREATE TRIGGER trouble BEFORE INSERT ON outbox WHEN new.item_num = 4
                       BEGIN SELECT raise(ABORT, 'trouble'); END";
        site.store.write("test", |tx| Ok(tx.execute_batch(trouble)?)).unwrap();
        let two = [upsert(page("page:2", "space:1")), upsert(page("page:3", "space:1"))];
        let error = site.page(&after, &two, &more("cursor 2")).unwrap_err();
        assert_eq!(error.to_string(), "could not keep a page of changes: trouble");
        assert_eq!(state(), before);

        let error = site.page(&after, &[], &more(&"x".repeat(70_000))).unwrap_err();
        assert!(matches!(error, StoreError::TooLong { bytes: 70_000, .. }), "{error}");
        assert_eq!(state(), before);
    }

    #[test]
    fn a_page_read_from_elsewhere_is_refused() {
        let site = fixture();
        let (start, more) = (Position::Everything, Next::More("cursor 1".into()));
        site.page(&start, &[], &more).unwrap();
        for stale in ["cursor 0", ""] {
            let error =
                site.page(&Position::After(stale.into()), &[upsert(page("page:1", "s"))], &more).unwrap_err();
            assert!(matches!(error, StoreError::PositionMoved { .. }), "{error}");
        }
        assert_eq!(site.outbox(), [""; 0]);
    }

    #[test]
    fn the_pages_of_a_run_that_another_replaced_are_refused() {
        let mut site = fixture();
        let old = site.run;
        site.next_run();
        let error = {
            site.run = old;
            site.page(&Position::Everything, &[], &Next::Done(None)).unwrap_err()
        };
        assert!(matches!(error, StoreError::RunOver { .. }), "{error}");
    }

    #[test]
    fn whoever_reads_meanwhile_sees_whole_pages() {
        let site = fixture();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = 0;
                while seen < 200 {
                    let now = site.store.present_count(site.connection).unwrap();
                    assert!(now >= seen && now.is_multiple_of(20), "{now} after {seen}");
                    seen = now;
                }
            });
            for number in 0..10 {
                let items = (0..20).map(|id| upsert(page(&format!("page:{number}-{id}"), "space:1")));
                site.answers(&items.collect::<Vec<_>>());
            }
            reader.join().unwrap();
        });
    }
}
