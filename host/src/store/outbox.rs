//! The outbox: items the search index must look at again.
//!
//! The index reads on from the sequence number its last commit holds, and clears what it
//! has made durable. A row tells only *that* an item changed; what it is now is read with it.

use rusqlite::{Transaction, params};

use super::{ItemNum, Store, StoreError, StoredItem, items, unsigned};

/// One item to index anew, or to drop from the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub seq: u64,
    pub num: ItemNum,
    /// None: the item is gone.
    pub item: Option<StoredItem>,
}

impl Store {
    /// The oldest entries after `seq`, each item at most once and as it is now.
    pub fn outbox_after(&self, seq: u64, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read("read the outbox", |tx| {
            let sql = "SELECT seq, item_num FROM outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![super::signed(seq), limit], |row| {
                Ok((unsigned(row.get(0)?), row.get(1)?))
            })?;
            let mut unpacker = items::unpacker()?;
            let mut entries = Vec::new();
            for row in rows {
                let (seq, num) = row?;
                entries.push(OutboxEntry { seq, num, item: items::by_num(tx, &mut unpacker, num)? });
            }
            Ok(entries)
        })
    }

    /// Forgets the entries up to `seq`, once the index has made them durable.
    pub fn outbox_clear_through(&self, seq: u64) -> Result<(), StoreError> {
        self.write("clear the outbox", |tx| {
            tx.prepare_cached("DELETE FROM outbox WHERE seq <= ?1")?.execute([super::signed(seq)])?;
            Ok(())
        })
    }

    /// How many entries there are after `seq`: the index's backlog.
    pub fn outbox_len_after(&self, seq: u64) -> Result<u64, StoreError> {
        self.read("count the outbox", |tx| len_after(tx, seq))
    }

    /// The newest sequence number ever given, cleared or not. An index that is ahead of
    /// it belongs to another state of the store, and must be built anew.
    pub fn last_seq(&self) -> Result<u64, StoreError> {
        self.read("read the outbox's position", |tx| {
            let sql = "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'";
            Ok(unsigned(tx.query_row(sql, [], |row| row.get(0))?))
        })
    }

    /// Puts every present item into the outbox, for an index that begins empty. Returns how many.
    pub fn refill_outbox(&self) -> Result<u64, StoreError> {
        self.write("refill the outbox", |tx| {
            tx.execute("DELETE FROM outbox", [])?;
            let sql = "INSERT INTO outbox (item_num) SELECT num FROM items WHERE present = 1 ORDER BY num";
            Ok(u64::try_from(tx.execute(sql, [])?).unwrap_or(u64::MAX))
        })
    }
}

pub(super) fn len_after(tx: &Transaction<'_>, seq: u64) -> Result<u64, StoreError> {
    let mut statement = tx.prepare_cached("SELECT count(*) FROM outbox WHERE seq > ?1")?;
    Ok(unsigned(statement.query_row([super::signed(seq)], |row| row.get(0))?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Item};
    use crate::store::testing::{fixture, page, upsert};

    #[test]
    fn an_item_stands_in_the_outbox_once_as_it_is_now() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "s")), upsert(page("page:2", "s"))]);
        let first = site.store.outbox_after(0, 10).unwrap();
        site.answers(&[upsert(Item { title: "Newer".into(), ..page("page:1", "s") })]);
        assert_eq!(site.outbox(), ["page:2", "page:1"]);

        // The index had read the first state and clears only that: the newer entry stays.
        site.store.outbox_clear_through(first[1].seq).unwrap();
        let left = site.store.outbox_after(0, 10).unwrap();
        assert_eq!(
            left.iter().map(|entry| entry.item.as_ref().unwrap().title.as_str()).collect::<Vec<_>>(),
            ["Newer"]
        );
        assert_eq!((left[0].seq, site.store.last_seq().unwrap()), (3, 3));
        assert_eq!(site.store.outbox_len_after(2).unwrap(), 1);
    }

    #[test]
    fn a_lost_index_is_fed_all_that_is_present() {
        let site = fixture();
        site.everything(&[
            upsert(page("page:1", "s")),
            upsert(page("page:2", "s")),
            Change::Delete("page:1".into()),
        ]);
        site.clear_outbox();
        let seq = site.store.last_seq().unwrap();
        assert_eq!(site.store.refill_outbox().unwrap(), 1);
        assert_eq!(site.outbox(), ["page:2"]);
        assert_eq!(site.store.last_seq().unwrap(), seq + 1);
    }
}
