//! A page of changes is one document of a feed.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::position::{self, Checkpoint, Cursor, mark, marks};
use super::{READERS, people};
use crate::contract::exports::weir::connector::sync::{Next, Page, Partition, Position};
use crate::contract::weir::connector::types::{Change, Error, Failure};
use crate::document::{Document, Told};
use crate::fetch::{Fetched, Source, Validators, Web};
use crate::id;
use crate::item;
use crate::setup::{Readers, Settings};

/// # Errors
///
/// When the document could not be had, as `fetch` has it, and for a position that this version does not understand.
pub fn read_page<W: Web>(
    source: &Source<'_, W>,
    settings: &Settings,
    partition: &Partition,
    position: &Position,
) -> Result<Page, Error> {
    if partition.id == "named" {
        return Ok(page(people(settings), Next::Done(None)));
    }
    let feed = Url::parse(&partition.token)
        .map_err(|_| Error::Unexpected(format!("{:?} is no feed's address", partition.token)))?;
    let walk = Walk { source, settings, feed };
    match position {
        Position::Everything => walk.begin(None),
        Position::Since(checkpoint) => walk.begin(Some(understood(checkpoint)?)),
        Position::After(cursor) => walk.go_on(understood(cursor)?),
        Position::Inventory => {
            Err(Error::Unexpected(format!("a feed has no inventory, and `{READERS}` needs none")))
        }
    }
}

fn understood<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::StalePosition(format!("failed to read a position: {error}")))
}

struct Walk<'a, W> {
    source: &'a Source<'a, W>,
    settings: &'a Settings,
    feed: Url,
}

impl<W: Web> Walk<'_, W> {
    /// The document at the feed's own address, if it changed since the checkpoint.
    fn begin(&self, since: Option<Checkpoint>) -> Result<Page, Error> {
        let since = since.unwrap_or_default();
        // New readers are let in once everything in a feed was told again, so its entries are.
        let opened = self.is_open() != since.everyone;
        let validators = if opened { &Validators::default() } else { &since.validators };
        let (document, validators) = match self.source.fetch(&self.feed, validators)? {
            Fetched::Unchanged => {
                let seen = item::feed_seen(&self.feed, &since.version, &self.settings.readers);
                return Ok(page(vec![Change::Seen(seen)], Next::Done(Some(written(&since)?))));
            }
            Fetched::Document { document, validators } => (document, validators),
        };
        let root = item::feed(&self.feed, &document, &self.settings.readers);
        let checkpoint = self.checkpoint(&document, validators, root.version.clone());
        let mut changes = vec![Change::Upsert(root)];
        let cursor = Cursor { url: String::new(), until: since.known, gone: BTreeSet::new(), checkpoint };
        changes.extend(self.changes(&document, &cursor.gone));
        self.page(&document, changes, cursor)
    }

    fn go_on(&self, cursor: Cursor) -> Result<Page, Error> {
        let url = Url::parse(&cursor.url)
            .map_err(|_| Error::StalePosition(format!("{:?} is no address to go on at", cursor.url)))?;
        let Some(document) = self.source.older(&url)? else {
            return Ok(page(Vec::new(), Next::Done(Some(written(&cursor.checkpoint)?))));
        };
        let changes = self.changes(&document, &cursor.gone);
        self.page(&document, changes, cursor)
    }

    /// An entry that could not be read may have been mended by the next sync, so the document is asked for as a whole
    /// then.
    fn checkpoint(&self, document: &Document, validators: Validators, version: String) -> Checkpoint {
        let broken = document.told.iter().any(|told| matches!(told, Told::Broken { .. }));
        let validators = if broken { Validators::default() } else { validators };
        Checkpoint { validators, version, everyone: self.is_open(), known: position::known(document) }
    }

    fn is_open(&self) -> bool {
        self.settings.readers == Readers::Everyone
    }

    /// The changes, and an older document if there may be something in it that is not known.
    fn page(&self, document: &Document, changes: Vec<Change>, cursor: Cursor) -> Result<Page, Error> {
        let met = marks(document).any(|mark| cursor.until.contains(&mark));
        let empty = marks(document).next().is_none();
        let older = document.older.as_ref().filter(|older| {
            // A feed that leads back to its first document is read to its end.
            !met && !empty && **older != self.feed && self.source.reaches(older)
        });
        let next = match older {
            Some(older) => {
                let gone = position::gone(cursor.gone, document);
                Next::More(written(&Cursor { url: older.to_string(), gone, ..cursor })?)
            }
            None => Next::Done(Some(written(&cursor.checkpoint)?)),
        };
        Ok(page(changes, next))
    }

    fn changes(&self, document: &Document, gone: &BTreeSet<String>) -> Vec<Change> {
        let feed = id::feed(&self.feed);
        let buried = buried(document);
        let mut changes = Vec::new();
        for told in &document.told {
            match told {
                Told::Entry(entry) if gone.contains(&mark(&entry.key)) => {}
                Told::Entry(entry) if is_buried(&buried, &entry.key, entry.updated) => {}
                Told::Entry(entry) => {
                    let items = item::entry(&self.feed, entry, |url| self.source.reaches(url));
                    changes.extend(items.into_iter().map(Change::Upsert));
                }
                Told::Gone { key, .. } if outlived(document, key, &buried) => {}
                Told::Gone { key, .. } => changes.push(Change::Delete(id::entry(&feed, key))),
                Told::Broken { key, reason } => changes.push(failed(id::entry(&feed, key), reason)),
            }
        }
        changes
    }
}

/// Tombstones of a document: what is gone, and since when.
pub(super) fn buried(document: &Document) -> BTreeMap<&str, Option<u64>> {
    let gone = document.told.iter().filter_map(|told| match told {
        Told::Gone { key, when } => Some((key.as_str(), *when)),
        _ => None,
    });
    gone.collect()
}

/// Whether a tombstone outweighs an entry of that name: it does unless the entry was updated later (RFC 6721).
pub(super) fn is_buried(buried: &BTreeMap<&str, Option<u64>>, key: &str, updated: Option<u64>) -> bool {
    match buried.get(key) {
        Some(when) => updated.is_none() || when.is_none() || updated <= *when,
        None => false,
    }
}

fn outlived(document: &Document, key: &str, buried: &BTreeMap<&str, Option<u64>>) -> bool {
    document.told.iter().any(|told| match told {
        Told::Entry(entry) => entry.key == key && !is_buried(buried, key, entry.updated),
        _ => false,
    })
}

pub(super) fn failed(id: String, reason: &str) -> Change {
    Change::Failed(Failure { id, url: None, reason: reason.to_owned() })
}

fn page(changes: Vec<Change>, next: Next) -> Page {
    Page { changes, next, remaining: None, pause: None }
}

fn written<T: serde::Serialize>(position: &T) -> Result<String, Error> {
    serde_json::to_string(position)
        .map_err(|error| Error::Unexpected(format!("a position could not be written down: {error}")))
}
