//! The rows of an item: found, made and written for a page that is being applied.

use rusqlite::{OptionalExtension, params};

use crate::model::{Access, Item, Text, TextFormat};

use super::apply::Applying;
use super::limits::{self, ITEM_ID_BYTES_MAX};
use super::tree::statement_of;
use super::{RunId, StoreError, connections, signed};
use crate::access::{is_narrower, overclaims};

/// What comparing needs of an item's row.
pub(super) struct Known {
    pub num: i64,
    pub present: bool,
    pub kind: Option<String>,
    pub place: Place,
    pub owner: Option<i64>,
    pub mentioned_run: i64,
    pub version: Option<String>,
    pub digest: Option<Vec<u8>>,
    /// The run in which its readers were told last.
    pub told_run: i64,
    /// The place that counts beside `place`, if one does, since this run.
    pub former: Option<(Place, RunId)>,
    pub binned: bool,
    pub archived: bool,
}

/// Where an item is and who may read it there, as numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub parent: Option<i64>,
    pub access: Option<i64>,
}

impl Applying<'_> {
    /// Below a parent that nothing can be, nobody may read the item; nor if it is opened wider than its kind may.
    pub(super) fn place(
        &mut self,
        kind: &str,
        parent: Option<&str>,
        access: &Access,
    ) -> Result<Place, StoreError> {
        let num = self.parent_num(parent)?;
        let widens = self.widening.iter().any(|widening| widening == kind);
        let overclaims = overclaims(access, widens, parent.is_none());
        // What is told of other kinds is refused, with a reason of its own.
        if overclaims && self.kinds.iter().any(|described| described == kind) {
            *self.applied.overclaimed.entry(kind.to_owned()).or_default() += 1;
        }
        let holds = !overclaims && num.is_some() == parent.is_some();
        let access = if holds { access } else { &Access::Unknown };
        Ok(Place { parent: num, access: Some(self.access_num(access)?) })
    }

    /// The place of an item whose readers were not told anew. Elsewhere, what was stated of them may be more than
    /// its kind may state there.
    pub(super) fn moved(
        &mut self,
        kind: &str,
        known: &Known,
        parent: Option<&str>,
    ) -> Result<Place, StoreError> {
        let there = Place { parent: self.parent_num(parent)?, access: known.place.access };
        if there.parent == known.place.parent {
            return Ok(there);
        }
        let stated = statement_of(self.tx, there.access)?;
        self.place(kind, parent, &stated)
    }

    /// None too for an id that nothing can have.
    pub(super) fn parent_num(&self, parent: Option<&str>) -> Result<Option<i64>, StoreError> {
        match parent.filter(|id| limits::refuse_id(id, ITEM_ID_BYTES_MAX).is_none()) {
            Some(id) => Ok(Some(self.known_or_new(id)?.num)),
            None => Ok(None),
        }
    }

    pub(super) fn access_num(&mut self, access: &Access) -> Result<i64, StoreError> {
        let statement = connections::to_json(&limits::tidy_access(access))?;
        if let Some(num) = self.accesses.get(&statement) {
            return Ok(*num);
        }
        let sql = "SELECT num FROM accesses WHERE connection = ?1 AND statement = ?2";
        let mut find = self.tx.prepare_cached(sql)?;
        let num = match find.query_row(params![self.connection, statement], |row| row.get(0)).optional()? {
            Some(num) => num,
            None => {
                let sql = "INSERT INTO accesses (connection, statement) VALUES (?1, ?2)";
                self.tx.prepare_cached(sql)?.execute(params![self.connection, statement])?;
                self.tx.last_insert_rowid()
            }
        };
        self.accesses.insert(statement, num);
        Ok(num)
    }

    pub(super) fn known(&self, id: &str) -> Result<Option<Known>, StoreError> {
        let sql =
            "SELECT num, present, parent_num, access_num, partition_num, mentioned_run, version, digest,
                   told_run, place_run, prior_parent, prior_access, binned, archived, kind
                   FROM items WHERE connection = ?1 AND id = ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        let known = statement.query_row(params![self.connection, id], |row| {
            let prior = Place { parent: row.get(10)?, access: row.get(11)? };
            Ok(Known {
                num: row.get(0)?,
                present: row.get(1)?,
                place: Place { parent: row.get(2)?, access: row.get(3)? },
                owner: row.get(4)?,
                mentioned_run: row.get(5)?,
                version: row.get(6)?,
                digest: row.get(7)?,
                told_run: row.get(8)?,
                former: row.get::<_, Option<RunId>>(9)?.map(|since| (prior, since)),
                binned: row.get(12)?,
                archived: row.get(13)?,
                kind: row.get(14)?,
            })
        });
        Ok(known.optional()?)
    }

    pub(super) fn known_or_new(&self, id: &str) -> Result<Known, StoreError> {
        if let Some(known) = self.known(id)? {
            return Ok(known);
        }
        let sql = "INSERT INTO items (connection, id) VALUES (?1, ?2)";
        self.tx.prepare_cached(sql)?.execute(params![self.connection, id])?;
        let place = Place { parent: None, access: None };
        let num = self.tx.last_insert_rowid();
        Ok(Known {
            num,
            present: false,
            kind: None,
            place,
            owner: None,
            mentioned_run: 0,
            version: None,
            digest: None,
            told_run: 0,
            former: None,
            binned: false,
            archived: false,
        })
    }

    pub(super) fn write_row(
        &mut self,
        known: &Known,
        item: &Item,
        place: Place,
        digest: &[u8],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE items SET present = 1, parent_num = ?2, access_num = ?3, partition_num = ?4,
                       mentioned_run = ?5, kind = ?6, version = ?7, title = ?8, url = ?9, file_link = ?10,
                       file_name = ?11, media_type = ?12, file_size = ?13, author = ?14, editor = ?15,
                       created = ?16, updated = ?17, digest = ?18, told_run = ?5, words_run = ?5, binned = 0,
                       archived = ?19
                   WHERE num = ?1";
        let file = item.file.as_ref();
        self.tx.prepare_cached(sql)?.execute(params![
            known.num,
            place.parent,
            place.access,
            self.owner.or(known.owner),
            self.run,
            item.kind,
            item.version,
            limits::title(&item.title),
            item.url,
            file.map(|file| &file.link),
            file.map(|file| &file.name),
            file.map(|file| &file.media_type),
            file.and_then(|file| file.size).map(signed),
            item.author,
            item.editor,
            item.created.and_then(limits::time),
            item.updated.and_then(limits::time),
            digest,
            is_archived(item),
        ])?;
        Ok(())
    }

    /// Notes that the item is there. Two statements, because the owner stands in an index and seldom differs.
    pub(super) fn mention(&mut self, known: &Known, told: bool) -> Result<(), StoreError> {
        if self.owner.is_some() && self.owner != known.owner {
            let sql = "UPDATE items SET partition_num = ?2 WHERE num = ?1";
            self.tx.prepare_cached(sql)?.execute(params![known.num, self.owner])?;
        }
        let told_run = if told { self.run } else { known.told_run };
        if known.mentioned_run != self.run || known.told_run != told_run {
            let sql = "UPDATE items SET mentioned_run = ?2, told_run = ?3 WHERE num = ?1";
            self.tx.prepare_cached(sql)?.execute(params![known.num, self.run, told_run])?;
        }
        Ok(())
    }

    /// Writes where an item is. Unless it only shuts people out, the place before goes on counting until
    /// the new one has settled ([`crate::access::settle`]).
    pub(super) fn write_place(&mut self, known: &Known, place: Place) -> Result<(), StoreError> {
        let former = match known.former {
            // Back where it was: nothing is new about it.
            Some((former, _)) if former == place => None,
            former if self.only_shuts_out(known.place, place)? => former,
            Some((former, _)) => Some((former, self.run)),
            None => Some((known.place, self.run)),
        };
        let (since, former) = (former.map(|(_, since)| since), former.map(|(former, _)| former));
        let sql = "UPDATE items SET parent_num = ?2, access_num = ?3, place_run = ?4, prior_parent = ?5,
                       prior_access = ?6 WHERE num = ?1";
        self.tx.prepare_cached(sql)?.execute(params![
            known.num,
            place.parent,
            place.access,
            since,
            former.and_then(|former| former.parent),
            former.and_then(|former| former.access),
        ])?;
        Ok(())
    }

    fn only_shuts_out(&self, old: Place, new: Place) -> Result<bool, StoreError> {
        if old.parent != new.parent {
            return Ok(false);
        }
        Ok(is_narrower(&statement_of(self.tx, new.access)?, &statement_of(self.tx, old.access)?))
    }

    pub(super) fn clear_row(&mut self, num: i64) -> Result<(), StoreError> {
        let sql = "UPDATE items SET present = 0, parent_num = NULL, access_num = NULL, partition_num = NULL,
                       mentioned_run = ?2, kind = NULL, version = NULL, title = NULL, url = NULL,
                       file_link = NULL, file_name = NULL, media_type = NULL, file_size = NULL,
                       author = NULL, editor = NULL, created = NULL, updated = NULL, digest = NULL,
                       words_run = NULL, place_run = NULL, prior_parent = NULL, prior_access = NULL, archived = 0
                   WHERE num = ?1";
        self.tx.prepare_cached(sql)?.execute(params![num, self.run])?;
        self.tx.prepare_cached("DELETE FROM files WHERE item_num = ?1")?.execute([num])?;
        Ok(())
    }

    pub(super) fn write_body(&mut self, known: &Known, body: Option<&Text>) -> Result<(), StoreError> {
        let Some(body) = body else {
            self.tx.prepare_cached("DELETE FROM bodies WHERE item_num = ?1")?.execute([known.num])?;
            return Ok(());
        };
        let packed =
            self.packer.compress(body.value.as_bytes()).map_err(|source| StoreError::Pack { source })?;
        let sql = "INSERT OR REPLACE INTO bodies (item_num, format, bytes, content) VALUES (?1, ?2, ?3, ?4)";
        let bytes = i64::try_from(body.value.len()).unwrap_or(i64::MAX);
        self.tx.prepare_cached(sql)?.execute(params![known.num, format_name(body.format), bytes, packed])?;
        Ok(())
    }

    pub(super) fn write_properties(
        &mut self,
        known: &Known,
        properties: &[&(String, String)],
    ) -> Result<(), StoreError> {
        if known.present {
            self.tx.prepare_cached("DELETE FROM properties WHERE item_num = ?1")?.execute([known.num])?;
        }
        let sql = "INSERT INTO properties (item_num, name, value) VALUES (?1, ?2, ?3)";
        let mut statement = self.tx.prepare_cached(sql)?;
        for (name, value) in properties {
            statement.execute(params![known.num, name, value])?;
        }
        Ok(())
    }

    /// One row an item: the newer one takes the older one's place, at the end.
    pub(super) fn announce(&mut self, num: i64) -> Result<(), StoreError> {
        self.tx.prepare_cached("INSERT OR REPLACE INTO outbox (item_num) VALUES (?1)")?.execute([num])?;
        self.applied.outbox = true;
        Ok(())
    }
}

/// What a source keeps and has put out of use, as the contract words it.
pub(super) fn is_archived(item: &Item) -> bool {
    item.properties.iter().any(|(name, value)| name == "status" && value == "archived")
}

pub(super) fn format_name(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Plain => "plain",
        TextFormat::Markdown => "markdown",
        TextFormat::Html => "html",
    }
}
