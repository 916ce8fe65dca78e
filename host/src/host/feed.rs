//! From the store's outbox, in its order, to the index.
//!
//! The position up to which the index has come is in the index's own commit, so that either
//! may be lost or fall behind without the other being wrong.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Host, HostError, private_folder};
use crate::index::{self, Document, Index, Writer, text};
use crate::model::{ConnectionId, TextFormat};
use crate::store::{ItemNum, OutboxEntry, Store, StoreError, StoredItem};

/// Entries taken from the outbox at a time: some megabytes of text.
const BATCH: u32 = 250;

/// What the index took in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Fed {
    pub put: u64,
    pub removed: u64,
}

impl Fed {
    /// What was taken in after that.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            put: self.put.saturating_sub(before.put),
            removed: self.removed.saturating_sub(before.removed),
        }
    }
}

/// Holds the index's one writer.
pub(super) struct Feeder {
    store: Store,
    writer: Writer,
    position: u64,
    fed: Fed,
    names: Names,
}

impl Host {
    /// Opens the index for searching. One that was damaged or missing begins empty, and the
    /// outbox is filled with everything it needs.
    pub(super) fn open_index(&self) -> Result<Index, HostError> {
        // A folder a store: an index that another store's items went into is never opened.
        let folder = self.folder.join("index").join(self.store.folder_id()?);
        private_folder(&folder).map_err(|source| HostError::Folder { path: folder.clone(), source })?;
        let (index, opening) = Index::open(&folder)?;
        if opening.is_empty() {
            self.store.refill_outbox()?;
            return Ok(index);
        }
        if index.position()? <= self.store.last_seq()? {
            return Ok(index);
        }
        // It is ahead of the store: the store was put back to an older state.
        drop(index);
        std::fs::remove_dir_all(&folder).map_err(|source| index::Error::Folder {
            attempted: "remove",
            dir: folder.clone(),
            source,
        })?;
        let (index, _) = Index::open(&folder)?;
        self.store.refill_outbox()?;
        Ok(index)
    }

    pub(super) fn feeder(&self) -> Result<Feeder, HostError> {
        let index = self.open_index()?;
        let writer = index.writer()?;
        let position = index.position()?;
        let (store, names) = (self.store.clone(), Names::default());
        Ok(Feeder { store, writer, position, fed: Fed::default(), names })
    }

    /// Takes into the index what waits in the outbox.
    ///
    /// # Errors
    ///
    /// When store or index cannot be used, or another process is writing the index.
    pub fn catch_up(&self) -> Result<Fed, HostError> {
        self.feeder()?.finish()
    }
}

impl Feeder {
    /// Takes in what waits; commits only if much of it is uncommitted.
    pub fn feed(&mut self) -> Result<(), HostError> {
        loop {
            let entries = self.store.outbox_after(self.position, BATCH)?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
            for entry in entries {
                self.take(entry)?;
            }
            self.position = last;
            if self.writer.is_due() {
                self.commit()?;
            }
        }
    }

    /// Takes in what waits, makes it found, and lets the index tidy up.
    pub fn finish(mut self) -> Result<Fed, HostError> {
        self.settle()?;
        let fed = self.fed;
        self.close()?;
        Ok(fed)
    }

    /// Takes in what waits, and makes it found.
    pub fn settle(&mut self) -> Result<(), HostError> {
        self.feed()?;
        self.put_named_meanwhile()?;
        self.commit()?;
        // Whoever goes on writing looks names up anew: a writer may be shared for long.
        self.names = Names::default();
        Ok(())
    }

    /// Lets the index tidy up: a process that ended without that would leave a few more segments
    /// behind every time.
    pub fn close(self) -> Result<(), HostError> {
        Ok(self.writer.close()?)
    }

    /// What was taken in so far.
    pub fn fed(&self) -> Fed {
        self.fed
    }

    /// Puts again what names people whom the source had not told of when it was put first.
    fn put_named_meanwhile(&mut self) -> Result<(), HostError> {
        let nums = self.names.known_meanwhile(&self.store)?;
        for batch in nums.chunks(BATCH as usize) {
            for item in self.store.items_by_num(batch)? {
                let document = self.names.document(&self.store, item)?;
                self.writer.put(&document)?;
            }
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), HostError> {
        self.writer.commit(self.position)?;
        // Only what the index has made durable may be forgotten.
        self.store.outbox_clear_through(self.position)?;
        Ok(())
    }

    fn take(&mut self, entry: OutboxEntry) -> Result<(), HostError> {
        match entry.item {
            None => {
                self.writer.remove(entry.num);
                self.fed.removed += 1;
            }
            Some(item) => {
                let document = self.names.document(&self.store, item)?;
                self.writer.put(&document)?;
                self.fed.put += 1;
            }
        }
        Ok(())
    }
}

/// A user at a connection.
type Person = (ConnectionId, String);

/// Names of users, looked up once: a site's people write many pages each.
#[derive(Default)]
pub(super) struct Names {
    known: RefCell<BTreeMap<Person, Option<String>>>,
    /// The items that name somebody who has no name yet.
    unknown: RefCell<BTreeMap<Person, Vec<ItemNum>>>,
}

impl Names {
    fn document(&self, store: &Store, item: StoredItem) -> Result<Document, StoreError> {
        let body = self.readable(store, &item)?;
        let mut authors = Vec::new();
        for id in [&item.author, &item.editor].into_iter().flatten() {
            authors.push(id.clone());
            authors.extend(self.name(store, &item, id)?);
        }
        let file = item.file.map(|file| file.name).filter(|name| *name != item.title);
        Ok(Document {
            num: item.num,
            connection: item.connection_name,
            id: item.id,
            kind: item.kind,
            title: item.title,
            file,
            body,
            authors,
            updated: item.updated,
            properties: item.properties,
        })
    }

    /// What an item says: its body, and the words inside its file.
    pub fn readable(&self, store: &Store, item: &StoredItem) -> Result<String, StoreError> {
        let mut readable = match &item.body {
            // Markup is only what somebody wrote as such.
            Some(body) if body.format == TextFormat::Plain => body.value.clone(),
            _ => text::plain(&self.resolved(store, item)?),
        };
        if let Some(words) = &item.words {
            if !readable.is_empty() {
                readable.push('\n');
            }
            match words.format {
                TextFormat::Plain => readable.push_str(&words.value),
                TextFormat::Markdown | TextFormat::Html => readable.push_str(&text::plain(&words.value)),
            }
        }
        Ok(readable)
    }

    /// The same as Markdown, or as the format that the source writes: for readers who make something of it.
    pub fn written(&self, store: &Store, item: &StoredItem) -> Result<String, StoreError> {
        let mut written = match &item.body {
            Some(body) if body.format == TextFormat::Plain => body.value.clone(),
            _ => self.resolved(store, item)?,
        };
        if let Some(words) = &item.words {
            if !written.is_empty() {
                written.push_str("\n\n");
            }
            written.push_str(&words.value);
        }
        Ok(written)
    }

    /// A body with mentions as the names that users have today; empty if there is none.
    pub fn resolved(&self, store: &Store, item: &StoredItem) -> Result<String, StoreError> {
        let Some(body) = &item.body else { return Ok(String::new()) };
        let failed = RefCell::new(None);
        let name = |id: &str| match self.name(store, item, id) {
            Ok(name) => name,
            Err(error) => {
                failed.replace(Some(error));
                None
            }
        };
        let resolved = text::resolve_mentions(&body.value, &name).into_owned();
        failed.into_inner().map_or(Ok(resolved), Err)
    }

    /// The items that name somebody who had no name when they were put, and has one now.
    fn known_meanwhile(&self, store: &Store) -> Result<Vec<ItemNum>, StoreError> {
        let mut nums = BTreeSet::new();
        for ((connection, id), named_in) in self.unknown.take() {
            let found = store.user_names(connection, std::slice::from_ref(&id))?.remove(&id);
            if found.is_some() {
                nums.extend(named_in);
                self.known.borrow_mut().insert((connection, id), found);
            }
        }
        Ok(nums.into_iter().collect())
    }

    pub fn name(&self, store: &Store, item: &StoredItem, id: &str) -> Result<Option<String>, StoreError> {
        let person = (item.connection, id.to_owned());
        let known = self.known.borrow().get(&person).cloned();
        let name = match known {
            Some(name) => name,
            None => {
                let found = store.user_names(item.connection, std::slice::from_ref(&person.1))?.remove(id);
                self.known.borrow_mut().insert(person.clone(), found.clone());
                found
            }
        };
        if name.is_none() {
            self.unknown.borrow_mut().entry(person).or_default().push(item.num);
        }
        Ok(name)
    }
}
