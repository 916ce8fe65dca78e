//! Single items: looked for in the documents of their feeds.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::walk::{buried, failed, is_buried};
use crate::contract::weir::connector::types::{Change, Error};
use crate::document::{Document, Told};
use crate::fetch::{Method, Source, Web};
use crate::id;
use crate::item;
use crate::setup::Settings;

/// Documents of one feed that are gone through for what is asked about.
const DOCUMENTS_MAX: usize = 50;

/// What is said of an entry that is not there. It is kept, and asked about again.
const OUT_OF_SIGHT: &str =
    "the feed shows its newest entries, and this one is not among them any more; it was not taken back";

const GONE: u16 = 410;

/// # Errors
///
/// When the credential is not taken, or the site is to be left alone. What else keeps a feed from being read is said
/// of each of its items.
pub fn read_items<W: Web>(
    source: &Source<'_, W>,
    settings: &Settings,
    ids: &[String],
) -> Result<Vec<Change>, Error> {
    let mut asked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in ids {
        asked.entry(id::feed_of(one)).or_default().insert(one);
    }
    let mut answers = Vec::with_capacity(ids.len());
    for (feed, wanted) in asked {
        let Some(url) = settings.feeds.iter().find(|url| id::feed(url) == feed) else {
            answers.extend(wanted.into_iter().map(|one| Change::Delete(one.to_owned())));
            continue;
        };
        let mut search = Search { source, settings, url, wanted, answers: Vec::new() };
        if let Err(error) = search.run() {
            let words = message(error)?;
            let left = std::mem::take(&mut search.wanted);
            search.answers.extend(left.into_iter().map(|one| failed(one.to_owned(), &words)));
        }
        answers.append(&mut search.answers);
    }
    Ok(answers)
}

/// The words of an error that concerns one feed; others concern the call.
fn message(error: Error) -> Result<String, Error> {
    match error {
        Error::Forbidden(words)
        | Error::NotFound(words)
        | Error::Unavailable(words)
        | Error::Unexpected(words) => Ok(words),
        other => Err(other),
    }
}

/// Looks for items of one feed, from its newest document on.
struct Search<'a, W> {
    source: &'a Source<'a, W>,
    settings: &'a Settings,
    url: &'a Url,
    /// Not found yet.
    wanted: BTreeSet<&'a str>,
    answers: Vec<Change>,
}

impl<W: Web> Search<'_, W> {
    fn run(&mut self) -> Result<(), Error> {
        let mut document = self.source.document(self.url)?;
        let complete = document.complete;
        let root = item::feed(self.url, &document, &self.settings.readers);
        if self.wanted.remove(root.id.as_str()) {
            self.answers.push(Change::Upsert(root));
        }
        for _ in 1..DOCUMENTS_MAX {
            self.look_in(&document);
            let reached = document.older.filter(|older| older != self.url && self.source.reaches(older));
            match reached.filter(|_| !self.wanted.is_empty()) {
                Some(older) => match self.source.older(&older)? {
                    Some(found) => document = found,
                    None => break,
                },
                None => break,
            }
        }
        for one in std::mem::take(&mut self.wanted) {
            let gone = complete || self.denied(one)?;
            let answer =
                if gone { Change::Delete(one.to_owned()) } else { failed(one.to_owned(), OUT_OF_SIGHT) };
            self.answers.push(answer);
        }
        Ok(())
    }

    fn look_in(&mut self, document: &Document) {
        let feed = id::feed(self.url);
        let buried = buried(document);
        for told in &document.told {
            match told {
                Told::Entry(entry) if is_buried(&buried, &entry.key, entry.updated) => {}
                Told::Entry(entry) => {
                    let items = item::entry(self.url, entry, |url| self.source.reaches(url));
                    let name = id::entry(&feed, &entry.key);
                    for item in items {
                        if self.wanted.remove(item.id.as_str()) {
                            self.answers.push(Change::Upsert(item));
                        }
                    }
                    self.without_its_files(&name);
                }
                Told::Gone { key, .. } => {
                    let name = id::entry(&feed, key);
                    if self.wanted.remove(name.as_str()) {
                        self.answers.push(Change::Delete(name.clone()));
                    }
                    self.without_its_files(&name);
                }
                Told::Broken { key, reason } => {
                    let name = id::entry(&feed, key);
                    if self.wanted.remove(name.as_str()) {
                        self.answers.push(failed(name, reason));
                    }
                }
            }
        }
    }

    /// An entry that was found says itself which files it has.
    fn without_its_files(&mut self, entry: &str) {
        let its = |one: &&&str| one.strip_prefix(entry).is_some_and(|rest| rest.starts_with('#'));
        let gone: Vec<&str> = self.wanted.iter().filter(its).copied().collect();
        for one in gone {
            self.wanted.remove(one);
            self.answers.push(Change::Delete(one.to_owned()));
        }
    }

    /// Whether an entry's own address says that it is gone for good. An id is an address only where it looks like one,
    /// and it is asked only on the feed's own site. 404 says less: sites move their pages.
    fn denied(&self, one: &str) -> Result<bool, Error> {
        let address = id::key_of(one).and_then(|key| Url::parse(key).ok());
        let Some(address) = address.filter(|address| self.source.reaches(address)) else { return Ok(false) };
        let (_, response) = self.source.follow(Method::Head, &address, &[])?;
        Ok(response.status == GONE)
    }
}
