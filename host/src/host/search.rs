//! Searching as a person.

use serde::Serialize;

use super::anchor::{Anchor, Anchors};
use super::feed::Names;
use super::why::explain;
use super::{Host, HostError};
use crate::access::Identity;
use crate::index::{HITS_MAX, Index, Query, Snippet, text_snippet};
use crate::model::Timestamp;
use crate::store::{Store, StoreError, StoredItem};

/// What a search found for one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// How many items match that the person may read and that are searched.
    pub total: usize,
    /// Whether the query was too long, and only its beginning was looked for.
    pub cut: bool,
    pub hits: Vec<SearchHit>,
    /// Where a search for those that follow begins; None if there are no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// One item that matches and that the person may read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchHit {
    pub connection: String,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
    pub updated: Option<Timestamp>,
    /// Facts the source tells of it: labels, whether a comment is resolved.
    pub properties: Vec<(String, String)>,
    /// What it hangs on, as a comment hangs on a page, if the person may read that too.
    pub hangs_on: Option<Anchor>,
    /// Words around the matches, which are marked.
    pub snippet: Snippet,
}

impl Host {
    /// The best items that match and that this person may read, best first, with what waits for the index
    /// taken in first.
    ///
    /// # Errors
    ///
    /// When the query has no word in it, or store or index cannot be read.
    pub fn search(&self, query: &str, person: &str, limit: usize) -> Result<Found, HostError> {
        let query = Query::parse(query)?;
        self.find_in(&self.current_index()?, &query, person, 0, limit)
    }

    /// The same from a place on, in the index as it is: nothing is written, however many ask.
    ///
    /// # Errors
    ///
    /// When store or index cannot be read.
    pub fn find(&self, query: &Query, person: &str, from: usize, limit: usize) -> Result<Found, HostError> {
        self.find_in(&self.open_index()?, query, person, from, limit)
    }

    /// The index only sees the numbers the person may read, of what is searched; each hit is then judged again from
    /// its own rows in the store, so that neither a stale index nor a stale set shows anything.
    fn find_in(
        &self,
        index: &Index,
        query: &Query,
        person: &str,
        from: usize,
        limit: usize,
    ) -> Result<Found, HostError> {
        let _timed = self.meters.timed();
        let (asker, forests) = self.readers.asker(&self.store, person)?;
        let mut scopes = Vec::new();
        for (name, value) in query.properties() {
            let under = forests.under(&self.store.roots_with_property(&name, &value)?);
            scopes.push(((name, value), under));
        }
        let scope = |name: &str, value: &str| {
            let found = scopes.iter().find(|((n, v), _)| n == name && v == value);
            found.map(|(_, under)| under.clone())
        };
        // What may be read and is searched; nothing else is counted or scored.
        let within = forests.searched(&asker.readable);
        let mut showing =
            Showing { store: &self.store, query, names: Names::default(), anchors: Anchors::default() };
        let (mut hits, mut offset, mut total) = (Vec::new(), from, 0);
        while hits.len() < limit {
            let found = index.search(query, &within, &scope, offset, limit)?;
            total = found.total;
            if found.hits.is_empty() {
                break;
            }
            for hit in found.hits {
                if hits.len() == limit {
                    break;
                }
                offset += 1;
                let Some(item) = self.store.items_by_num(&[hit.num])?.pop() else { continue };
                let searchable = forests.searchable(item.connection);
                if searchable.is_none_or(|all| all.left_out(item.num, &item.kind).is_some()) {
                    continue;
                }
                let identity = asker.identity(item.connection);
                if explain(&self.store, item.num, &identity)?.readable {
                    hits.push(showing.show(item, &identity)?);
                }
            }
        }
        let next = Some(offset).filter(|offset| *offset < total.min(HITS_MAX));
        Ok(Found { total, cut: query.is_cut(), hits, next })
    }

    /// The index with what waits in the outbox taken in, unless a sync is just doing that.
    fn current_index(&self) -> Result<Index, HostError> {
        let index = self.open_index()?;
        if self.store.outbox_len_after(index.position()?)? > 0 {
            match self.catch_up() {
                Ok(_) | Err(HostError::Index(crate::index::Error::Busy(_))) => {}
                Err(error) => return Err(error),
            }
            index.refresh()?;
        }
        Ok(index)
    }
}

/// What a hit is shown with, looked up once for all of them.
struct Showing<'a> {
    store: &'a Store,
    query: &'a Query,
    names: Names,
    anchors: Anchors,
}

impl Showing<'_> {
    /// Without the score: it depends on how often a word occurs in all items, also in those that the
    /// person may not read.
    fn show(&mut self, item: StoredItem, identity: &Identity) -> Result<SearchHit, StoreError> {
        let text = self.names.readable(self.store, &item)?;
        let hangs_on = self.anchors.anchor(self.store, &item, identity)?;
        Ok(SearchHit {
            connection: item.connection_name,
            id: item.id,
            kind: item.kind,
            title: item.title,
            url: item.url,
            updated: item.updated,
            properties: item.properties,
            hangs_on,
            snippet: text_snippet(&text, self.query),
        })
    }
}
