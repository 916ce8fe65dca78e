//! What was told and is not shown yet: looked through after reads, and let go when it may be ([`crate::access::settle`]).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Transaction, params};

use crate::access::{Told, settle};
use crate::model::ConnectionId;

use super::{RunId, Store, StoreError, bump_generation};

/// Descendants of one item that are worth asking about singly. Below more than these, a whole read is
/// cheaper, and the next inventory is one.
const BELOW_ASKED_MAX: usize = 200;

/// What came of looking through what waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Items that are shown from now on, or whose new readers count from now on.
    pub settled: u64,
    /// Items that go on waiting.
    pub waiting: u64,
    /// Ids of items whose readers were told too long ago for what waits since the run that was asked for.
    pub ask: BTreeSet<String>,
}

/// What waits, what is above it, and what is below what waits for its place.
const RELEVANT: &str = "WITH RECURSIVE
        waiting (num, place) AS (
            SELECT num, place_run FROM items INDEXED BY items_waiting
            WHERE connection = ?1 AND present = 1 AND (words_run IS NOT NULL OR place_run IS NOT NULL)),
        above (num) AS (
            SELECT num FROM waiting
            UNION SELECT i.parent_num FROM above a JOIN items i ON i.num = a.num WHERE i.parent_num IS NOT NULL),
        below (num) AS (
            SELECT num FROM waiting WHERE place IS NOT NULL
            UNION SELECT i.num FROM below b JOIN items i INDEXED BY items_by_parent ON i.parent_num = b.num
            WHERE i.present = 1)
    SELECT i.num, i.parent_num, i.present, i.told_run, i.words_run, i.place_run FROM items i
    WHERE i.num IN (SELECT num FROM above UNION SELECT num FROM below)";

impl Store {
    /// Shows what may be shown by now. Costs what waits and what stands above and below it.
    ///
    /// `since` says for which waiting items the answer names what should be asked about: those that
    /// wait since this run or a later one.
    pub fn settle(&self, connection: ConnectionId, since: RunId) -> Result<Settlement, StoreError> {
        self.write("show what may be shown", |tx| {
            if !waits(tx, connection)? {
                return Ok(Settlement::default());
            }
            let told = relevant(tx, connection)?;
            let settled = settle(&told, people_run(tx, connection)?);
            write(tx, &settled.words, "UPDATE items SET words_run = NULL WHERE num = ?1")?;
            write(
                tx,
                &settled.places,
                "UPDATE items SET place_run = NULL, prior_parent = NULL, prior_access = NULL WHERE num = ?1",
            )?;
            let changed = settled.words.len() + settled.places.len();
            if changed > 0 {
                bump_generation(tx)?;
            }
            let ask = to_ask(tx, &told, &settled.missing, since)?;
            Ok(Settlement { settled: changed as u64, waiting: count(tx, connection)?, ask })
        })
    }

    /// Whether anything was told that is not shown yet, or whose former readers still count.
    pub fn anything_waits(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        self.read("look for what is not shown yet", |tx| waits(tx, connection))
    }
}

fn waits(tx: &Transaction<'_>, connection: ConnectionId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM items INDEXED BY items_waiting
               WHERE connection = ?1 AND present = 1 AND (words_run IS NOT NULL OR place_run IS NOT NULL) LIMIT 1";
    Ok(tx.prepare_cached(sql)?.exists([connection])?)
}

pub(super) fn count(tx: &Transaction<'_>, connection: ConnectionId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM items INDEXED BY items_waiting
               WHERE connection = ?1 AND present = 1 AND (words_run IS NOT NULL OR place_run IS NOT NULL)";
    Ok(super::unsigned(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?))
}

fn relevant(tx: &Transaction<'_>, connection: ConnectionId) -> Result<Vec<Told>, StoreError> {
    let mut statement = tx.prepare_cached(RELEVANT)?;
    let rows = statement.query_map([connection], |row| {
        Ok(Told {
            num: row.get(0)?,
            parent: row.get(1)?,
            present: row.get(2)?,
            told: row.get(3)?,
            words: row.get(4)?,
            place: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest run in which everybody was looked at: of every partition that tells of people, a complete
/// read has come to its end that began in it or later. Where none tells of people, none are waited for.
fn people_run(tx: &Transaction<'_>, connection: ConnectionId) -> Result<RunId, StoreError> {
    let sql =
        "SELECT min(ifnull(complete_run, 0)) FROM partitions p WHERE connection = ?1 AND vanished = 0 AND (
                   EXISTS (SELECT 1 FROM users WHERE connection = ?1 AND partition_num = p.num)
                   OR EXISTS (SELECT 1 FROM groups WHERE connection = ?1 AND partition_num = p.num)
                   OR EXISTS (SELECT 1 FROM memberships WHERE connection = ?1 AND partition_num = p.num))";
    let run: Option<RunId> = tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?;
    Ok(run.unwrap_or(RunId::MAX))
}

fn write(tx: &Transaction<'_>, nums: &[u32], sql: &str) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    for num in nums {
        statement.execute([num])?;
    }
    Ok(())
}

/// The ids of what is missing above, and below where that is little, for what waits since `since`. What never has
/// readers of its own may at most be gone, and an inventory tells that of many at once.
fn to_ask(
    tx: &Transaction<'_>,
    told: &[Told],
    missing: &BTreeMap<u32, BTreeSet<u32>>,
    since: RunId,
) -> Result<BTreeSet<String>, StoreError> {
    let mut nums: BTreeSet<u32> = BTreeSet::new();
    for item in told.iter().filter(|item| item.words.max(item.place).is_some_and(|run| run >= since)) {
        let Some(missing) = missing.get(&item.num) else { continue };
        if missing.len() <= BELOW_ASKED_MAX {
            nums.extend(missing);
        }
    }
    let sql = "SELECT i.id FROM items i LEFT JOIN kinds k ON k.connection = i.connection AND k.name = i.kind
               WHERE i.num = ?1 AND ifnull(k.inherits, 0) = 0";
    let mut statement = tx.prepare_cached(sql)?;
    let mut ids = BTreeSet::new();
    for num in nums {
        ids.extend(statement.query_row(params![num], |row| row.get::<_, String>(0)).optional()?);
    }
    Ok(ids)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::access::{Forest, Identity};
    use crate::model::{Access, Change, Item, Principal, Standing};
    use crate::store::Settlement;
    use crate::store::testing::{Fixture, fixture, page, seen, space, upsert, user};

    /// A site that withholds, unlike the fixture of other tests.
    fn withholding() -> Fixture {
        Fixture { withholds: true, ..fixture() }
    }

    /// What Ada, a member, is shown.
    fn shown(site: &Fixture) -> Vec<String> {
        let rows = site.store.access_rows(site.connection).unwrap();
        let forest = Forest::with_waiting(rows.nodes, rows.statements, &rows.waiting);
        let ada = Identity { user: Some("ada".into()), member: true, ..Identity::default() };
        let readable = forest.readable(&ada);
        let ids = ["space:1", "page:1", "page:2", "page:3"];
        let told = |id: &&str| {
            site.store.items_with_id(None, id).unwrap().first().is_some_and(|it| readable.contains(it.num))
        };
        ids.into_iter().filter(told).map(str::to_owned).collect()
    }

    fn settle(site: &Fixture) -> Settlement {
        site.store.settle(site.connection, site.run).unwrap()
    }

    fn ids(ids: &[&str]) -> std::collections::BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn restricted(id: &str, parent: &str, to: &str) -> Item {
        Item { access: Access::Narrowed(vec![Principal::User(to.into())]), ..page(id, parent) }
    }

    /// Space 1 > page 1 > page 2, read in one run and settled.
    fn settled() -> Fixture {
        let mut site = withholding();
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("page:2", "page:1")),
        ]);
        assert_eq!(settle(&site), Settlement { settled: 3, ..Settlement::default() });
        site.next_run();
        site
    }

    #[test]
    fn nothing_is_shown_before_it_settled() {
        let site = withholding();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(settle(&site), Settlement { waiting: 1, ask: ids(&["space:1"]), settled: 0 });
        site.answers(&[upsert(space("space:1"))]);
        assert_eq!(shown(&site), [""; 0]);
        assert_eq!(settle(&site).settled, 2);
        assert_eq!(shown(&site), ["space:1", "page:1"]);
        assert!(!site.store.anything_waits(site.connection).unwrap());
    }

    #[test]
    fn a_page_that_was_restricted_before_its_child_was_written_hides_the_child() {
        let site = settled();
        // The feed brings a new page and an edited one; that the page above was restricted it does not tell.
        let edited = Item { title: "Salaries".into(), ..page("page:2", "page:1") };
        site.answers(&[upsert(page("page:3", "page:1")), upsert(edited)]);
        assert_eq!(shown(&site), ["space:1", "page:1"], "the edited page waits as the new one does");
        let settlement = settle(&site);
        assert_eq!((settlement.settled, settlement.ask), (0, ids(&["page:1", "space:1"])));
        site.answers(&[upsert(space("space:1")), upsert(restricted("page:1", "space:1", "bob"))]);
        assert_eq!((settle(&site).settled, shown(&site)), (2, vec!["space:1".to_owned()]));
    }

    #[test]
    fn a_restriction_that_moves_up_never_stands_open() {
        let mut site = settled();
        site.answers(&[upsert(restricted("page:2", "page:1", "bob"))]);
        assert_eq!(shown(&site), ["space:1", "page:1"], "shutting out waits for nothing");
        assert!(!site.store.anything_waits(site.connection).unwrap());
        site.next_run();
        // Now the page above is for Bob only, and this one has no restriction of its own.
        site.answers(&[upsert(page("page:2", "page:1"))]);
        assert_eq!(shown(&site), ["space:1", "page:1"]);
        assert_eq!(settle(&site).ask, ids(&["page:1", "space:1"]));
        site.answers(&[upsert(space("space:1")), upsert(restricted("page:1", "space:1", "bob"))]);
        settle(&site);
        assert_eq!(shown(&site), ["space:1"]);
    }

    #[test]
    fn a_restriction_that_moves_down_never_stands_open() {
        let mut site = settled();
        site.answers(&[upsert(restricted("page:1", "space:1", "bob"))]);
        assert_eq!(shown(&site), ["space:1"]);
        site.next_run();
        site.answers(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(shown(&site), ["space:1"], "what is below was not looked at since");
        assert_eq!(settle(&site).ask, ids(&["page:2", "space:1"]));
        site.answers(&[upsert(space("space:1")), upsert(restricted("page:2", "page:1", "bob"))]);
        assert_eq!((settle(&site).settled, shown(&site)), (1, vec!["space:1".into(), "page:1".into()]));
    }

    #[test]
    fn what_is_back_where_it_was_waits_no_more() {
        let site = settled();
        site.answers(&[upsert(page("page:2", "space:1"))]);
        assert!(site.store.anything_waits(site.connection).unwrap());
        site.answers(&[seen("page:2", "page:1", "1")]);
        assert!(!site.store.anything_waits(site.connection).unwrap());
    }

    #[test]
    fn nothing_settles_before_the_people_were_looked_at() {
        let mut site = settled();
        site.everything(&[user("ada", None, Standing::Member)]);
        site.next_run();
        site.answers(&[
            upsert(page("page:3", "page:1")),
            upsert(page("page:1", "space:1")),
            upsert(space("space:1")),
        ]);
        assert_eq!(settle(&site).settled, 0);
        site.everything(&[user("ada", None, Standing::Member)]);
        assert_eq!(settle(&site).settled, 1);
    }

    #[test]
    fn a_deleted_item_waits_for_nothing() {
        let site = settled();
        site.answers(&[upsert(page("page:3", "page:1")), Change::Delete("page:3".into())]);
        assert_eq!(settle(&site), Settlement::default());
    }
}
