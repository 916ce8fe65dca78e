//! What was read and is shown to nobody, because an answer is missing.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::model::ConnectionId;

use super::{Store, StoreError, unsigned};

/// Items that no person reads until more is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Hidden {
    /// Items whose own access the source would not tell.
    pub unknown: u64,
    /// The first of them, as examples.
    pub unknown_ids: Vec<String>,
    /// Items whose parent was not read or is gone, by what the parent's id begins with: `folder`.
    pub waiting: BTreeMap<String, u64>,
}

/// Items of a connection (1) without an answer.
const UNKNOWN: &str = "FROM items i LEFT JOIN accesses a ON a.num = i.access_num
                       WHERE i.connection = ?1 AND i.present = 1
                       AND coalesce(a.statement ->> 'access', 'unknown') = 'unknown'";

impl Store {
    /// Whether anything lies in something else. Spaces alone are nothing to find, nor are items that only hold others.
    pub fn has_content(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        self.read("see whether anything is stored", |tx| {
            let sql = "SELECT EXISTS (SELECT 1 FROM items i WHERE i.connection = ?1 AND i.present = 1
                       AND i.parent_num IS NOT NULL AND NOT EXISTS (SELECT 1 FROM kinds k
                           WHERE k.connection = i.connection AND k.name = i.kind AND k.searched = 0))";
            Ok(tx.query_row(sql, [connection], |row| row.get(0))?)
        })
    }

    /// Counts them, and names up to `named_max`. What lies below such an item is hidden as well, and
    /// not counted.
    pub fn hidden(&self, connection: ConnectionId, named_max: u32) -> Result<Hidden, StoreError> {
        self.read("count what nobody is shown", |tx| {
            let unknown = tx.query_row(&format!("SELECT count(*) {UNKNOWN}"), [connection], |row| row.get(0))?;
            let mut statement = tx.prepare(&format!("SELECT i.id {UNKNOWN} ORDER BY i.id LIMIT ?2"))?;
            let ids = statement.query_map(params![connection, named_max], |row| row.get(0))?;
            let unknown_ids = ids.collect::<Result<_, _>>()?;
            let sql = "SELECT CASE instr(p.id, ':') WHEN 0 THEN 'unknown' ELSE substr(p.id, 1, instr(p.id, ':') - 1) END,
                              count(*)
                       FROM items i JOIN items p ON p.num = i.parent_num
                       WHERE i.connection = ?1 AND i.present = 1 AND p.present = 0 GROUP BY 1";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
            Ok(Hidden { unknown: unsigned(unknown), unknown_ids, waiting: rows.collect::<Result<_, _>>()? })
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Access, Item};
    use crate::store::testing::{fixture, page, space, upsert};

    #[test]
    fn items_without_an_answer_are_counted() {
        let site = fixture();
        assert_eq!(site.store.hidden(site.connection, 3).unwrap(), Hidden::default());
        site.everything(&[upsert(space("space:1"))]);
        assert!(!site.store.has_content(site.connection).unwrap());
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(Item { access: Access::Unknown, ..page("page:2", "space:1") }),
            upsert(page("page:3", "folder:9")),
            upsert(page("page:4", "page:3")),
            upsert(page("page:5", "page:8")),
        ]);
        let waiting = BTreeMap::from([("folder".to_owned(), 1), ("page".to_owned(), 1)]);
        let unknown_ids = vec!["page:2".to_owned()];
        let hidden = Hidden { unknown: 1, unknown_ids, waiting };
        assert_eq!(site.store.hidden(site.connection, 3).unwrap(), hidden);
        assert_eq!(site.store.hidden(site.connection, 0).unwrap().unknown_ids, [""; 0]);
        assert!(site.store.has_content(site.connection).unwrap());
    }
}
