//! Searching as a person.

use serde::Serialize;

use super::feed::Names;
use super::why::explain;
use super::{Host, HostError};
use crate::index::{Index, Query, Snippet, text_snippet};
use crate::model::Timestamp;
use crate::store::StoredItem;

/// What a search found for one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// How many items match that the person may read and that are searched.
    pub total: usize,
    /// Whether the query was too long, and only its beginning was looked for.
    pub cut: bool,
    pub hits: Vec<SearchHit>,
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
    /// Words around the matches, which are marked.
    pub snippet: Snippet,
}

impl Host {
    /// The best items that match and that this person may read, best first.
    ///
    /// The index only sees the numbers the person may read, of what is searched; each hit is then judged again from
    /// its own rows in the store, so that neither a stale index nor a stale set shows anything.
    ///
    /// # Errors
    ///
    /// When the query has no word in it, or store or index cannot be read.
    pub fn search(&self, query: &str, person: &str, limit: usize) -> Result<Found, HostError> {
        let query = Query::parse(query)?;
        let index = self.current_index()?;
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
        let names = Names::default();
        let (mut hits, mut offset, mut total) = (Vec::new(), 0, 0);
        while hits.len() < limit {
            let found = index.search(&query, &within, &scope, offset, limit)?;
            total = found.total;
            if found.hits.is_empty() {
                break;
            }
            offset += found.hits.len();
            for hit in found.hits {
                if hits.len() == limit {
                    break;
                }
                let Some(item) = self.store.items_by_num(&[hit.num])?.pop() else { continue };
                let searchable = forests.searchable(item.connection);
                if searchable.is_none_or(|all| all.left_out(item.num, &item.kind).is_some()) {
                    continue;
                }
                let identity = asker.identity(item.connection);
                if explain(&self.store, item.num, &identity)?.readable {
                    let text = names.readable(&self.store, &item)?;
                    hits.push(show(item, text_snippet(&text, &query)));
                }
            }
        }
        Ok(Found { total, cut: query.is_cut(), hits })
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

/// Without the score: it depends on how often a word occurs in all items, also in those that the
/// person may not read.
fn show(item: StoredItem, snippet: Snippet) -> SearchHit {
    SearchHit {
        connection: item.connection_name,
        id: item.id,
        kind: item.kind,
        title: item.title,
        url: item.url,
        updated: item.updated,
        properties: item.properties,
        snippet,
    }
}
