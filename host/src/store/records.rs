//! Everything that was read, as a list: the sets of items that a filter leaves, and lines of them, the newest first.
//!
//! Each filter is a set of numbers that an index answers by itself. Their intersection is then either small enough
//! to be looked at one by one, or so large that the next lines are near in the order of time.

use std::collections::HashMap;

use rusqlite::{Transaction, params};

use crate::access::NumSet;
use crate::model::{ConnectionId, Timestamp};

use super::deletions::root;
use super::files::STATE;
use super::{ItemNum, Store, StoreError, signed, unsigned};

/// Sets up to this size are read item by item: some milliseconds.
const SMALL_MAX: usize = 3_000;

const WITH_PROPERTY: &str = "SELECT item_num FROM properties WHERE name = ?1 AND value = ?2 COLLATE NOCASE";

const WITH_TITLE: &str = r"SELECT num FROM items INDEXED BY items_by_parent
    WHERE present = 1 AND title LIKE ?1 ESCAPE '\'";

/// The pair alone would not make SQLite begin in the midst of the index, since the time is an expression there.
const BY_TIME: &str = "SELECT num FROM items INDEXED BY items_by_time
    WHERE present = 1 AND ifnull(updated, 0) BETWEEN ?3 AND ?1 AND (ifnull(updated, 0), num) < (?1, ?2)
    ORDER BY ifnull(updated, 0) DESC, num DESC";

/// An item as the list of records shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    pub num: ItemNum,
    pub connection: ConnectionId,
    pub connection_name: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
    pub updated: Option<Timestamp>,
    /// The title of what holds it at the top; None for what lies in nothing.
    pub within: Option<String>,
    /// How its file stands: `words`, `waiting`, or the short name of the reason why it has no words.
    pub file: Option<String>,
    /// Its words are shown to nobody yet.
    pub withheld: bool,
    /// The index has not taken it in yet.
    pub waits: bool,
}

/// A place in the order of time: what comes after it was updated earlier, or then and was met earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Newest {
    /// 0 for an item that has no time.
    pub updated: Timestamp,
    pub num: ItemNum,
}

/// When items were updated last. One that has no time is in no span but the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Timestamp>,
    /// The first moment after it.
    pub before: Option<Timestamp>,
}

impl Span {
    fn is_whole(self) -> bool {
        self.from.is_none() && self.before.is_none()
    }

    /// The earliest time in it, and the first after it; 0 stands for items without one.
    fn bounds(self) -> (Timestamp, Timestamp) {
        let from = self.from.unwrap_or(0).max(u64::from(!self.is_whole()));
        (from, self.before.unwrap_or(Timestamp::MAX))
    }
}

impl Store {
    /// The present items of a kind, at one connection or at all.
    pub fn nums_of_kind(&self, connection: Option<ConnectionId>, kind: &str) -> Result<NumSet, StoreError> {
        let sql = "SELECT i.num FROM connections c CROSS JOIN items i INDEXED BY items_by_kind
                       ON i.connection = c.id AND i.kind = ?2 AND i.present = 1
                   WHERE (?1 IS NULL OR c.id = ?1) AND c.removing IS NULL";
        self.read("list the items of a kind", |tx| nums(tx, sql, params![connection, kind]))
    }

    /// The present items with a property of this value, in capitals or not.
    pub fn nums_with_property(&self, name: &str, value: &str) -> Result<NumSet, StoreError> {
        self.read("list the items with a property", |tx| nums(tx, WITH_PROPERTY, params![name, value]))
    }

    /// The present items in whose title this stands, in capitals or not. Looks through all titles.
    pub fn nums_with_title(&self, part: &str) -> Result<NumSet, StoreError> {
        let pattern = format!("%{}%", part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_"));
        self.read("look through the titles", |tx| nums(tx, WITH_TITLE, params![pattern]))
    }

    /// The items that the index has not taken in yet.
    pub fn nums_in_outbox(&self) -> Result<NumSet, StoreError> {
        self.read("read the outbox", |tx| nums(tx, "SELECT item_num FROM outbox", params![]))
    }

    /// The present items whose file was not looked at yet, or whose file has no words.
    pub fn nums_of_files(&self, waiting: bool) -> Result<NumSet, StoreError> {
        let sql = if waiting {
            "SELECT i.num FROM items i INDEXED BY items_with_file LEFT JOIN files f ON f.item_num = i.num
             WHERE i.present = 1 AND i.file_link IS NOT NULL
                 AND (f.item_num IS NULL OR f.link <> i.file_link OR f.version <> i.version)"
        } else {
            "SELECT i.num FROM files f INDEXED BY files_without_words
                 JOIN items i ON i.num = f.item_num AND i.present = 1 AND f.link = i.file_link AND f.version = i.version
             WHERE f.reason IS NOT NULL"
        };
        self.read("look how files stand", |tx| nums(tx, sql, params![]))
    }

    /// Lines of the items that are in both the set and the span, the newest first, from the one after `after`: as
    /// many as `limit`. Whatever changes meanwhile comes before what was listed already, so that nothing else is
    /// told twice or missed.
    pub fn newest(
        &self,
        within: &NumSet,
        span: Span,
        after: Option<Newest>,
        limit: u32,
    ) -> Result<Vec<RecordLine>, StoreError> {
        self.read("list records", |tx| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let nums = match within.len() {
                0..=SMALL_MAX => one_by_one(tx, within, span, after, limit)?,
                _ => by_time(tx, within, span, after, limit)?,
            };
            lines(tx, &nums)
        })
    }

    /// The line of one item; None if it is gone.
    pub fn record_line(&self, num: ItemNum) -> Result<Option<RecordLine>, StoreError> {
        self.read("read a record", |tx| Ok(lines(tx, &[num])?.pop()))
    }
}

impl RecordLine {
    /// Its place in the order of time.
    #[must_use]
    pub fn place(&self) -> Newest {
        Newest { updated: self.updated.unwrap_or(0), num: self.num }
    }
}

fn nums(tx: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> Result<NumSet, StoreError> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| row.get(0))?;
    Ok(rows.collect::<Result<NumSet, _>>()?)
}

fn one_by_one(
    tx: &Transaction<'_>,
    within: &NumSet,
    span: Span,
    after: Option<Newest>,
    limit: usize,
) -> Result<Vec<ItemNum>, StoreError> {
    let (from, before) = span.bounds();
    let mut statement =
        tx.prepare_cached("SELECT ifnull(updated, 0) FROM items WHERE num = ?1 AND present = 1")?;
    let mut places = Vec::new();
    for num in within.iter() {
        let mut rows = statement.query([num])?;
        let Some(row) = rows.next()? else { continue };
        let place = Newest { updated: unsigned(row.get(0)?), num };
        if (from..before).contains(&place.updated) && after.is_none_or(|after| place < after) {
            places.push(place);
        }
    }
    places.sort_unstable_by(|one, other| other.cmp(one));
    Ok(places.into_iter().take(limit).map(|place| place.num).collect())
}

fn by_time(
    tx: &Transaction<'_>,
    within: &NumSet,
    span: Span,
    after: Option<Newest>,
    limit: usize,
) -> Result<Vec<ItemNum>, StoreError> {
    let (from, before) = span.bounds();
    let start = Newest { updated: before, num: 0 };
    let start = after.map_or(start, |after| after.min(start));
    let mut statement = tx.prepare_cached(BY_TIME)?;
    let mut rows = statement.query(params![signed(start.updated), start.num, signed(from)])?;
    let mut nums = Vec::new();
    while nums.len() < limit {
        let Some(row) = rows.next()? else { break };
        let num = row.get(0)?;
        if within.contains(num) {
            nums.push(num);
        }
    }
    Ok(nums)
}

/// The lines of these items, in that order. Those that are gone meanwhile are left out.
pub(super) fn lines(tx: &Transaction<'_>, nums: &[ItemNum]) -> Result<Vec<RecordLine>, StoreError> {
    let sql = format!(
        "SELECT i.num, i.connection, c.name, i.id, i.kind, i.title, i.url, i.updated, i.parent_num, {STATE},
             i.words_run IS NOT NULL, EXISTS (SELECT 1 FROM outbox WHERE item_num = i.num)
         FROM items i JOIN connections c ON c.id = i.connection AND c.removing IS NULL
             LEFT JOIN files f ON f.item_num = i.num
         WHERE i.num = ?1 AND i.present = 1"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    // Most of them share what is above them.
    let mut roots = HashMap::new();
    let mut lines = Vec::with_capacity(nums.len());
    for num in nums {
        let mut rows = statement.query([num])?;
        let Some(row) = rows.next()? else { continue };
        let within = match row.get(8)? {
            Some(parent) => Some(root(tx, parent, &mut roots)?),
            None => None,
        };
        lines.push(RecordLine {
            num: *num,
            connection: row.get(1)?,
            connection_name: row.get(2)?,
            id: row.get(3)?,
            kind: row.get(4)?,
            title: row.get(5)?,
            url: row.get(6)?,
            updated: row.get::<_, Option<i64>>(7)?.map(unsigned),
            within,
            file: row.get(9)?,
            withheld: row.get(10)?,
            waits: row.get(11)?,
        });
    }
    Ok(lines)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Change, Item};
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    /// A space without a time, and pages that were updated in the order of their numbers.
    fn site(pages: u64) -> Fixture {
        let site = fixture();
        let mut changes = vec![upsert(Item { updated: None, ..space("space:1") })];
        changes.extend((1..=pages).map(|at| upsert(updated(&format!("page:{at}"), at * 10))));
        site.everything(&changes);
        site
    }

    fn updated(id: &str, at: Timestamp) -> Item {
        Item { updated: Some(at), ..page(id, "space:1") }
    }

    fn all(site: &Fixture) -> NumSet {
        let rows = site.store.access_rows(site.connection).unwrap();
        rows.nodes.iter().map(|(num, ..)| *num).collect()
    }

    fn ids(lines: &[RecordLine]) -> Vec<&str> {
        lines.iter().map(|line| line.id.as_str()).collect()
    }

    #[test]
    fn the_newest_come_first_and_what_has_no_time_last() {
        let site = site(4);
        let all = all(&site);
        let list = |span, after, limit| site.store.newest(&all, span, after, limit).unwrap();
        let first = list(Span::default(), None, 3);
        assert_eq!(ids(&first), ["page:4", "page:3", "page:2"]);
        assert_eq!((first[0].within.as_deref(), first[0].waits), (Some("About space:1"), true));
        assert_eq!(ids(&list(Span::default(), Some(first[2].place()), 9)), ["page:1", "space:1"]);
        let span = |from, before| Span { from, before };
        assert_eq!(ids(&list(span(Some(20), Some(40)), None, 9)), ["page:3", "page:2"]);
        assert_eq!(ids(&list(span(None, Some(20)), None, 9)), ["page:1"], "the space is in no span");
        assert_eq!(ids(&list(span(Some(40), None), Some(first[0].place()), 9)), [""; 0]);
    }

    #[test]
    fn large_sets_and_small_ones_are_listed_alike() {
        let pages = SMALL_MAX as u64 + 50;
        let site = site(pages);
        let large = all(&site);
        let few: NumSet = large.iter().take(500).collect();
        let from = Newest { updated: 3_000, num: site.num("page:300") };
        for span in [Span::default(), Span { from: Some(2_000), before: Some(2_500) }] {
            let listed = |set: &NumSet| site.store.newest(set, span, Some(from), 400).unwrap();
            let (long, short) = (listed(&large), listed(&few));
            assert_eq!(ids(&long), ids(&short));
            assert!(long.len() >= 50, "{}", long.len());
        }
    }

    #[test]
    fn pages_of_a_list_stay_in_step_while_rows_change() {
        let mut site = site(30);
        let all = all(&site);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let lines = site.store.newest(&all, Span::default(), after, 4).unwrap();
            let Some(last) = lines.last() else { break };
            after = Some(last.place());
            seen.extend(lines.iter().map(|line| line.id.clone()));
            if seen.len() == 8 {
                site.next_run();
                let edited = Item { title: "Later".into(), ..updated("page:2", 999) };
                site.answers(&[
                    upsert(edited),
                    Change::Delete("page:23".into()),
                    Change::Delete("page:20".into()),
                ]);
            }
        }
        let expected =
            (1..=30).rev().filter(|page| ![2, 20].contains(page)).map(|page| format!("page:{page}"));
        assert_eq!(seen, expected.chain(["space:1".to_owned()]).collect::<Vec<_>>());
    }

    #[test]
    fn each_filter_is_a_set() {
        let site = site(3);
        let labelled = vec![("label".to_owned(), "Rare".to_owned())];
        site.answers(&[
            upsert(Item {
                title: "100 % of ENG_1".into(),
                properties: labelled,
                ..page("page:1", "space:1")
            }),
            upsert(Item { title: "100 years".into(), ..page("page:2", "space:1") }),
            Change::Delete("page:3".into()),
        ]);
        let store = &site.store;
        let nums = |ids: &[&str]| ids.iter().map(|id| site.num(id)).collect::<NumSet>();
        assert_eq!(store.nums_of_kind(None, "page").unwrap(), nums(&["page:1", "page:2"]));
        assert_eq!(store.nums_of_kind(Some(99), "page").unwrap(), NumSet::new());
        assert_eq!(store.nums_with_property("label", "rare").unwrap(), nums(&["page:1"]));
        let titled = |part: &str| store.nums_with_title(part).unwrap();
        assert_eq!(titled("100"), nums(&["page:1", "page:2"]));
        assert_eq!(
            [titled("% of"), titled("eng_"), titled("g%1")],
            [nums(&["page:1"]), nums(&["page:1"]), NumSet::new()]
        );
        assert_eq!(store.nums_in_outbox().unwrap(), nums(&["space:1", "page:1", "page:2", "page:3"]));
        site.clear_outbox();
        assert_eq!(store.nums_in_outbox().unwrap(), NumSet::new());
    }

    /// A plan that sorts, or that reads the table where an index would do, is noticed only in a large store.
    #[test]
    fn lists_and_sets_are_answered_from_indexes_alone() {
        let site = fixture();
        let plan = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> String {
            let explain = |tx: &Transaction<'_>| {
                let mut statement = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let rows = statement.query_map(values, |row| row.get::<_, String>(3))?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
            };
            site.store.read("test", explain).unwrap()
        };
        let plans =
            [plan(BY_TIME, &[&1, &1, &1]), plan(WITH_TITLE, &[&"a"]), plan(WITH_PROPERTY, &[&"a", &"b"])];
        insta::assert_snapshot!(plans.join("\n"), @"
        SEARCH items USING COVERING INDEX items_by_time (<expr>>? AND <expr><?)
        SCAN items USING COVERING INDEX items_by_parent
        SEARCH properties USING COVERING INDEX properties_by_value (name=? AND value=?)
        ");
    }
}
