//! The tree of items as access sees it.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{Access, ConnectionId, Principal};

use super::{ItemNum, RunId, Store, StoreError, connections, generation};
use crate::access::Waiting;

/// Deeper than any real tree; it bounds what a cycle costs.
pub(super) const LEVELS_MAX: usize = 1_000;

/// One item on the way from an item up to its root.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Level {
    pub num: ItemNum,
    pub id: String,
    /// None, like the title, for an item that is not present.
    pub kind: Option<String>,
    pub title: Option<String>,
    pub present: bool,
    /// `unknown` for an item that is not present.
    pub access: Access,
    /// None for a root.
    pub parent_num: Option<ItemNum>,
    /// Its words are shown to nobody yet.
    pub withheld: bool,
    /// Parent and access before, where they still count as well.
    pub former: Option<(Option<ItemNum>, Access)>,
}

/// All that is needed to tell who may read which of a connection's items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessRows {
    /// The access generation these rows are of.
    pub generation: u64,
    /// Present items by number: number, parent, index into `statements`. A parent that is not among
    /// them is not present.
    pub nodes: Vec<(ItemNum, Option<ItemNum>, u32)>,
    /// Those of them of which not everything that was told counts yet.
    pub waiting: Vec<Waiting>,
    pub statements: Vec<Access>,
}

impl Store {
    /// The levels from an item up to its root, the item first; empty if there is no such number.
    ///
    /// Only a chain whose last level has no parent is whole. One that goes in a circle
    /// breaks off before the first item it would repeat, with a parent still named.
    pub fn chain(&self, num: ItemNum) -> Result<Vec<Level>, StoreError> {
        self.read("read the item's place", |tx| {
            let mut levels: Vec<Level> = Vec::new();
            let mut next = Some(num);
            while let Some(num) = next {
                if levels.len() == LEVELS_MAX || levels.iter().any(|level| level.num == num) {
                    break;
                }
                let Some(level) = level(tx, num)? else { break };
                next = level.parent_num;
                levels.push(level);
            }
            Ok(levels)
        })
    }

    /// Every present item of a connection with its parent and its access.
    pub fn access_rows(&self, connection: ConnectionId) -> Result<AccessRows, StoreError> {
        self.read("read who may read what", |tx| {
            let mut rows = AccessRows { generation: generation(tx)?, ..AccessRows::default() };
            // Answered from the index alone; see `items_access` in the schema.
            let sql = "SELECT num, parent_num, access_num, words_run, place_run, prior_parent, prior_access
                       FROM items INDEXED BY items_access WHERE connection = ?1 AND present = 1";
            let mut statement = tx.prepare_cached(sql)?;
            let mut found = statement.query([connection])?;
            let mut indices: HashMap<Option<i64>, u32> = HashMap::new();
            let mut index = |access: Option<i64>| {
                let next = u32::try_from(indices.len()).unwrap_or(u32::MAX);
                *indices.entry(access).or_insert(next)
            };
            while let Some(row) = found.next()? {
                let num = row.get(0)?;
                rows.nodes.push((num, row.get(1)?, index(row.get(2)?)));
                let (withheld, unsettled) = waits(row.get(3)?, row.get(4)?);
                let former = if unsettled { Some((row.get(5)?, index(row.get(6)?))) } else { None };
                if withheld || unsettled {
                    rows.waiting.push(Waiting { num, withheld, former });
                }
            }
            let mut by_index: Vec<(u32, Option<i64>)> =
                indices.into_iter().map(|(num, at)| (at, num)).collect();
            by_index.sort_unstable();
            rows.statements =
                by_index.into_iter().map(|(_, access)| statement_of(tx, access)).collect::<Result<_, _>>()?;
            Ok(rows)
        })
    }

    /// Present items without a parent that have this property: the spaces with a certain key,
    /// in capitals or not.
    pub fn roots_with_property(&self, name: &str, value: &str) -> Result<Vec<ItemNum>, StoreError> {
        self.read("find containers by property", |tx| {
            // There are few roots, while each of their pages may have that property too.
            let sql = "SELECT i.num FROM items i INDEXED BY items_by_parent
                           CROSS JOIN properties p ON p.item_num = i.num AND p.name = ?1
                               AND p.value = ?2 COLLATE NOCASE
                       WHERE i.present = 1 AND i.parent_num IS NULL ORDER BY i.num";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([name, value], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The names of the users and groups among these principals, by principal id.
    pub fn principal_names(
        &self,
        connection: ConnectionId,
        principals: &[Principal],
    ) -> Result<BTreeMap<String, String>, StoreError> {
        self.read("look up names", |tx| {
            let mut names = BTreeMap::new();
            for principal in principals {
                let (sql, id) = match principal {
                    Principal::User(id) => ("SELECT name FROM users WHERE connection = ?1 AND id = ?2", id),
                    Principal::Group(id) => ("SELECT name FROM groups WHERE connection = ?1 AND id = ?2", id),
                    Principal::Members | Principal::Anyone => continue,
                };
                let mut statement = tx.prepare_cached(sql)?;
                let name = statement.query_row(params![connection, id], |row| row.get(0)).optional()?;
                names.extend(name.map(|name| (id.clone(), name)));
            }
            Ok(names)
        })
    }

    /// The names of these users, as far as they are known.
    pub fn user_names(
        &self,
        connection: ConnectionId,
        ids: &[String],
    ) -> Result<BTreeMap<String, String>, StoreError> {
        self.read("look up names", |tx| {
            let mut statement =
                tx.prepare_cached("SELECT name FROM users WHERE connection = ?1 AND id = ?2")?;
            let mut names = BTreeMap::new();
            for id in ids {
                if let Some(name) =
                    statement.query_row(params![connection, id], |row| row.get(0)).optional()?
                {
                    names.insert(id.clone(), name);
                }
            }
            Ok(names)
        })
    }
}

fn level(tx: &Transaction<'_>, num: ItemNum) -> Result<Option<Level>, StoreError> {
    let sql =
        "SELECT num, id, kind, title, present, parent_num, access_num, words_run, place_run, prior_parent,
                   prior_access FROM items WHERE num = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let found = statement.query_row([num], |row| {
        let level = Level {
            num: row.get(0)?,
            id: row.get(1)?,
            kind: row.get(2)?,
            title: row.get(3)?,
            present: row.get(4)?,
            access: Access::Unknown,
            parent_num: row.get(5)?,
            withheld: false,
            former: None,
        };
        let (withheld, unsettled) = waits(row.get(7)?, row.get(8)?);
        let former = if unsettled { Some((row.get(9)?, row.get(10)?)) } else { None };
        Ok((Level { withheld, ..level }, row.get(6)?, former))
    });
    let Some((level, access, former)) = found.optional()? else { return Ok(None) };
    let former = former.map(|(parent, access)| Ok::<_, StoreError>((parent, statement_of(tx, access)?)));
    Ok(Some(Level { access: statement_of(tx, access)?, former: former.transpose()?, ..level }))
}

/// Whether an item's words are withheld, and whether its former place still counts.
fn waits(words_run: Option<RunId>, place_run: Option<RunId>) -> (bool, bool) {
    (words_run.is_some(), place_run.is_some())
}

pub(super) fn statement_of(tx: &Transaction<'_>, access: Option<i64>) -> Result<Access, StoreError> {
    let Some(num) = access else { return Ok(Access::Unknown) };
    let mut statement = tx.prepare_cached("SELECT statement FROM accesses WHERE num = ?1")?;
    match statement.query_row([num], |row| row.get::<_, String>(0)).optional()? {
        Some(text) => connections::from_json("an access statement", &text),
        None => Ok(Access::Unknown),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Access, Change, Principal};
    use crate::store::AccessRows;
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    fn chain(site: &Fixture, id: &str) -> Vec<(String, bool)> {
        let levels = site.store.chain(site.num(id)).unwrap();
        levels.into_iter().map(|level| (level.id, level.present)).collect()
    }

    #[test]
    fn a_parent_may_arrive_after_its_children() {
        let site = fixture();
        site.everything(&[upsert(page("page:2", "page:1"))]);
        assert_eq!(chain(&site, "page:2"), [("page:2".into(), true), ("page:1".into(), false)]);
        let orphan = (site.num("page:2"), Some(site.num("page:1")), 0);
        assert_eq!(site.store.access_rows(site.connection).unwrap().nodes, [orphan]);

        site.answers(&[upsert(page("page:1", "space:1")), upsert(space("space:1"))]);
        let whole = [("page:2".into(), true), ("page:1".into(), true), ("space:1".into(), true)];
        assert_eq!(chain(&site, "page:2"), whole);
        let members = Access::Replaced(vec![Principal::Members]);
        let rows = site.store.access_rows(site.connection).unwrap();
        let [one, two, root] = ["page:1", "page:2", "space:1"].map(|id| site.num(id));
        let expected = AccessRows {
            generation: site.store.generation().unwrap(),
            nodes: vec![(one, Some(root), 0), (two, Some(one), 0), (root, None, 1)],
            waiting: Vec::new(),
            statements: vec![Access::Inherited, members],
        };
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_circle_of_parents_breaks_off_and_has_no_root() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "page:2")), upsert(page("page:2", "page:1"))]);
        site.answers(&[upsert(page("page:3", "page:3"))]);
        for (id, levels) in [("page:1", 2), ("page:3", 1)] {
            let chain = site.store.chain(site.num(id)).unwrap();
            assert_eq!((chain.len(), chain.iter().all(|level| level.parent_num.is_some())), (levels, true));
        }
    }

    #[test]
    fn a_deleted_container_says_nobody() {
        let site = fixture();
        site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1"))]);
        site.answers(&[Change::Delete("space:1".into())]);
        let root = site.store.chain(site.num("page:1")).unwrap().pop().unwrap();
        assert_eq!((root.id.as_str(), root.present, root.access), ("space:1", false, Access::Unknown));
    }

    #[test]
    fn containers_are_found_by_property() {
        let site = fixture();
        site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1"))]);
        let num = site.num("space:1");
        assert_eq!(site.store.roots_with_property("label", "new").unwrap(), [num]);
        assert_eq!(site.store.roots_with_property("label", "NEW").unwrap(), [num]);
        site.answers(&[Change::Delete("space:1".into())]);
        assert_eq!(site.store.roots_with_property("label", "new").unwrap(), [0; 0]);
    }
}
