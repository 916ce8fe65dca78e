//! The tree of items, a level at a time.

use rusqlite::{Transaction, params};

use crate::model::ConnectionId;

use super::records::{RecordLine, lines};
use super::{ItemNum, Store, StoreError, unsigned};

/// More than so many are not counted: a level is opened to look for something, not to be added up.
pub const COUNTED_MAX: u64 = 1_000;

/// An item of a level, and how many lie directly below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelLine {
    pub line: RecordLine,
    /// [`COUNTED_MAX`] and one more stands for "more".
    pub below: u64,
}

/// A place in a level, which is in the order of kind, title and number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LevelKey(pub String, pub String, pub ItemNum);

impl LevelLine {
    #[must_use]
    pub fn key(&self) -> LevelKey {
        LevelKey(self.line.kind.clone(), self.line.title.clone(), self.line.num)
    }
}

impl Store {
    /// The items that lie directly below one, or the roots of a connection, by kind and title, from the one after
    /// `after`.
    pub fn level(
        &self,
        connection: ConnectionId,
        parent: Option<ItemNum>,
        after: Option<&LevelKey>,
        limit: u32,
    ) -> Result<Vec<LevelLine>, StoreError> {
        self.read("list a level of the tree", |tx| {
            let nums = match parent {
                Some(parent) => below(tx, parent, after, limit)?,
                None => roots(tx, connection, after, limit)?,
            };
            let mut level = Vec::with_capacity(nums.len());
            for line in lines(tx, &nums)? {
                level.push(LevelLine { below: count(tx, line.num)?, line });
            }
            Ok(level)
        })
    }

    /// How many items lie directly below one; more than [`COUNTED_MAX`] are not counted.
    pub fn count_below(&self, parent: ItemNum) -> Result<u64, StoreError> {
        self.read("count what is below", |tx| count(tx, parent))
    }

    /// The keys and titles of roots that have this property, by title: at most `limit`. Of one connection, or all.
    pub fn root_properties(
        &self,
        connection: Option<ConnectionId>,
        name: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read("list the roots", |tx| {
            let sql = "SELECT p.value, i.title FROM items i INDEXED BY items_by_parent
                           JOIN connections c ON c.id = i.connection AND c.removing IS NULL
                           JOIN properties p ON p.item_num = i.num AND p.name = ?2
                       WHERE i.present = 1 AND i.parent_num IS NULL AND (?1 IS NULL OR i.connection = ?1)
                       ORDER BY i.kind, i.title COLLATE NOCASE, i.num LIMIT ?3";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement
                .query_map(params![connection, name, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

const BELOW: &str = "SELECT num FROM items INDEXED BY items_by_parent
    WHERE parent_num = ?1 AND present = 1 AND (kind, title COLLATE NOCASE, num) > (?2, ?3, ?4)
    ORDER BY kind, title COLLATE NOCASE, num LIMIT ?5";

const ROOTS: &str = "SELECT num FROM items INDEXED BY items_by_parent
    WHERE parent_num IS NULL AND connection = ?1 AND present = 1
        AND (kind, title COLLATE NOCASE, num) > (?2, ?3, ?4)
    ORDER BY kind, title COLLATE NOCASE, num LIMIT ?5";

fn below(
    tx: &Transaction<'_>,
    parent: ItemNum,
    after: Option<&LevelKey>,
    limit: u32,
) -> Result<Vec<ItemNum>, StoreError> {
    ordered(tx, BELOW, i64::from(parent), after, limit)
}

fn roots(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    after: Option<&LevelKey>,
    limit: u32,
) -> Result<Vec<ItemNum>, StoreError> {
    ordered(tx, ROOTS, connection, after, limit)
}

fn ordered(
    tx: &Transaction<'_>,
    sql: &str,
    of: i64,
    after: Option<&LevelKey>,
    limit: u32,
) -> Result<Vec<ItemNum>, StoreError> {
    let (kind, title, num) = after.map_or(("", "", 0), |LevelKey(kind, title, num)| (kind, title, *num));
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![of, kind, title, num, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count(tx: &Transaction<'_>, parent: ItemNum) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM items INDEXED BY items_by_parent
                                     WHERE parent_num = ?1 AND present = 1 LIMIT ?2)";
    let most = super::signed(COUNTED_MAX + 1);
    Ok(unsigned(tx.prepare_cached(sql)?.query_row(params![parent, most], |row| row.get(0))?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Change, Item};
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    fn titled(id: &str, title: &str, parent: &str) -> Change {
        upsert(Item { title: title.into(), ..page(id, parent) })
    }

    fn site() -> Fixture {
        let site = fixture();
        site.everything(&[
            upsert(space("space:1")),
            titled("page:1", "beta", "space:1"),
            titled("page:2", "Alpha", "space:1"),
            titled("page:3", "alpha", "space:1"),
            upsert(Item { kind: "place".into(), ..page("place:1", "space:1") }),
            titled("page:4", "Below", "page:1"),
            titled("page:5", "Gone", "page:1"),
            Change::Delete("page:5".into()),
        ]);
        site
    }

    fn ids(level: &[LevelLine]) -> Vec<(&str, u64)> {
        level.iter().map(|one| (one.line.id.as_str(), one.below)).collect()
    }

    #[test]
    fn a_level_is_listed_by_kind_and_title_with_what_is_below() {
        let site = site();
        let level = |parent: Option<&str>, after: Option<&LevelKey>, limit| {
            site.store.level(site.connection, parent.map(|id| site.num(id)), after, limit).unwrap()
        };
        assert_eq!(ids(&level(None, None, 9)), [("space:1", 4)]);
        let first = level(Some("space:1"), None, 2);
        assert_eq!(ids(&first), [("page:2", 0), ("page:3", 0)]);
        let rest = level(Some("space:1"), Some(&first[1].key()), 9);
        assert_eq!(ids(&rest), [("page:1", 1), ("place:1", 0)]);
        assert_eq!(site.store.level(99, None, None, 9).unwrap(), []);
        assert_eq!(site.store.count_below(site.num("page:1")).unwrap(), 1);
    }

    #[test]
    fn the_roots_tell_their_keys() {
        let site = site();
        let keyed = |id: &str, key: &str| {
            let properties = vec![("space".to_owned(), key.to_owned())];
            upsert(Item { properties, ..space(id) })
        };
        site.answers(&[keyed("space:1", "ENG"), keyed("space:2", "HR")]);
        let roots = |connection, limit| site.store.root_properties(connection, "space", limit).unwrap();
        let (eng, hr) = (("ENG".into(), "About space:1".into()), ("HR".into(), "About space:2".into()));
        assert_eq!(roots(None, 9), [eng, hr]);
        assert_eq!((roots(Some(99), 9), roots(Some(site.connection), 1).len()), (vec![], 1));
        assert_eq!(site.store.roots_with_property("space", "eng").unwrap(), [site.num("space:1")]);
    }

    #[test]
    fn no_level_is_sorted() {
        let site = site();
        let plans = [BELOW, ROOTS].map(|sql| {
            let explain = |tx: &Transaction<'_>| {
                let mut statement = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let rows = statement.query_map(params![1, "", "", 0, 9], |row| row.get::<_, String>(3))?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
            };
            site.store.read("test", explain).unwrap()
        });
        insta::assert_snapshot!(plans.join("\n"), @"
        SEARCH items USING COVERING INDEX items_by_parent (parent_num=? AND kind>?)
        SEARCH items USING INDEX items_by_parent (parent_num=? AND kind>?)
        ");
    }
}
