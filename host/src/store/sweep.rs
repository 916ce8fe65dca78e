//! After a complete read: what it did not mention.
//!
//! Items become suspects, and only the source's own word (`read-items`) deletes them.
//! Users, groups and memberships go at once, in the transaction of the read's last page,
//! so that nobody keeps a right that the source no longer tells of.

use rusqlite::{Transaction, params};

use crate::model::ConnectionId;

use super::{RunId, Store, StoreError, positions};

impl Store {
    /// The ids of present items that a complete read of this partition once mentioned, and
    /// that nothing has mentioned since its latest such read began. Empty unless that read
    /// came to its end. Answer them with `apply`, then call [`Store::swept`].
    pub fn suspects(
        &self,
        connection: ConnectionId,
        dataset: &str,
        partition: &str,
    ) -> Result<Vec<String>, StoreError> {
        self.read("list what a complete read no longer mentions", |tx| {
            let (num, _) = positions::find(tx, connection, dataset, partition)?;
            let sql = "SELECT i.id FROM items i JOIN partitions p ON p.num = ?2
                       WHERE i.connection = ?1 AND i.partition_num = ?2 AND i.present = 1
                           AND i.mentioned_run < p.sweep_run
                       ORDER BY i.num";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, num], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The ids of present items that no complete read has ever mentioned, nor anything since
    /// `run` began: they came by a `since` read, or their partition is forgotten, and none would
    /// miss them. To be asked about after a run in which every partition was read completely.
    pub fn strays(&self, connection: ConnectionId, run: RunId) -> Result<Vec<String>, StoreError> {
        self.read("list what no complete read mentions", |tx| {
            let sql = "SELECT id FROM items WHERE connection = ?1 AND partition_num IS NULL AND present = 1
                           AND mentioned_run < ?2 ORDER BY num";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, run], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The partition's suspects were asked about. One that vanished is forgotten with this, unless
    /// items are left in it: those for which the source had no answer. They are suspects again as
    /// soon as its dataset is listed without it again (`plan_partitions`).
    pub fn swept(&self, connection: ConnectionId, dataset: &str, partition: &str) -> Result<(), StoreError> {
        self.write("settle the suspects of a partition", |tx| {
            let (num, state) = positions::find(tx, connection, dataset, partition)?;
            if !state.vanished {
                tx.execute("UPDATE partitions SET sweep_run = NULL WHERE num = ?1", [num])?;
            } else if !state.holds_items {
                // Deleted items keep their rows, and no row may name a partition that is gone.
                let sql =
                    "UPDATE items SET partition_num = NULL WHERE connection = ?1 AND partition_num = ?2";
                tx.execute(sql, params![connection, num])?;
                tx.execute("DELETE FROM partitions WHERE num = ?1", [num])?;
            }
            Ok(())
        })
    }

    /// How many items of a connection are present: what a share of suspects is a share of.
    pub fn present_count(&self, connection: ConnectionId) -> Result<u64, StoreError> {
        self.read("count the items", |tx| {
            let sql =
                "SELECT count(*) FROM items INDEXED BY items_access WHERE connection = ?1 AND present = 1";
            Ok(super::unsigned(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?))
        })
    }
}

/// Drops the users, groups and memberships that a complete read no longer mentions, and
/// returns how many. Those that only `since` reads ever mentioned belong to no partition;
/// they go with the first complete read that tells of others of their sort.
pub(super) fn drop_directory(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    partition: i64,
    began_run: RunId,
) -> Result<u32, StoreError> {
    let mut dropped = 0;
    for table in ["users", "groups", "memberships"] {
        let sql = format!(
            "DELETE FROM {table} WHERE connection = ?1 AND partition_num = ?2 AND mentioned_run < ?3"
        );
        dropped += tx.prepare_cached(&sql)?.execute(params![connection, partition, began_run])?;
        let sql = format!(
            "DELETE FROM {table} WHERE connection = ?1 AND partition_num IS NULL AND mentioned_run < ?3
                 AND EXISTS (SELECT 1 FROM {table} WHERE connection = ?1 AND partition_num = ?2)"
        );
        dropped += tx.prepare_cached(&sql)?.execute(params![connection, partition, began_run])?;
    }
    Ok(u32::try_from(dropped).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::access::Identity;
    use crate::model::{Change, Failure, Next, Position, Principal, Standing};
    use crate::store::Mode;
    use crate::store::testing::{Fixture, fixture, member, page, seen, upsert, user};

    fn suspects(site: &Fixture) -> Vec<String> {
        site.store.suspects(site.connection, "content", "space").unwrap()
    }

    fn failed(id: &str) -> Change {
        Change::Failed(Failure { id: id.into(), url: None, reason: "the server said 500".into() })
    }

    fn two_pages() -> [Change; 2] {
        [upsert(page("page:1", "space:1")), upsert(page("page:2", "space:1"))]
    }

    #[test]
    fn what_a_complete_read_does_not_mention_is_suspect_and_nothing_more() {
        let mut site = fixture();
        site.everything(&two_pages());
        site.next_run();
        let one = [seen("page:1", "space:1", "1")];
        site.page(&Position::Inventory, &one, &Next::More("on".into())).unwrap();
        assert_eq!(suspects(&site), [""; 0], "the read is not done");
        site.page(&Position::After("on".into()), &[], &Next::Done(None)).unwrap();
        assert_eq!(suspects(&site), ["page:2"]);
        assert_eq!(site.store.present_count(site.connection).unwrap(), 2);

        site.answers(&[upsert(page("page:2", "space:9"))]);
        assert_eq!(suspects(&site), [""; 0], "the source said where it is");
        site.store.swept(site.connection, "content", "space").unwrap();
        assert!(!site.store.positions(site.connection).unwrap()[0].sweep_due);
    }

    #[test]
    fn what_was_mentioned_before_a_crash_is_no_suspect_after_it() {
        let mut site = fixture();
        site.everything(&two_pages());
        site.next_run();
        site.page(&Position::Everything, &two_pages(), &Next::More("on".into())).unwrap();
        site.next_run();
        site.page(&Position::After("on".into()), &[], &Next::Done(None)).unwrap();
        assert_eq!(suspects(&site), [""; 0]);
    }

    #[test]
    fn news_of_an_item_does_not_take_it_from_the_read_that_would_miss_it() {
        let mut site = fixture();
        site.everything(&two_pages());
        site.next_run();
        let edited = [upsert(page("page:2", "space:1")), upsert(page("page:3", "space:1"))];
        site.page(&Position::Since("noon".into()), &edited, &Next::Done(None)).unwrap();
        site.next_run();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(suspects(&site), ["page:2"]);
        assert_eq!(site.store.strays(site.connection, site.run).unwrap(), ["page:3"]);
    }

    #[test]
    fn a_vanished_partition_mentions_nothing_and_is_forgotten_once_swept() {
        let mut site = fixture();
        site.everything(&two_pages());
        site.next_run();
        site.plan(&["other"]);
        assert_eq!(suspects(&site), ["page:1", "page:2"]);
        let swept = |site: &Fixture| {
            site.store.swept(site.connection, "content", "space").unwrap();
            let left = site.store.positions(site.connection).unwrap();
            left.into_iter().map(|state| state.partition.id).collect::<Vec<_>>()
        };
        site.answers(&[Change::Delete("page:1".into()), failed("page:2")]);
        assert_eq!(swept(&site), ["space", "other"], "an item is left in it");

        site.run = site.store.begin_run(site.connection, Mode::Since, 3).unwrap();
        site.plan(&["other"]);
        assert_eq!(suspects(&site), ["page:2"], "what had no answer is asked about again");
        site.answers(&[Change::Delete("page:2".into())]);
        assert_eq!(swept(&site), ["other"]);
        assert_eq!(site.store.present_count(site.connection).unwrap(), 0);
    }

    #[test]
    fn people_who_are_not_mentioned_lose_their_rights_with_the_last_page() {
        let mut site = fixture();
        let ada = || user("ada", Some("ada@acme.example"), Standing::Member);
        let admins = || member("admins", Principal::User("ada".into()));
        site.everything(&[ada(), admins()]);
        site.page(&Position::Since("noon".into()), &[user("bob", None, Standing::Member)], &Next::Done(None))
            .unwrap();

        site.next_run();
        let generation = site.store.generation().unwrap();
        site.page(&Position::Everything, &[ada()], &Next::More("on".into())).unwrap();
        assert_eq!(site.store.generation().unwrap(), generation);
        let last = site.page(&Position::After("on".into()), &[], &Next::Done(None)).unwrap();
        assert_eq!(last.directory_dropped, 2, "ada's membership, and bob, whom no complete read mentions");
        assert_eq!(site.store.generation().unwrap(), generation + 1);
        let (identity, _) = site.store.identity(site.connection, "ada@acme.example").unwrap();
        assert_eq!(identity, Identity { user: Some("ada".into()), member: true, ..Identity::default() });
    }
}
