//! What of a connection is searched: its kinds, switched on and off, and in manual mode the
//! items that were chosen. All is kept whatever is said here; nothing is fetched or indexed
//! again when it changes.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{ConnectionId, Kind};

use super::{ItemNum, Store, StoreError, bump_generation, connections, limits, widening};

/// A kind of item, and whether its items can be found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SearchedKind {
    pub name: String,
    /// In the plural, for people.
    pub title: String,
    pub family: String,
    /// Whether the connector offers it to be searched at all. Others only hold items.
    pub offered: bool,
    /// Whether its items are found: it is offered, and nobody turned it off.
    pub on: bool,
    /// Whether its items hang on another, as comments do, and never have readers of their own.
    #[serde(skip)]
    pub inherits: bool,
}

/// Which items of a connection are searched, before kinds are regarded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndexMode {
    #[default]
    Everything,
    /// Only what was chosen.
    Manual,
}

impl IndexMode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Manual => "manual",
        }
    }

    /// The mode that is written so; None for no mode.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Everything, Self::Manual].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// An item that was chosen for manual mode.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Chosen {
    #[serde(skip)]
    pub num: ItemNum,
    pub id: String,
    /// None, like the kind, while the item is gone; if it comes back, it is still chosen.
    pub title: Option<String>,
    pub kind: Option<String>,
    pub with_descendants: bool,
}

/// All that is needed to tell which of a connection's items are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRows {
    pub mode: IndexMode,
    /// What was chosen, and whether with all below it.
    pub chosen: Vec<(ItemNum, bool)>,
    /// Kinds whose items are not found.
    pub kinds_off: Vec<String>,
    /// The present items of those kinds.
    pub items_off: Vec<ItemNum>,
}

impl Store {
    /// Keeps what a connector says of its kinds. What an administrator turned off stays off. Items that are opened
    /// wider than their kind may be now, as under an earlier version of the connector, are shown to nobody from
    /// then on; they are returned by kind.
    ///
    /// # Errors
    /// When the store cannot be written, or there is no such connection.
    pub fn keep_kinds(
        &self,
        connection: ConnectionId,
        described: &[Kind],
    ) -> Result<BTreeMap<String, u32>, StoreError> {
        self.write("keep the kinds of items", |tx| {
            connections::require(tx, connection)?;
            let before = kinds(tx, connection)?;
            let sql = "INSERT INTO kinds (connection, name, place, title, family, searched, inherits, widens)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                       ON CONFLICT DO UPDATE SET place = excluded.place, title = excluded.title,
                           family = excluded.family, searched = excluded.searched,
                           inherits = excluded.inherits, widens = excluded.widens, gone = 0";
            for (kind, place) in described.iter().zip(0_i64..) {
                let Kind { name, title, family, searched, inherits, widens } = kind;
                let values = params![
                    connection,
                    name,
                    place,
                    limits::name(title),
                    limits::name(family),
                    searched,
                    inherits,
                    widens
                ];
                tx.prepare_cached(sql)?.execute(values)?;
            }
            for gone in before.iter().filter(|kind| !described.iter().any(|one| one.name == kind.name)) {
                // Should it come back, what an administrator turned off is off.
                let sql = "UPDATE kinds SET gone = 1 WHERE connection = ?1 AND name = ?2";
                tx.execute(sql, params![connection, gone.name])?;
            }
            let shut = widening::shut(tx, connection)?;
            if kinds(tx, connection)? != before || !shut.is_empty() {
                bump_generation(tx)?;
            }
            Ok(shut)
        })
    }

    /// The kinds in the connector's order; empty before they were kept.
    pub fn kinds(&self, connection: ConnectionId) -> Result<Vec<SearchedKind>, StoreError> {
        self.read("list the kinds of items", |tx| kinds(tx, connection))
    }

    /// Turns kinds on or off, all or none of them.
    ///
    /// # Errors
    /// [`StoreError::UnknownKind`] for one the connector does not describe, and
    /// [`StoreError::NeverSearched`] for one that it does not offer to be searched.
    pub fn switch_kinds(
        &self,
        connection: ConnectionId,
        names: &[String],
        on: bool,
    ) -> Result<(), StoreError> {
        self.write("switch kinds of items", |tx| {
            connections::require(tx, connection)?;
            let known = kinds(tx, connection)?;
            for name in names {
                let Some(kind) = known.iter().find(|kind| kind.name == *name) else {
                    let known = known.iter().map(|kind| kind.name.clone()).collect();
                    return Err(StoreError::UnknownKind { kind: limits::name(name).to_owned(), known });
                };
                if on && !kind.offered {
                    return Err(StoreError::NeverSearched { kind: name.clone() });
                }
                let sql = "UPDATE kinds SET off = ?3 WHERE connection = ?1 AND name = ?2";
                tx.execute(sql, params![connection, name, !on])?;
            }
            bump_generation(tx)
        })
    }

    pub fn index_mode(&self, connection: ConnectionId) -> Result<IndexMode, StoreError> {
        self.read("read what is searched", |tx| mode(tx, connection))
    }

    /// What was chosen stays chosen, whichever mode there is.
    pub fn set_index_mode(&self, connection: ConnectionId, mode: IndexMode) -> Result<(), StoreError> {
        self.write("change what is searched", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE connections SET index_mode = ?2 WHERE id = ?1";
            tx.execute(sql, params![connection, mode.as_str()])?;
            bump_generation(tx)
        })
    }

    /// Chooses an item of any connection; choosing it again may add or take away what is below it.
    pub fn choose(&self, num: ItemNum, with_descendants: bool) -> Result<(), StoreError> {
        self.write("choose an item", |tx| {
            let sql = "INSERT OR REPLACE INTO chosen (item_num, descendants) VALUES (?1, ?2)";
            tx.execute(sql, params![num, with_descendants])?;
            bump_generation(tx)
        })
    }

    /// Takes a choice back, and says whether there was one.
    pub fn unchoose(&self, num: ItemNum) -> Result<bool, StoreError> {
        self.write("take a choice back", |tx| {
            let was_chosen = tx.execute("DELETE FROM chosen WHERE item_num = ?1", [num])? > 0;
            if was_chosen {
                bump_generation(tx)?;
            }
            Ok(was_chosen)
        })
    }

    /// Whether an item was chosen, and with what is below it.
    pub fn choice(&self, num: ItemNum) -> Result<Option<bool>, StoreError> {
        self.read("look whether an item was chosen", |tx| {
            let sql = "SELECT descendants FROM chosen WHERE item_num = ?1";
            Ok(tx.prepare_cached(sql)?.query_row([num], |row| row.get(0)).optional()?)
        })
    }

    /// What was chosen of a connection, by id.
    pub fn chosen(&self, connection: ConnectionId) -> Result<Vec<Chosen>, StoreError> {
        self.read("list what was chosen", |tx| {
            let sql = "SELECT i.num, i.id, i.title, i.kind, c.descendants
                       FROM chosen c JOIN items i ON i.num = c.item_num WHERE i.connection = ?1 ORDER BY i.id";
            let mut statement = tx.prepare_cached(sql)?;
            let rows = statement.query_map([connection], |row| {
                Ok(Chosen {
                    num: row.get(0)?,
                    id: row.get(1)?,
                    title: row.get(2)?,
                    kind: row.get(3)?,
                    with_descendants: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Which items of a connection are searched, as rows to be put together.
    pub fn search_rows(&self, connection: ConnectionId) -> Result<SearchRows, StoreError> {
        self.read("read what is searched", |tx| {
            let mut rows = SearchRows { mode: mode(tx, connection)?, ..SearchRows::default() };
            let sql = "SELECT c.item_num, c.descendants FROM chosen c JOIN items i ON i.num = c.item_num
                       WHERE i.connection = ?1 AND i.present = 1";
            let mut statement = tx.prepare_cached(sql)?;
            let chosen = statement.query_map([connection], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.chosen = chosen.collect::<Result<_, _>>()?;
            let sql = "SELECT name FROM kinds WHERE connection = ?1 AND (off = 1 OR searched = 0) ORDER BY place, name";
            let mut statement = tx.prepare_cached(sql)?;
            let off = statement.query_map([connection], |row| row.get(0))?;
            for name in off.collect::<Result<Vec<String>, _>>()? {
                // Answered from the index alone; see `items_by_kind` in the schema.
                let sql = "SELECT num FROM items INDEXED BY items_by_kind
                           WHERE connection = ?1 AND kind = ?2 AND present = 1";
                let mut statement = tx.prepare_cached(sql)?;
                let off = statement.query_map(params![connection, name], |row| row.get(0))?;
                for num in off {
                    rows.items_off.push(num?);
                }
                rows.kinds_off.push(name);
            }
            Ok(rows)
        })
    }
}

fn mode(tx: &Transaction<'_>, connection: ConnectionId) -> Result<IndexMode, StoreError> {
    let sql = "SELECT index_mode FROM connections WHERE id = ?1";
    let mode: Option<String> =
        tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0)).optional()?;
    match mode.as_deref() {
        Some("everything") => Ok(IndexMode::Everything),
        Some("manual") => Ok(IndexMode::Manual),
        Some(other) => Err(StoreError::unreadable("an index mode", other)),
        None => Err(StoreError::ConnectionGone { connection }),
    }
}

fn kinds(tx: &Transaction<'_>, connection: ConnectionId) -> Result<Vec<SearchedKind>, StoreError> {
    let sql =
        "SELECT name, title, family, searched, off, inherits FROM kinds WHERE connection = ?1 AND gone = 0
             ORDER BY place, name";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([connection], |row| {
        let (offered, off): (bool, bool) = (row.get(3)?, row.get(4)?);
        let (name, title, family) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(SearchedKind { name, title, family, offered, on: offered && !off, inherits: row.get(5)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Kind};
    use crate::store::testing::{Fixture, fixture, page, space, upsert};
    use crate::store::{IndexMode, SearchRows, StoreError};

    fn kind(name: &str, searched: bool) -> Kind {
        Kind {
            name: name.into(),
            title: format!("{name}s"),
            family: "Pages".into(),
            searched,
            inherits: false,
            widens: false,
        }
    }

    fn described() -> Fixture {
        let site = fixture();
        site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1"))]);
        let kinds = [kind("space", false), kind("page", true)];
        site.store.keep_kinds(site.connection, &kinds).unwrap();
        site
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_was_turned_off_stays_off_when_the_connector_describes_itself_again() {
        let site = described();
        let store = &site.store;
        store.switch_kinds(site.connection, &names(&["page"]), false).unwrap();
        let generation = store.generation().unwrap();
        store.keep_kinds(site.connection, &[kind("space", false), kind("page", true)]).unwrap();
        assert_eq!(store.generation().unwrap(), generation, "nothing differs");
        store.keep_kinds(site.connection, &[kind("page", true), kind("blogpost", true)]).unwrap();
        assert_eq!(store.generation().unwrap(), generation + 1);
        let kinds = store.kinds(site.connection).unwrap();
        let told: Vec<_> = kinds.iter().map(|kind| (kind.name.as_str(), kind.offered, kind.on)).collect();
        assert_eq!(told, [("page", true, false), ("blogpost", true, true)]);
    }

    #[test]
    fn a_kind_that_was_turned_off_is_off_when_its_connector_brings_it_back() {
        let site = described();
        let store = &site.store;
        store.switch_kinds(site.connection, &names(&["page"]), false).unwrap();
        store.keep_kinds(site.connection, &[kind("space", false)]).unwrap();
        let listed = || store.kinds(site.connection).unwrap().into_iter().map(|kind| (kind.name, kind.on));
        assert_eq!(listed().collect::<Vec<_>>(), [("space".to_owned(), false)]);
        let off = store.search_rows(site.connection).unwrap().kinds_off;
        assert_eq!(off, ["space", "page"], "items of the kind may still be there");
        let unknown = store.switch_kinds(site.connection, &names(&["page"]), true).unwrap_err();
        assert!(matches!(unknown, StoreError::UnknownKind { .. }));
        store.keep_kinds(site.connection, &[kind("space", false), kind("page", true)]).unwrap();
        assert_eq!(listed().next_back(), Some(("page".to_owned(), false)));
    }

    #[test]
    fn rows_name_the_items_of_kinds_that_are_off_or_never_on() {
        let site = described();
        let rows = || site.store.search_rows(site.connection).unwrap();
        let [space, page] = ["space:1", "page:1"].map(|id| site.num(id));
        let off =
            SearchRows { kinds_off: names(&["space"]), items_off: vec![space], ..SearchRows::default() };
        assert_eq!(rows(), off);
        let generation = site.store.generation().unwrap();
        site.store.switch_kinds(site.connection, &names(&["page"]), false).unwrap();
        assert_eq!(rows().items_off, [space, page]);
        site.store.switch_kinds(site.connection, &names(&["page"]), true).unwrap();
        assert_eq!(rows(), off);
        assert_eq!(site.store.generation().unwrap(), generation + 2);
    }

    #[test]
    fn kinds_that_cannot_be_switched_are_told_and_none_is_switched() {
        let site = described();
        let on = |kinds: &[&str], on| site.store.switch_kinds(site.connection, &names(kinds), on);
        let refusals = [on(&["page", "pgae"], false), on(&["space"], true)];
        assert!(matches!(refusals[1], Err(StoreError::NeverSearched { .. })));
        let words = refusals.map(|refusal| refusal.unwrap_err().to_string()).join("\n");
        insta::assert_snapshot!(words, @"
        there is no kind `pgae`; there are: space, page
        items of the kind `space` only hold others and are never found, so there is nothing to turn on
        ");
        assert!(site.store.kinds(site.connection).unwrap()[1].on);
    }

    #[test]
    fn what_is_chosen_stays_chosen_through_modes_and_absence() {
        let site = described();
        let num = site.num("page:1");
        site.store.choose(num, false).unwrap();
        site.store.choose(num, true).unwrap();
        site.store.set_index_mode(site.connection, IndexMode::Manual).unwrap();
        let rows = || site.store.search_rows(site.connection).unwrap();
        assert_eq!((rows().mode, rows().chosen), (IndexMode::Manual, vec![(num, true)]));
        site.answers(&[Change::Delete("page:1".into())]);
        assert_eq!(rows().chosen, []);
        let [gone] = &site.store.chosen(site.connection).unwrap()[..] else { panic!("not one") };
        assert_eq!((gone.id.as_str(), &gone.title), ("page:1", &None));
        site.answers(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(rows().chosen, [(num, true)]);
        assert!(site.store.unchoose(num).unwrap());
        assert!(!site.store.unchoose(num).unwrap());
        site.store.choose(num, true).unwrap();
        site.remove();
        assert_eq!(site.store.chosen(site.connection).unwrap(), []);
    }
}
