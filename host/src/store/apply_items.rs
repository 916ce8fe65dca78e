//! Applying what is said of items: what each change means, decided here, written by `item_rows`.

use rusqlite::params;

use crate::model::{Failure, Item, Summary};

use super::StoreError;
use super::apply::Applying;
use super::digest::{digest, tidy_properties};
use super::failures::Why;
use super::history::Happened;
use super::item_rows::{Known, Place, is_archived};
use super::limits::{self, ITEM_ID_BYTES_MAX};

impl Applying<'_> {
    pub(super) fn upsert(&mut self, item: &Item) -> Result<(), StoreError> {
        if let Some(reason) = limits::refuse_id(&item.id, ITEM_ID_BYTES_MAX) {
            return self.refuse(item, &reason);
        }
        let place = self.place(&item.kind, item.parent.as_deref(), &item.access)?;
        if let Some(reason) = limits::refuse_content(item, self.kinds) {
            if let Some(known) = self.known(&item.id)?.filter(|known| known.present) {
                self.settle(&known, place, true)?;
            }
            return self.refuse(item, &reason);
        }
        let properties = tidy_properties(&item.properties);
        let digest = digest(item, &properties);
        let known = self.known_or_new(&item.id)?;
        *self.applied.by_kind.entry(item.kind.clone()).or_default() += 1;
        self.forget_failure(&item.id)?;
        if known.present && known.digest.as_deref() == Some(&digest) {
            if !self.settle(&known, place, true)? {
                self.applied.unchanged += 1;
            }
            return Ok(());
        }
        if known.present {
            self.applied.changed += 1;
            self.note_happening(known.num, Happened::Changed)?;
            if place != known.place {
                self.note_difference(&known, place)?;
                self.write_place(&known, place)?;
            }
            if is_archived(item) && !known.archived {
                self.applied.archived += 1;
                self.note_happening(known.num, Happened::Archived)?;
            }
        } else {
            self.note_arrival(known.num)?;
            let arrived = if known.binned { &mut self.applied.restored } else { &mut self.applied.added };
            *arrived += 1;
        }
        // What is searched goes by kind, and new words are withheld.
        self.access_touched = true;
        self.write_row(&known, item, place, &digest)?;
        self.write_body(&known, item.body.as_ref())?;
        self.write_properties(&known, &properties)?;
        self.announce(known.num)
    }

    pub(super) fn seen(&mut self, summary: &Summary) -> Result<(), StoreError> {
        let Summary { id, parent, version, access } = summary;
        if let Some(reason) = limits::refuse_id(id, ITEM_ID_BYTES_MAX) {
            self.report_refusal(id, None, &reason);
            return Ok(());
        }
        let known = self.known_or_new(id)?;
        if !known.present {
            self.mention(&known, false)?;
            return self.want(id, version);
        }
        // A summary names no kind: what the item was read as counts.
        let kind = known.kind.as_deref().unwrap_or_default();
        let place = match access {
            Some(access) => self.place(kind, parent.as_deref(), access)?,
            None => self.moved(kind, &known, parent.as_deref())?,
        };
        let settled = self.settle(&known, place, access.is_some())?;
        if known.version.as_ref() != Some(version) {
            self.want(id, version)?;
        } else if !settled {
            self.applied.unchanged += 1;
        }
        Ok(())
    }

    /// Names an item to be read. Until it is, it stands among the failures, so that nothing is lost by a crash.
    /// One that failed a while ago is asked for when its time comes, and not by every inventory.
    fn want(&mut self, id: &str, version: &str) -> Result<(), StoreError> {
        if self.waits_its_turn(id, version)? {
            return Ok(());
        }
        self.applied.stale.push(id.to_owned());
        self.write_failure(
            id,
            None,
            "it was noticed to be new or changed, and could not be read yet",
            &Why::Wanted,
        )
    }

    pub(super) fn delete(&mut self, id: &str) -> Result<(), StoreError> {
        self.take_away(id, Happened::Deleted)
    }

    /// The row stays, empty: the number must never mean anything else.
    pub(super) fn take_away(&mut self, id: &str, why: Happened) -> Result<(), StoreError> {
        self.forget_failure(id)?;
        let Some(known) = self.known(id)?.filter(|known| known.present) else { return Ok(()) };
        self.note_happening(known.num, why)?;
        self.clear_row(known.num)?;
        self.write_body(&known, None)?;
        self.write_properties(&known, &[])?;
        self.applied.deleted += 1;
        self.access_touched = true;
        self.announce(known.num)
    }

    /// As [`Self::delete`]; should it come back, that is told as a restoration.
    pub(super) fn bin(&mut self, id: &str) -> Result<(), StoreError> {
        let deleted = self.applied.deleted;
        self.take_away(id, Happened::Binned)?;
        if self.applied.deleted > deleted {
            self.applied.deleted = deleted;
            self.applied.binned += 1;
            let sql = "UPDATE items SET binned = 1 WHERE connection = ?1 AND id = ?2";
            self.tx.prepare_cached(sql)?.execute(params![self.connection, id])?;
        }
        Ok(())
    }

    /// The item is there, so it is no suspect, and what was known of it stands.
    pub(super) fn failed(&mut self, failure: &Failure) -> Result<(), StoreError> {
        self.applied.failed += 1;
        if let Some(known) = self.known(&failure.id)?.filter(|known| known.present) {
            self.mention(&known, false)?;
        }
        // Nothing can be asked of the source by an id that is none.
        let refused = limits::refuse_id(&failure.id, ITEM_ID_BYTES_MAX).is_some();
        let why = if refused { Why::Refused(None) } else { Why::Failed };
        self.write_failure(&failure.id, failure.url.as_deref(), &failure.reason, &why)
    }

    fn refuse(&mut self, item: &Item, reason: &str) -> Result<(), StoreError> {
        let reason = format!("this item was refused: {reason}");
        self.report_refusal(&item.id, Some(&item.url), &reason);
        self.write_failure(&item.id, Some(&item.url), &reason, &Why::Refused(Some(&item.version)))
    }

    /// Writes place and mention, if they differ; true if the place did. `told` says whether the source told
    /// who may read it, or only that it is there.
    fn settle(&mut self, known: &Known, place: Place, told: bool) -> Result<bool, StoreError> {
        self.mention(known, told)?;
        if place == known.place {
            return Ok(false);
        }
        self.note_difference(known, place)?;
        self.write_place(known, place)?;
        Ok(true)
    }

    fn note_difference(&mut self, known: &Known, place: Place) -> Result<(), StoreError> {
        if place.parent != known.place.parent {
            self.applied.moved += 1;
            self.note_happening(known.num, Happened::Moved)?;
        }
        if place.access != known.place.access {
            self.applied.access_changed += 1;
            self.note_happening(known.num, Happened::Access)?;
        }
        self.access_touched |= place != known.place;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::{Access, Change, Failure, Item, Principal};
    use crate::store::testing::{counts, fixture, new_connection, page, seen, space, upsert};
    use crate::store::{Applied, Mode};

    #[test]
    fn an_item_comes_back_as_it_was_told() {
        let site = fixture();
        let told = page("page:1", "space:1");
        site.everything(&[upsert(told.clone())]);
        let items = site.store.items_with_id(None, "page:1").unwrap();
        let [item] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!((&item.title, &item.body, &item.properties), (&told.title, &told.body, &told.properties));
        assert_eq!((&item.parent, &item.url, item.updated), (&told.parent, &told.url, told.updated));
        assert_eq!((item.kind.as_str(), item.connection_name.as_str()), ("page", "acme"));
    }

    #[test]
    fn an_edit_writes_the_item_and_asks_the_index() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        site.clear_outbox();
        let edited =
            Item { title: "Renamed".into(), body: None, properties: Vec::new(), ..page("page:1", "space:1") };
        assert_eq!(counts(&site.everything(&[upsert(edited)])), [0, 1, 0, 0, 0, 0, 0]);
        let entries = site.store.outbox_after(0, 10).unwrap();
        let item = entries[0].item.as_ref().unwrap();
        assert_eq!((item.title.as_str(), &item.body, item.properties.len()), ("Renamed", &None, 0));
    }

    #[test]
    fn a_deleted_item_keeps_its_number_and_nothing_else() {
        let site = fixture();
        site.everything(&[upsert(space("space:1")), upsert(page("page:1", "space:1"))]);
        let num = site.num("page:1");
        site.clear_outbox();
        let gone = site.answers(&[Change::Delete("page:1".into()), Change::Delete("page:1".into())]);
        assert_eq!(counts(&gone), [0, 0, 0, 0, 0, 1, 0]);
        assert_eq!(site.outbox(), [format!("gone {num}")]);
        let left: i64 = site
            .store
            .read("test", |tx| {
                let sql = "SELECT (SELECT count(*) FROM bodies WHERE item_num = ?1)
                               + (SELECT count(*) FROM properties WHERE item_num = ?1)
                               + (SELECT count(*) FROM items WHERE num = ?1 AND title IS NOT NULL)";
                Ok(tx.query_row(sql, [num], |row| row.get(0))?)
            })
            .unwrap();
        assert_eq!(left, 0);

        site.answers(&[upsert(page("page:1", "space:1"))]);
        assert_eq!((site.num("page:1"), site.outbox()), (num, vec!["page:1".to_owned()]));
    }

    #[test]
    fn a_page_that_becomes_a_mere_place_and_back_is_written_like_any_edit() {
        let site = fixture();
        let kept = page("page:1", "space:1");
        site.everything(&[upsert(kept.clone())]);
        site.clear_outbox();
        let num = site.num("page:1");
        let place =
            Item { kind: "place".into(), body: None, properties: Vec::new(), author: None, ..kept.clone() };
        for (told, body) in [(place, None), (kept.clone(), kept.body.as_ref())] {
            let generation = site.store.generation().unwrap();
            let applied = site.answers(&[upsert(told.clone())]);
            assert_eq!((counts(&applied), applied.outbox), ([0, 1, 0, 0, 0, 0, 0], true));
            let item = site.store.items_with_id(None, "page:1").unwrap().remove(0);
            assert_eq!((item.num, &item.kind, item.body.as_ref()), (num, &told.kind, body));
            assert_eq!(site.store.generation().unwrap(), generation + 1, "what is searched goes by kind");
            assert_eq!(site.outbox(), ["page:1"]);
            site.clear_outbox();
        }
    }

    #[test]
    fn what_the_settings_leave_out_is_counted_apart() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1")), upsert(page("page:2", "space:1"))]);
        let other = site.store.add_connection(&new_connection("beta"), 1).unwrap().id;
        let others_run = site.store.begin_run(other, Mode::Since, 2).unwrap();
        let ids = ["page:1", "page:9"].map(str::to_owned);
        let nothing = site.store.leave_out(other, others_run, &ids).unwrap();
        assert_eq!(nothing, Applied::default(), "another connection's items are none of its own");
        let applied = site.store.leave_out(site.connection, site.run, &ids).unwrap();
        assert_eq!((applied.left_out, applied.deleted, applied.outbox), (1, 0, true));
        assert_eq!(site.store.present_count(site.connection).unwrap(), 1);
        let run = site.store.runs(site.connection, 1).unwrap().remove(0);
        assert_eq!((run.counts.left_out, run.counts.deleted), (1, 0));
    }

    #[test]
    fn moving_and_restricting_write_one_row_and_nothing_for_the_index() {
        let site = fixture();
        let children = (2..50).map(|id| upsert(page(&format!("page:{id}"), "page:1")));
        let site_pages: Vec<Change> =
            [upsert(space("space:1")), upsert(space("space:2")), upsert(page("page:1", "space:1"))]
                .into_iter()
                .chain(children)
                .collect();
        site.everything(&site_pages);
        site.clear_outbox();
        let generation = site.store.generation().unwrap();

        let moved = site.answers(&[upsert(page("page:1", "space:2"))]);
        assert_eq!((counts(&moved), moved.outbox), ([0, 0, 1, 0, 0, 0, 0], false));
        let narrowed = Access::Narrowed(vec![Principal::User("ada".into())]);
        let restricted = Item { access: narrowed, ..page("page:1", "space:2") };
        let restricted = site.answers(&[upsert(restricted)]);
        assert_eq!((counts(&restricted), restricted.outbox), ([0, 0, 0, 1, 0, 0, 0], false));
        assert_eq!((site.store.generation().unwrap(), site.outbox().len()), (generation + 2, 0));
    }

    #[test]
    fn a_summary_tells_place_at_once_and_names_what_to_read() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1")), upsert(page("page:2", "space:1"))]);
        site.clear_outbox();
        let applied = site.answers(&[
            seen("page:1", "space:1", "1"),
            seen("page:2", "space:2", "2"),
            seen("page:3", "space:1", "1"),
        ]);
        assert_eq!(counts(&applied), [0, 0, 1, 0, 1, 0, 0]);
        assert_eq!(applied.stale, ["page:2", "page:3"]);
        assert_eq!(site.outbox().len(), 0);
    }

    #[test]
    fn hostile_items_are_refused_one_by_one() {
        let site = fixture();
        let sound = page("page:1", "space:1");
        let applied = site.everything(&[
            upsert(Item { id: String::new(), ..sound.clone() }),
            upsert(Item { id: "x".repeat(513), ..sound.clone() }),
            upsert(Item { kind: "unheard-of".into(), id: "page:2".into(), ..sound.clone() }),
            upsert(Item {
                properties: vec![(String::new(), "x".repeat(9_000))],
                id: "page:3".into(),
                ..sound.clone()
            }),
            upsert(Item { title: "ü".repeat(5_000), ..sound }),
        ]);
        assert_eq!(counts(&applied), [1, 0, 0, 0, 0, 0, 4]);
        let failures = site.store.failures(site.connection, None, 10).unwrap();
        let reasons: Vec<_> =
            failures.iter().map(|failed| (failed.refused, failed.reason.as_str())).collect();
        insta::assert_debug_snapshot!(reasons, @r#"
        [
            (
                true,
                "this item was refused: its id is empty",
            ),
            (
                true,
                "this item was refused: its kind `unheard-of` is not one the connector describes",
            ),
            (
                true,
                "this item was refused: its longest property has 9000 bytes, more than 8192",
            ),
            (
                true,
                "this item was refused: its id has 513 bytes, more than 512",
            ),
        ]
        "#);
        assert_eq!(site.store.items_with_id(None, "page:1").unwrap()[0].title.len(), 8_192);
        assert_eq!(site.store.present_count(site.connection).unwrap(), 1);
    }

    #[test]
    fn what_is_refused_is_still_restricted() {
        let site = fixture();
        site.everything(&[upsert(page("page:1", "space:1"))]);
        let secret = Access::Narrowed(Vec::new());
        let refused = Item { kind: "unheard-of".into(), access: secret.clone(), ..page("page:1", "space:1") };
        let applied = site.answers(&[upsert(refused)]);
        assert_eq!(counts(&applied), [0, 0, 0, 1, 0, 0, 1]);
        assert_eq!(site.store.chain(site.num("page:1")).unwrap()[0].access, secret);
    }

    #[test]
    fn a_failure_stays_until_the_item_is_read() {
        let site = fixture();
        let failure = Failure { id: "page:1".into(), url: None, reason: "the server said 500".into() };
        site.everything(&[Change::Failed(failure.clone())]);
        let failed = site.store.failures(site.connection, None, 10).unwrap();
        assert_eq!(failed.iter().map(|failed| &failed.reason).collect::<Vec<_>>(), [&failure.reason]);
        site.answers(&[upsert(page("page:1", "space:1"))]);
        assert_eq!(site.store.failures(site.connection, None, 10).unwrap(), []);
    }
}
