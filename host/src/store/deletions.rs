//! What complete reads left out and was not deleted: what waits for a person, since it is too much to be
//! believed, and what the source said is there.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension, Transaction, params};

use crate::model::{ConnectionId, Timestamp};

use super::patience::confirm_after;
use super::tree::LEVELS_MAX;
use super::{ItemNum, Mode, RunId, Store, StoreError, connections, runs, signed, unsigned};

/// How many items may be gone at once before a person has to say so: more than both are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct DeletionRule {
    /// Of the items that are present, in percent: 0 to 100.
    pub share: u8,
    /// So many are always believed.
    pub at_least: u64,
}

impl Default for DeletionRule {
    /// A fifth: a larger share is rather a lost permission than a site that deleted so much of itself. And
    /// fifty: a page with its comments and files.
    fn default() -> Self {
        Self { share: 20, at_least: 50 }
    }
}

/// An item that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Waiting {
    #[serde(skip)]
    pub num: ItemNum,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
    /// What it lies in at the top, as far as that is known; its own title for what lies in nothing.
    pub within: String,
    pub since: Timestamp,
    /// A person said that it stays.
    pub rejected: bool,
}

/// How many items of a kind wait in one place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WaitingGroup {
    pub within: String,
    pub kind: String,
    pub items: u64,
    /// The earliest.
    pub since: Timestamp,
    pub rejected: bool,
}

impl Waiting {
    /// Counts them by place and kind.
    pub fn groups(all: &[Self]) -> Vec<WaitingGroup> {
        let mut groups: BTreeMap<(bool, &str, &str), WaitingGroup> = BTreeMap::new();
        for one in all {
            let group =
                groups.entry((one.rejected, &one.within, &one.kind)).or_insert_with(|| WaitingGroup {
                    within: one.within.clone(),
                    kind: one.kind.clone(),
                    items: 0,
                    since: one.since,
                    rejected: one.rejected,
                });
            group.items += 1;
            group.since = group.since.min(one.since);
        }
        groups.into_values().collect()
    }
}

impl Store {
    pub fn deletion_rule(&self, connection: ConnectionId) -> Result<DeletionRule, StoreError> {
        self.read("read how much may be deleted", |tx| {
            let sql = "SELECT deletion_share, deletion_at_least FROM connections WHERE id = ?1";
            let found: Option<(Option<u8>, Option<i64>)> =
                tx.query_row(sql, [connection], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let (share, at_least) = found.ok_or(StoreError::ConnectionGone { connection })?;
            let default = DeletionRule::default();
            Ok(DeletionRule {
                share: share.unwrap_or(default.share),
                at_least: at_least.map_or(default.at_least, unsigned),
            })
        })
    }

    pub fn set_deletion_rule(&self, connection: ConnectionId, rule: DeletionRule) -> Result<(), StoreError> {
        self.write("keep how much may be deleted", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE connections SET deletion_share = ?2, deletion_at_least = ?3 WHERE id = ?1";
            tx.execute(sql, params![connection, rule.share, signed(rule.at_least)])?;
            Ok(())
        })
    }

    /// Keeps these suspects for a person to decide about. Those that wait already do so since before.
    pub fn hold(&self, connection: ConnectionId, run: RunId, ids: &[String]) -> Result<(), StoreError> {
        self.write("keep what waits for a person", |tx| {
            runs::require_open(tx, connection, run)?;
            let sql = "INSERT OR IGNORE INTO deletions (item_num, connection, run, since)
                       SELECT i.num, i.connection, r.id, r.started FROM items i JOIN runs r ON r.id = ?2
                       WHERE i.connection = ?1 AND i.id = ?3 AND i.present = 1";
            let mut statement = tx.prepare_cached(sql)?;
            for id in ids {
                statement.execute(params![connection, run, id])?;
            }
            Ok(())
        })
    }

    /// Forgets that items wait which are gone, or were mentioned since.
    pub fn forget_returned(&self, connection: ConnectionId) -> Result<(), StoreError> {
        self.write("look what waits no longer", |tx| {
            for table in ["deletions", "confirmed"] {
                let sql = format!(
                    "DELETE FROM {table} WHERE item_num IN
                         (SELECT i.num FROM items i JOIN {table} d ON d.item_num = i.num
                          WHERE i.connection = ?1 AND (i.present = 0 OR i.mentioned_run > d.run))"
                );
                tx.prepare_cached(&sql)?.execute([connection])?;
            }
            Ok(())
        })
    }

    /// Of these suspects those that are to be left alone for now: a person said that they stay, the source
    /// said a while ago that they are there, or it could not say and is asked again later.
    pub fn resting(
        &self,
        connection: ConnectionId,
        ids: &[String],
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        self.read("look which suspects are left alone", |tx| {
            let sql = "SELECT 1 FROM items i WHERE i.connection = ?1 AND i.id = ?2 AND (
                           EXISTS (SELECT 1 FROM deletions WHERE item_num = i.num AND rejected = 1)
                           OR EXISTS (SELECT 1 FROM confirmed WHERE item_num = i.num AND not_before > ?3)
                           OR EXISTS (SELECT 1 FROM failures f WHERE f.connection = i.connection AND f.id = i.id
                                          AND f.refused = 0 AND f.not_before > ?3))";
            let mut statement = tx.prepare_cached(sql)?;
            let mut resting = Vec::new();
            for id in ids {
                if statement.exists(params![connection, id, signed(now)])? {
                    resting.push(id.clone());
                }
            }
            Ok(resting)
        })
    }

    /// Remembers that the source, asked about suspects, said that these are there. Those that are not
    /// present are not remembered.
    pub fn confirmed(&self, connection: ConnectionId, run: RunId, ids: &[String]) -> Result<(), StoreError> {
        self.write("remember what is there", |tx| {
            runs::require_open(tx, connection, run)?;
            let sql = "SELECT i.num, ifnull(c.times, 0), r.started FROM items i JOIN runs r ON r.id = ?3
                           LEFT JOIN confirmed c ON c.item_num = i.num
                       WHERE i.connection = ?1 AND i.id = ?2 AND i.present = 1";
            for id in ids {
                let found: Option<(ItemNum, u32, i64)> = tx
                    .prepare_cached(sql)?
                    .query_row(params![connection, id, run], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })
                    .optional()?;
                let Some((num, times, started)) = found else { continue };
                let times = times.saturating_add(1);
                let wait = i64::try_from(confirm_after(times).as_millis()).unwrap_or(i64::MAX);
                let sql = "INSERT OR REPLACE INTO confirmed (item_num, times, run, not_before)
                           VALUES (?1, ?2, ?3, ?4)";
                let values = params![num, times, run, started.saturating_add(wait)];
                tx.prepare_cached(sql)?.execute(values)?;
            }
            Ok(())
        })
    }

    /// What waits for a person, by number. What was mentioned since it was held does not.
    pub fn waiting(&self, connection: ConnectionId) -> Result<Vec<Waiting>, StoreError> {
        self.read("list what waits for a person", |tx| {
            let sql = "SELECT i.num, i.id, i.kind, i.title, i.url, i.parent_num, d.since, d.rejected
                       FROM deletions d JOIN items i ON i.num = d.item_num
                       WHERE d.connection = ?1 AND i.present = 1 AND i.mentioned_run <= d.run ORDER BY i.num";
            let mut statement = tx.prepare_cached(sql)?;
            let mut roots = HashMap::new();
            let rows = statement.query_map([connection], |row| {
                let waiting = Waiting {
                    num: row.get(0)?,
                    id: row.get(1)?,
                    kind: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                    title: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
                    url: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                    within: String::new(),
                    since: unsigned(row.get(6)?),
                    rejected: row.get(7)?,
                };
                Ok((waiting, row.get::<_, Option<ItemNum>>(5)?))
            })?;
            let mut all = Vec::new();
            for row in rows {
                let (mut waiting, parent) = row?;
                waiting.within = match parent {
                    Some(parent) => root(tx, parent, &mut roots)?,
                    None => waiting.title.clone(),
                };
                all.push(waiting);
            }
            Ok(all)
        })
    }

    /// How many items wait for a person who has not decided yet.
    pub fn undecided(&self, connection: ConnectionId) -> Result<u64, StoreError> {
        self.read("count what waits for a person", |tx| {
            let sql = "SELECT count(*) FROM deletions d JOIN items i ON i.num = d.item_num
                       WHERE d.connection = ?1 AND d.rejected = 0 AND i.present = 1 AND i.mentioned_run <= d.run";
            Ok(unsigned(tx.prepare_cached(sql)?.query_row([connection], |row| row.get(0))?))
        })
    }

    /// A person said of everything that waits that it stays. Returns how much that was.
    pub fn reject_deletions(&self, connection: ConnectionId) -> Result<u64, StoreError> {
        self.write("reject the deletions", |tx| {
            connections::require(tx, connection)?;
            let sql = "UPDATE deletions SET rejected = 1 WHERE connection = ?1 AND rejected = 0";
            Ok(u64::try_from(tx.execute(sql, [connection])?).unwrap_or(u64::MAX))
        })
    }

    /// Begins a run that only asks about single items. It counts with the settings of the latest run that came
    /// to its end, so that the next sync still sees how they have changed since.
    pub fn begin_asking(&self, connection: ConnectionId, now: Timestamp) -> Result<RunId, StoreError> {
        let run = self.begin_run(connection, Mode::Since, now)?;
        self.write("begin a run", |tx| {
            let sql = "UPDATE runs SET settings = ifnull(
                           (SELECT settings FROM runs WHERE connection = ?2 AND id < ?1
                                AND outcome IN ('complete', 'incomplete') ORDER BY id DESC LIMIT 1), settings)
                       WHERE id = ?1";
            tx.execute(sql, params![run, connection])?;
            Ok(run)
        })
    }
}

/// The title of what an item lies in at the top, or the id of what is not known there.
pub(super) fn root(
    tx: &Transaction<'_>,
    parent: ItemNum,
    known: &mut HashMap<ItemNum, String>,
) -> Result<String, StoreError> {
    let sql = "SELECT parent_num, ifnull(title, id) FROM items WHERE num = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let (mut next, mut name, mut met) = (Some(parent), String::new(), Vec::new());
    while let Some(num) = next.filter(|num| !met.contains(num) && met.len() < LEVELS_MAX) {
        if let Some(found) = known.get(&num) {
            name.clone_from(found);
            break;
        }
        met.push(num);
        let found: Option<(Option<ItemNum>, String)> =
            statement.query_row([num], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((above, title)) = found else { break };
        (next, name) = (above, title);
    }
    known.extend(met.into_iter().map(|num| (num, name.clone())));
    Ok(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Change;
    use crate::store::testing::{Fixture, fixture, page, space, upsert};

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    /// Two pages of a space, one of them below the other.
    fn site() -> Fixture {
        let site = fixture();
        site.everything(&[
            upsert(space("space:1")),
            upsert(page("page:1", "space:1")),
            upsert(page("page:2", "page:1")),
        ]);
        site
    }

    fn waiting(site: &Fixture) -> Vec<String> {
        site.store.waiting(site.connection).unwrap().into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn what_waits_is_listed_by_place_until_it_is_mentioned_or_gone() {
        let mut site = site();
        site.next_run();
        site.store.hold(site.connection, site.run, &ids(&["page:1", "page:2", "page:9"])).unwrap();
        let all = site.store.waiting(site.connection).unwrap();
        let [group] = &Waiting::groups(&all)[..] else { panic!("{all:?}") };
        assert_eq!((group.within.as_str(), group.kind.as_str(), group.items), ("About space:1", "page", 2));

        site.next_run();
        site.answers(&[upsert(page("page:2", "page:1"))]);
        assert_eq!(waiting(&site), ["page:1"]);
        site.answers(&[Change::Delete("page:1".into())]);
        site.store.forget_returned(site.connection).unwrap();
        assert_eq!(waiting(&site), [""; 0]);
    }

    #[test]
    fn what_a_person_rejected_rests_until_it_is_mentioned() {
        let mut site = site();
        site.next_run();
        let (both, connection) = (ids(&["page:1", "page:2"]), site.connection);
        site.store.hold(connection, site.run, &both).unwrap();
        let resting = |site: &Fixture| site.store.resting(connection, &both, 9).unwrap();
        assert_eq!(resting(&site), [""; 0]);
        assert_eq!(site.store.reject_deletions(connection).unwrap(), 2);
        assert_eq!(site.store.reject_deletions(connection).unwrap(), 0);
        site.next_run();
        site.store.hold(connection, site.run, &both).unwrap();
        assert_eq!(resting(&site), both, "held again, what is rejected stays so");
        site.answers(&[upsert(page("page:2", "page:1"))]);
        site.store.forget_returned(connection).unwrap();
        assert_eq!(resting(&site), ["page:1"]);
    }

    #[test]
    fn what_was_confirmed_rests_longer_each_time() {
        let mut site = site();
        let page = ids(&["page:1"]);
        for hours in [1_u64, 6, 24, 24] {
            site.next_run();
            site.store.confirmed(site.connection, site.run, &page).unwrap();
            let until = 2 + hours * 3_600_000;
            let rests = |now| !site.store.resting(site.connection, &page, now).unwrap().is_empty();
            assert!(rests(until - 1) && !rests(until), "{hours}");
        }
    }

    #[test]
    fn the_rule_is_a_connections_own() {
        let site = site();
        let rule = || site.store.deletion_rule(site.connection).unwrap();
        assert_eq!(rule(), DeletionRule { share: 20, at_least: 50 });
        let other = DeletionRule { share: 30, at_least: 100 };
        site.store.set_deletion_rule(site.connection, other).unwrap();
        assert_eq!(rule(), other);
        assert!(site.store.deletion_rule(99).is_err());
    }
}
