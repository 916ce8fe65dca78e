//! How one item stands, for whoever asks why it is not found.

use rusqlite::{OptionalExtension, params};

use crate::model::{ConnectionId, Timestamp};

use super::files::STATE;
use super::{ItemNum, RunId, Store, StoreError, connections, signed, unsigned};

/// An item that a source has mentioned and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentItem {
    pub connection: ConnectionId,
    pub connection_name: String,
    pub id: String,
    /// It is in the source's bin.
    pub binned: bool,
    /// The run that took it away; None for one that was never read, and is only known as somebody's parent.
    pub gone_in: Option<RunId>,
}

/// An item that could not be read, or that a limit refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRead {
    pub connection_name: String,
    pub id: String,
    pub reason: String,
    pub refused: bool,
    /// When the next sync asks again.
    pub next: Timestamp,
}

/// What is said of an item that is there, and may explain something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The source keeps it and has put it out of use.
    pub archived: bool,
    /// Since when a person is to decide whether it is gone.
    pub waits_for_deletion: Option<Timestamp>,
    /// Why its present version could not be read, if that is so.
    pub failed: Option<String>,
    /// How its file stands: `words`, `waiting`, or a reason's name, with its words.
    pub file: Option<(String, String)>,
}

impl Store {
    /// The items that are not there whose id is one of these, whole or behind its first `:`. Looks through all.
    pub fn absent_items(
        &self,
        connection: Option<ConnectionId>,
        ids: &[String],
    ) -> Result<Vec<AbsentItem>, StoreError> {
        let ids = connections::to_json(&ids)?;
        self.read("look for what is not there", |tx| {
            let sql = "SELECT c.id, c.name, i.id, i.binned, i.mentioned_run
                       FROM items i JOIN connections c ON c.id = i.connection AND c.removing IS NULL
                       WHERE i.present = 0 AND (?1 IS NULL OR c.id = ?1)
                           AND (i.id IN (SELECT value FROM json_each(?2))
                               OR substr(i.id, instr(i.id, ':') + 1) IN (SELECT value FROM json_each(?2)))
                       ORDER BY i.num";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, ids], |row| {
                Ok(AbsentItem {
                    connection: row.get(0)?,
                    connection_name: row.get(1)?,
                    id: row.get(2)?,
                    binned: row.get(3)?,
                    gone_in: Some(row.get(4)?).filter(|run| *run > 0),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The failures of items whose id is one of these, whole or behind its first `:`, or whose address is this one.
    pub fn failed_reads(
        &self,
        connection: Option<ConnectionId>,
        ids: &[String],
        url: &str,
    ) -> Result<Vec<FailedRead>, StoreError> {
        let ids = connections::to_json(&ids)?;
        self.read("look for failures", |tx| {
            let sql = "SELECT c.name, f.id, f.reason, f.refused, f.not_before
                       FROM failures f JOIN connections c ON c.id = f.connection AND c.removing IS NULL
                       WHERE (?1 IS NULL OR c.id = ?1) AND (f.url = ?3 OR f.id IN (SELECT value FROM json_each(?2))
                           OR substr(f.id, instr(f.id, ':') + 1) IN (SELECT value FROM json_each(?2)))
                       ORDER BY c.name, f.id";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map(params![connection, ids, url], |row| {
                Ok(FailedRead {
                    connection_name: row.get(0)?,
                    id: row.get(1)?,
                    reason: row.get(2)?,
                    refused: row.get(3)?,
                    next: unsigned(row.get(4)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// What is said of an item that is there.
    pub fn standing(&self, num: ItemNum) -> Result<Standing, StoreError> {
        self.read("look how the item stands", |tx| {
            let sql = format!(
                "SELECT i.archived, d.since, x.reason, {STATE}, ifnull(f.detail, '')
                 FROM items i LEFT JOIN deletions d ON d.item_num = i.num
                     LEFT JOIN files f ON f.item_num = i.num
                     LEFT JOIN failures x ON x.connection = i.connection AND x.id = i.id
                 WHERE i.num = ?1 AND i.present = 1"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let row = statement.query_row([num], |row| {
                let state: Option<String> = row.get(3)?;
                let detail: String = row.get(4)?;
                Ok(Standing {
                    archived: row.get(0)?,
                    waits_for_deletion: row.get::<_, Option<i64>>(1)?.map(unsigned),
                    failed: row.get(2)?,
                    file: state.map(|state| (state, detail)),
                })
            });
            Ok(row.optional()?.unwrap_or_default())
        })
    }

    /// Whether the index has yet to look at an item, having come to this position.
    pub fn waits_for_index(&self, num: ItemNum, position: u64) -> Result<bool, StoreError> {
        self.read("look for the item in the outbox", |tx| {
            let sql = "SELECT 1 FROM outbox WHERE item_num = ?1 AND seq > ?2";
            Ok(tx.prepare_cached(sql)?.exists(params![num, signed(position)])?)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Failure};
    use crate::store::testing::{fixture, page, space, upsert};

    #[test]
    fn what_is_not_there_was_deleted_or_only_mentioned() {
        let site = fixture();
        let failed = Failure { id: "page:8".into(), url: Some("https://a/8".into()), reason: "500".into() };
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("page:2", "page:9")),
            Change::Failed(failed),
        ]);
        site.answers(&[Change::Delete("page:1".into())]);
        let absent = |ids: &[&str]| {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            let found = site.store.absent_items(Some(site.connection), &ids).unwrap();
            found.into_iter().map(|item| (item.id, item.gone_in.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(absent(&["1"]), [("page:1".to_owned(), true)]);
        assert_eq!(absent(&["page:9"]), [("page:9".to_owned(), false)]);
        assert_eq!(absent(&["2", "77"]), []);
        let failures = |ids: &[String], url| {
            let found = site.store.failed_reads(None, ids, url).unwrap();
            found.into_iter().map(|failed| failed.id).collect::<Vec<_>>()
        };
        assert_eq!(failures(&["8".to_owned()], ""), ["page:8"]);
        assert_eq!(failures(&[], "https://a/8"), ["page:8"]);
        assert_eq!(failures(&["1".to_owned()], ""), [""; 0]);
    }

    #[test]
    fn an_item_waits_for_the_index_until_it_was_taken_in() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        let num = site.num("page:1");
        let last = site.store.last_seq().unwrap();
        let waits = |position| site.store.waits_for_index(num, position).unwrap();
        assert_eq!((waits(0), waits(last)), (true, false));
        assert_eq!(site.store.standing(num).unwrap(), super::Standing::default());
    }
}
