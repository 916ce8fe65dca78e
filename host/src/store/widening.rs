//! Kinds whose items may be read by people who may not read what holds them, and what becomes of items that are
//! opened so and may not be (`access::overclaims`).
//!
//! The rule is kept when a statement is written, so that nobody who reads rows has to know of kinds; and once a run for
//! what was written before, since a new version of a connector may name fewer kinds.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};

use crate::model::{Access, ConnectionId};

use super::{StoreError, connections};

/// The names of the kinds that may. One that the connector no longer describes is none of them.
pub(super) fn kinds(tx: &Transaction<'_>, connection: ConnectionId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT name FROM kinds WHERE connection = ?1 AND widens = 1 AND gone = 0";
    let mut statement = tx.prepare_cached(sql)?;
    let names = statement.query_map([connection], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// That an item is opened wider than what holds it. Roots are held by nothing. Statements come first: few of
/// them open anything, and the index of items answers the rest.
const OPENED: &str = "i.access_num IN (
        SELECT num FROM accesses WHERE connection = ?1 AND (statement ->> '$.access' = 'widened'
            OR statement ->> '$.access' = 'replaced' AND i.parent_num IS NOT NULL))
    AND i.kind NOT IN (SELECT name FROM kinds WHERE connection = ?1 AND widens = 1 AND gone = 0)";

/// Shows the items that are opened wider than their kind may be to nobody, until their source is asked about them
/// again. Returns how many, by kind.
pub(super) fn shut(
    tx: &Transaction<'_>,
    connection: ConnectionId,
) -> Result<BTreeMap<String, u32>, StoreError> {
    let sql = format!(
        "SELECT i.kind, count(*) FROM items i INDEXED BY items_access
         WHERE i.connection = ?1 AND i.present = 1 AND {OPENED} GROUP BY i.kind"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let found = statement.query_map([connection], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let shut: BTreeMap<String, u32> = found.collect::<Result<_, _>>()?;
    if shut.is_empty() {
        return Ok(shut);
    }
    let unknown = connections::to_json(&Access::Unknown)?;
    tx.execute(
        "INSERT OR IGNORE INTO accesses (connection, statement) VALUES (?1, ?2)",
        params![connection, unknown],
    )?;
    // The place before, where one counts, counts beside this one and lets nobody in by itself.
    let sql = format!(
        "UPDATE items AS i SET access_num =
             (SELECT num FROM accesses WHERE connection = ?1 AND statement = ?2)
         WHERE i.connection = ?1 AND i.present = 1 AND {OPENED}"
    );
    tx.execute(&sql, params![connection, unknown])?;
    Ok(shut)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::collections::BTreeMap;

    use crate::access::{Above, Identity, principals, readable};
    use crate::model::{Access, Change, Item, Kind, Principal, Summary};
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    fn described(widening: &[&str]) -> Vec<Kind> {
        let kind = |name: &str| Kind {
            name: name.into(),
            title: name.into(),
            family: "F".into(),
            searched: true,
            inherits: false,
            widens: widening.contains(&name),
        };
        ["space", "page", "place"].map(kind).to_vec()
    }

    /// A space for nobody, and a store that was told which kinds widen.
    fn site(widening: &[&str]) -> Fixture {
        let site = fixture();
        site.store.keep_kinds(site.connection, &described(widening)).unwrap();
        site.everything(&[upsert(Item { access: Access::Replaced(vec![]), ..space("space:1") })]);
        site
    }

    fn anyone() -> Vec<Principal> {
        vec![Principal::Anyone]
    }

    fn opened(id: &str, parent: Option<&str>, access: Access) -> Item {
        Item { parent: parent.map(str::to_owned), access, ..page(id, "") }
    }

    fn seen(id: &str, parent: Option<&str>, access: Option<Access>) -> Change {
        Change::Seen(Summary {
            id: id.into(),
            parent: parent.map(str::to_owned),
            version: "1".into(),
            access,
        })
    }

    /// What is stated of an item, and whether a stranger may read it.
    fn stated(site: &Fixture, id: &str) -> (Access, bool) {
        let chain = site.store.chain(site.num(id)).unwrap();
        let down = chain.iter().rev().fold(Above::Nothing, |above, level| {
            let named = Identity::default().is_any(principals(&level.access));
            Above::Parent { readable: readable(&level.access, above, named) }
        });
        (chain[0].access.clone(), down == Above::Parent { readable: true })
    }

    #[test]
    fn what_claims_more_readers_than_its_kind_may_have_is_shown_to_nobody_and_told() {
        let site = site(&[]);
        let applied = site.answers(&[
            upsert(opened("page:1", Some("space:1"), Access::Widened(anyone()))),
            upsert(opened("page:2", Some("space:1"), Access::Replaced(anyone()))),
            upsert(opened("page:3", None, Access::Widened(anyone()))),
            upsert(opened("page:4", Some("space:1"), Access::Narrowed(anyone()))),
            upsert(opened("page:5", None, Access::Replaced(anyone()))),
        ]);
        assert_eq!(applied.overclaimed, BTreeMap::from([("page".to_owned(), 3)]));
        for id in ["page:1", "page:2", "page:3"] {
            assert_eq!(stated(&site, id), (Access::Unknown, false), "{id}");
        }
        assert_eq!(stated(&site, "page:4"), (Access::Narrowed(anyone()), false), "narrowed below nobody");
        assert_eq!(stated(&site, "page:5"), (Access::Replaced(anyone()), true), "a root");
    }

    #[test]
    fn a_kind_that_widens_may() {
        let site = site(&["page"]);
        let applied = site.answers(&[upsert(opened("page:1", Some("space:1"), Access::Widened(anyone())))]);
        assert_eq!((applied.overclaimed.len(), stated(&site, "page:1").1), (0, true));
    }

    #[test]
    fn a_summary_is_held_to_the_kind_that_the_item_was_read_as() {
        let site = site(&[]);
        site.answers(&[upsert(page("page:1", "space:1")), upsert(page("page:2", "space:1"))]);
        let wide = [Access::Widened(anyone()), Access::Replaced(anyone())];
        let told = wide.map(|access| seen("page:1", Some("space:1"), Some(access)));
        for change in told {
            let applied = site.answers(&[change]);
            assert_eq!(applied.overclaimed, BTreeMap::from([("page".to_owned(), 1)]));
            assert_eq!(stated(&site, "page:1"), (Access::Unknown, false));
        }
        // Of an item that was never read nothing is kept but that it is to be read.
        site.answers(&[seen("page:9", Some("space:1"), Some(Access::Widened(anyone())))]);
        assert!(!stated(&site, "page:9").1);
    }

    #[test]
    fn a_root_that_is_moved_below_something_takes_no_readers_along() {
        let site = site(&[]);
        site.answers(&[upsert(opened("page:1", None, Access::Replaced(anyone())))]);
        assert!(stated(&site, "page:1").1);
        let applied = site.answers(&[seen("page:1", Some("space:1"), None)]);
        assert_eq!(applied.overclaimed.len(), 1);
        assert_eq!(stated(&site, "page:1"), (Access::Unknown, false));
    }

    #[test]
    fn an_item_whose_kind_is_not_described_is_opened_to_nobody() {
        let site = site(&["page"]);
        site.answers(&[upsert(page("page:1", "space:1"))]);
        let strange = Item {
            kind: "unheard-of".into(),
            ..opened("page:1", Some("space:1"), Access::Widened(anyone()))
        };
        let applied = site.answers(&[upsert(strange)]);
        assert_eq!((applied.refused.len(), applied.overclaimed.len()), (1, 0));
        assert_eq!(stated(&site, "page:1"), (Access::Unknown, false));
    }

    #[test]
    fn what_an_earlier_version_opened_is_shut_when_its_kind_widens_no_more() {
        let site = site(&["page"]);
        let wide = || upsert(opened("page:1", Some("space:1"), Access::Widened(anyone())));
        site.answers(&[wide(), upsert(opened("page:2", None, Access::Replaced(anyone())))]);
        let generation = site.store.generation().unwrap();
        let keep = |kinds: &[Kind]| site.store.keep_kinds(site.connection, kinds).unwrap();
        assert_eq!(keep(&described(&[])), BTreeMap::from([("page".to_owned(), 1)]));
        assert_eq!(stated(&site, "page:1"), (Access::Unknown, false));
        assert!(stated(&site, "page:2").1, "roots are as they were");
        assert!(site.store.generation().unwrap() > generation, "sets of what may be read are made anew");
        assert_eq!(keep(&described(&[])), BTreeMap::new(), "once");

        // A kind that is described no more is none that widens, and one that widens again has its items told anew.
        keep(&described(&["page"]));
        site.answers(&[wide()]);
        assert!(stated(&site, "page:1").1);
        let rest: Vec<Kind> = described(&[]).into_iter().filter(|kind| kind.name != "page").collect();
        assert_eq!(keep(&rest).len(), 1);
        assert!(!stated(&site, "page:1").1);
    }
}
