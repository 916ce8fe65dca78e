//! Restrictions and labels, two hundred pages a request.
//!
//! v2 tells neither, so v1's search is asked for the same ids while v2 lists further pages. The search looks
//! into an index that lags behind and leaves archived pages out; those are asked for in a search of their own, and what no
//! search mentions is asked for singly, since silence must never mean "open".

use super::single::{self, Why};
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list::{self, List};
use crate::confluence::restriction::ContentRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access;
use crate::item::page::Facts;
use crate::transport::{Level, Transport};
use std::collections::BTreeMap;
use url::Url;

/// The most rows that v1's search returns when it expands anything (Atlassian's knowledge base, 1032258424).
const SEARCH_ROWS_MAX: usize = 200;

const EXPAND: &str =
    "restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels";

/// Ids of pages and blog posts, asked for as soon as there are enough of them for a request.
pub struct Question<'s, 't, T: Transport> {
    site: &'s Site<'t, T>,
    current: Vec<Id>,
    archived: Vec<Id>,
    sent: Vec<Search<T::Pending>>,
}

struct Search<P> {
    ids: Vec<Id>,
    archived: bool,
    url: Url,
    pending: P,
}

impl<'s, 't, T: Transport> Question<'s, 't, T> {
    pub fn new(site: &'s Site<'t, T>) -> Self {
        Question {
            site,
            current: Vec::new(),
            archived: Vec::new(),
            sent: Vec::new(),
        }
    }

    pub fn ask(&mut self, id: Id, archived: bool) {
        let waiting = if archived {
            &mut self.archived
        } else {
            &mut self.current
        };
        waiting.push(id);
        if waiting.len() >= SEARCH_ROWS_MAX {
            let ids = std::mem::take(waiting);
            self.search(ids, archived);
        }
    }

    /// Sends what still waits, and collects everything. Every id that was asked for is answered.
    pub fn answers(mut self) -> Result<BTreeMap<Id, Facts>, Error> {
        for archived in [false, true] {
            let waiting = if archived {
                std::mem::take(&mut self.archived)
            } else {
                std::mem::take(&mut self.current)
            };
            if !waiting.is_empty() {
                self.search(waiting, archived);
            }
        }
        let mut answers = Answers::default();
        for search in self.sent {
            let Search {
                ids,
                archived,
                url,
                pending,
            } = search;
            let first = self.site.wait(&url, pending);
            let first = first.and_then(|response| list::read(&url, &response));
            let found = answers.take_all(self.site, &ids, first);
            let why = match found {
                Ok(()) if archived => Why::Archived,
                Ok(()) => Why::NotFoundBySearch,
                Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
                Err(refusal) => Why::SearchFailed(refusal.error.message()),
            };
            answers.missing(ids, &why);
        }
        single::read(self.site, answers.missing, &mut answers.facts)?;
        Ok(answers.facts)
    }

    fn search(&mut self, ids: Vec<Id>, archived: bool) {
        let cql = format!("id in ({})", super::pages::join(ids.iter()));
        let limit = SEARCH_ROWS_MAX.to_string();
        let mut query = vec![("cql", cql.as_str()), ("limit", &limit), ("expand", EXPAND)];
        if archived {
            query.push(("cqlcontext", r#"{"contentStatuses":["archived"]}"#));
        }
        let url = self.site.v1(&["content", "search"], &query);
        let pending = self.site.send(&url);
        self.sent.push(Search {
            ids,
            archived,
            url,
            pending,
        });
    }
}

#[derive(Default)]
struct Answers {
    facts: BTreeMap<Id, Facts>,
    /// What the searches left open, and why.
    missing: Vec<(Id, Why)>,
}

impl Answers {
    /// Takes the rows of a search, and of its further pages if it returned fewer than it was asked for.
    fn take_all<T: Transport>(
        &mut self,
        site: &Site<'_, T>,
        ids: &[Id],
        first: Result<List<ContentRow>, Refusal>,
    ) -> Result<(), Refusal> {
        let mut list = first?;
        let mut rows = 0;
        loop {
            rows += list.rows.len();
            let some = !list.rows.is_empty();
            for odd in &list.unreadable {
                let id = odd.id.as_ref().map_or("", Id::as_str);
                let fields = [("id", id), ("reason", odd.reason.as_str())];
                site.log(Level::Warn, "a restriction of an unknown shape", &fields);
            }
            for row in list.rows {
                self.take(row);
            }
            // A page that brought nothing would be followed by others like it.
            match list.next {
                Some(next) if some && rows < ids.len() => list = site.get_list(&next)?,
                _ => return Ok(()),
            }
        }
    }

    fn take(&mut self, row: ContentRow) {
        let labels = row.labels();
        match row.readers() {
            Some(readers) if readers.full => {
                self.missing.push((row.id, Why::TooManyNamed(labels)));
            }
            Some(readers) => {
                let access = access::of_page(readers);
                self.facts.insert(row.id, Facts { access, labels });
            }
            // It says nothing of the restriction; whoever asks singly will know.
            None => {}
        }
    }

    fn missing(&mut self, ids: Vec<Id>, why: &Why) {
        for id in ids {
            let known =
                self.facts.contains_key(&id) || self.missing.iter().any(|(known, _)| *known == id);
            if !known {
                self.missing.push((id, why.clone()));
            }
        }
    }
}
