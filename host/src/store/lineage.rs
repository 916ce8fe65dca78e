//! What was kept of items and of what holds them, for a connector to judge by.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{ConnectionId, Lineage, Outline};

use super::tree::LEVELS_MAX;
use super::{Store, StoreError, unsigned};

impl Store {
    /// These items of a connection, each with what holds it, from the nearest to the root.
    /// Those that are not present are left out.
    ///
    /// A holder that was never read or was deleted is told with its id and an empty kind,
    /// and nothing is above it: a connector sees where its knowledge ends.
    pub fn lineages(&self, connection: ConnectionId, ids: &[String]) -> Result<Vec<Lineage>, StoreError> {
        self.read("read the places of items", |tx| {
            // Most of them share what is above them.
            let mut known = HashMap::new();
            let mut lineages = Vec::with_capacity(ids.len());
            let sql = "SELECT num FROM items WHERE connection = ?1 AND id = ?2 AND present = 1";
            let mut find = tx.prepare_cached(sql)?;
            for id in ids {
                let num: Option<i64> =
                    find.query_row(params![connection, id], |row| row.get(0)).optional()?;
                if let Some(num) = num {
                    lineages.extend(lineage(tx, num, &mut known)?);
                }
            }
            Ok(lineages)
        })
    }
}

/// An item's outline and the number of what holds it.
type Known = HashMap<i64, (Outline, Option<i64>)>;

fn lineage(tx: &Transaction<'_>, num: i64, known: &mut Known) -> Result<Option<Lineage>, StoreError> {
    let Some((item, mut next)) = outline(tx, num)? else { return Ok(None) };
    let (mut above, mut met) = (Vec::new(), vec![num]);
    while let Some(num) = next.filter(|num| !met.contains(num) && met.len() < LEVELS_MAX) {
        met.push(num);
        let found = match known.get(&num) {
            Some(found) => found.clone(),
            None => {
                let Some(found) = outline(tx, num)? else { break };
                known.insert(num, found.clone());
                found
            }
        };
        above.push(found.0);
        next = found.1;
    }
    Ok(Some(Lineage { item, above }))
}

fn outline(tx: &Transaction<'_>, num: i64) -> Result<Option<(Outline, Option<i64>)>, StoreError> {
    let sql = "SELECT id, ifnull(kind, ''), created, updated, parent_num FROM items WHERE num = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let found = statement.query_row([num], |row| {
        let time = |time: Option<i64>| time.map(unsigned);
        let outline = Outline {
            id: row.get(0)?,
            kind: row.get(1)?,
            created: time(row.get(2)?),
            updated: time(row.get(3)?),
            properties: Vec::new(),
        };
        Ok((outline, row.get(4)?))
    });
    let Some((mut outline, parent)) = found.optional()? else { return Ok(None) };
    let sql = "SELECT name, value FROM properties WHERE item_num = ?1 ORDER BY name, value";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([num], |row| Ok((row.get(0)?, row.get(1)?)))?;
    outline.properties = rows.collect::<Result<_, _>>()?;
    Ok(Some((outline, parent)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Change, Item, Lineage};
    use crate::store::testing::{fixture, new_connection, page, space, upsert};

    fn shape(lineage: &Lineage) -> Vec<(&str, &str)> {
        [&lineage.item].into_iter().chain(&lineage.above).map(|one| (&*one.id, &*one.kind)).collect()
    }

    #[test]
    fn a_lineage_leads_from_the_item_to_the_root() {
        let site = fixture();
        let dated = Item { created: Some(3), ..page("page:2", "page:1") };
        site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1")), upsert(dated)]);
        let ids = ["page:2", "space:1", "page:9"].map(str::to_owned);
        let told = site.store.lineages(site.connection, &ids).unwrap();
        assert_eq!(told.len(), 2, "what is not there is left out");
        assert_eq!(shape(&told[0]), [("page:2", "page"), ("page:1", "page"), ("space:1", "space")]);
        assert_eq!(shape(&told[1]), [("space:1", "space")]);
        let item = &told[0].item;
        let label = ("label".to_owned(), "new".to_owned());
        assert_eq!((item.created, item.updated, &item.properties), (Some(3), Some(5), &vec![label]));
    }

    #[test]
    fn a_holder_that_is_gone_ends_it_and_circles_end() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1")), upsert(page("page:2", "page:1"))]);
        site.answers(&[
            Change::Delete("page:1".into()),
            upsert(page("page:3", "page:4")),
            upsert(page("page:4", "page:3")),
        ]);
        let told = |id: &str| site.store.lineages(site.connection, &[id.to_owned()]).unwrap().remove(0);
        assert_eq!(shape(&told("page:2")), [("page:2", "page"), ("page:1", "")]);
        assert_eq!(shape(&told("page:3")), [("page:3", "page"), ("page:4", "page")]);
    }

    #[test]
    fn another_connection_s_items_are_not_told() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        let other = site.store.add_connection(&new_connection("beta"), 1).unwrap().id;
        assert_eq!(site.store.lineages(other, &["page:1".to_owned()]).unwrap(), []);
    }
}
