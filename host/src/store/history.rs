//! What became of an item, run by run. It is written in the transaction of the change itself, and tells nothing of
//! what the item says.

use rusqlite::params;

use crate::model::{ConnectionId, Timestamp};

use super::apply::Applying;
use super::{ItemNum, RunId, Store, StoreError, unsigned};

/// Entries kept of one item: what is edited every day shows some weeks, and costs a page of the file at most.
const KEPT_MAX: u32 = 50;

/// What a run learned of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// It was read for the first time.
    Added,
    /// It was gone and is back.
    Returned,
    /// Title, words, file or properties differ.
    Changed,
    /// Something else holds it.
    Moved,
    /// It states other readers.
    Access,
    /// The source has put it out of use.
    Archived,
    /// It went to the source's bin.
    Binned,
    Deleted,
    /// The connection's settings leave it out.
    LeftOut,
}

/// An entry of an item's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Happening {
    pub run: RunId,
    /// When that run began.
    pub at: Timestamp,
    pub what: Happened,
}

/// An item of which nothing is kept but that it was there, or was named as a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneItem {
    pub num: ItemNum,
    /// It is in the source's bin.
    pub binned: bool,
}

impl Happened {
    const ALL: [Self; 9] = [
        Self::Added,
        Self::Returned,
        Self::Changed,
        Self::Moved,
        Self::Access,
        Self::Archived,
        Self::Binned,
        Self::Deleted,
        Self::LeftOut,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Returned => "returned",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Access => "access",
            Self::Archived => "archived",
            Self::Binned => "binned",
            Self::Deleted => "deleted",
            Self::LeftOut => "left-out",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|what| what.as_str() == text);
        found.ok_or_else(|| StoreError::unreadable("an entry of a history", text))
    }
}

impl Store {
    /// What became of an item, the newest first: the newest fifty.
    pub fn history(&self, num: ItemNum) -> Result<Vec<Happening>, StoreError> {
        self.read("read the history of an item", |tx| {
            let sql = "SELECT run, at, what FROM history WHERE item_num = ?1 ORDER BY run DESC, what";
            let mut statement = tx.prepare_cached(sql)?;
            let mut rows = statement.query([num])?;
            let mut history = Vec::new();
            while let Some(row) = rows.next()? {
                let what = Happened::parse(&row.get::<_, String>(2)?)?;
                history.push(Happening { run: row.get(0)?, at: unsigned(row.get(1)?), what });
            }
            Ok(history)
        })
    }

    /// The item with this id, if it is known and not present.
    pub fn gone_item(&self, connection: ConnectionId, id: &str) -> Result<Option<GoneItem>, StoreError> {
        self.read("look for an item that is gone", |tx| {
            let sql = "SELECT num, binned FROM items WHERE connection = ?1 AND id = ?2 AND present = 0";
            let mut statement = tx.prepare_cached(sql)?;
            let mut rows = statement.query(params![connection, id])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            Ok(Some(GoneItem { num: row.get(0)?, binned: row.get(1)? }))
        })
    }
}

impl Applying<'_> {
    /// Notes that an item that was not present is: for the first time, or again.
    pub(super) fn note_arrival(&self, num: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO history (item_num, run, what, at)
                   SELECT ?1, ?2, CASE WHEN EXISTS (SELECT 1 FROM history WHERE item_num = ?1) THEN ?3 ELSE ?4 END, ?5";
        let (returned, added) = (Happened::Returned.as_str(), Happened::Added.as_str());
        self.tx.prepare_cached(sql)?.execute(params![num, self.run, returned, added, self.began])?;
        Ok(())
    }

    /// Notes what happened to an item, once a run.
    pub(super) fn note_happening(&self, num: i64, what: Happened) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO history (item_num, run, what, at) VALUES (?1, ?2, ?3, ?4)";
        self.tx.prepare_cached(sql)?.execute(params![num, self.run, what.as_str(), self.began])?;
        let sql = "DELETE FROM history WHERE item_num = ?1 AND (run, what) <=
                       (SELECT run, what FROM history WHERE item_num = ?1
                        ORDER BY run DESC, what DESC LIMIT 1 OFFSET ?2)";
        self.tx.prepare_cached(sql)?.execute(params![num, KEPT_MAX])?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Access, Change, Item};
    use crate::store::testing::{Fixture, fixture, page, seen, space, upsert};

    /// What became of an item, the newest run first.
    fn told(site: &Fixture, id: &str) -> Vec<(RunId, &'static str)> {
        let history = site.store.history(site.num(id)).unwrap();
        history.into_iter().map(|one| (one.run, one.what.as_str())).collect()
    }

    fn site() -> Fixture {
        let site = fixture();
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("page:2", "page:1")),
        ]);
        site
    }

    #[test]
    fn each_run_tells_what_it_learned_once() {
        let mut site = site();
        assert_eq!(told(&site, "page:1"), [(1, "added")]);
        site.next_run();
        site.everything(&[upsert(page("page:1", "space:1")), seen("page:2", "page:1", "1")]);
        assert_eq!(told(&site, "page:1"), [(1, "added")], "nothing is new about it");
        let edited = |title: &str| Item { title: title.into(), ..page("page:1", "space:1") };
        site.answers(&[upsert(edited("A")), upsert(edited("B"))]);
        assert_eq!(told(&site, "page:1"), [(2, "changed"), (1, "added")]);
        site.next_run();
        let open = Item { access: Access::Unknown, ..page("page:2", "space:1") };
        site.answers(&[upsert(open)]);
        assert_eq!(told(&site, "page:2"), [(3, "access"), (3, "moved"), (1, "added")]);
        let archived = vec![("status".to_owned(), "archived".to_owned())];
        site.next_run();
        site.answers(&[upsert(Item { properties: archived, ..edited("B") })]);
        assert_eq!(told(&site, "page:1")[..2], [(4, "archived"), (4, "changed")]);
        assert_eq!(site.store.history(site.num("page:1")).unwrap()[0].at, 2);
    }

    #[test]
    fn what_is_gone_says_so_and_what_comes_back_too() {
        let mut site = site();
        site.next_run();
        site.answers(&[Change::Delete("page:2".into()), Change::Binned("page:1".into())]);
        assert_eq!(told(&site, "page:2")[0], (2, "deleted"));
        assert_eq!(told(&site, "page:1")[0], (2, "binned"));
        let gone = |id: &str| site.store.gone_item(site.connection, id).unwrap().map(|gone| gone.binned);
        assert_eq!(
            ["page:1", "page:2", "space:1", "page:9"].map(gone),
            [Some(true), Some(false), None, None]
        );
        site.next_run();
        site.answers(&[upsert(page("page:1", "space:1")), upsert(page("page:2", "page:1"))]);
        assert_eq!((told(&site, "page:1")[0], told(&site, "page:2")[0]), ((3, "returned"), (3, "returned")));
        site.next_run();
        site.store.leave_out(site.connection, site.run, &["page:2".to_owned()]).unwrap();
        assert_eq!(told(&site, "page:2")[0], (4, "left-out"));
        site.remove();
        assert_eq!(site.store.history(2).unwrap(), []);
    }

    #[test]
    fn the_newest_are_kept() {
        let mut site = site();
        for edit in 0..KEPT_MAX + 10 {
            site.next_run();
            site.answers(&[upsert(Item { title: format!("{edit}"), ..page("page:1", "space:1") })]);
        }
        let history = told(&site, "page:1");
        assert_eq!((history.len(), history[0]), (KEPT_MAX as usize, (site.run, "changed")));
        assert_eq!(told(&site, "page:2"), [(1, "added")]);
    }
}
