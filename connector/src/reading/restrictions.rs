//! Restrictions and labels, two hundred pages a request.
//!
//! v2 tells neither, so v1's search is asked for the same ids while v2 lists further pages. The search looks
//! into an index that lags behind, and leaves archived pages out, which are asked for with their status, and archived
//! spaces. What it does not mention is asked of the search of the whole site, which sees those too; and
//! what no search mentions is asked for singly, since silence must never mean "open".

use super::single::{self, Why};
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list::List;
use crate::confluence::restriction::{self, ContentRow};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access;
use crate::item::page::Facts;
use crate::transport::{Level, Transport};
use std::collections::BTreeMap;
use url::Url;

/// The most rows that v1's search returns when it expands anything (Atlassian's knowledge base, 1032258424).
const SEARCH_ROWS_MAX: usize = 200;

/// What is expanded in such a search.
pub const EXPAND: &str =
    "restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels";

const EXPAND_ABOVE: &str =
    "restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels,ancestors";

/// Ids of pages and blog posts, asked for as soon as there are enough of them for a request.
pub struct Question<'s, 't, T: Transport> {
    site: &'s Site<'t, T>,
    expand: &'static str,
    waiting: Ids,
    sent: Vec<Search<T::Pending>>,
}

#[derive(Default)]
struct Ids {
    current: Vec<Id>,
    archived: Vec<Id>,
}

struct Search<P> {
    ids: Ids,
    url: Url,
    pending: P,
}

impl<'s, 't, T: Transport> Question<'s, 't, T> {
    pub fn new(site: &'s Site<'t, T>) -> Self {
        Question { site, expand: EXPAND, waiting: Ids::default(), sent: Vec::new() }
    }

    /// Asks for the pages above each as well. Their restrictions must not be expanded: a single one that the
    /// account may not see would make the whole search a 404 (CONFCLOUD-77618).
    pub fn with_above(site: &'s Site<'t, T>) -> Self {
        Question { expand: EXPAND_ABOVE, ..Question::new(site) }
    }

    pub fn ask(&mut self, id: Id, archived: bool) {
        let waiting = if archived { &mut self.waiting.archived } else { &mut self.waiting.current };
        waiting.push(id);
        if waiting.len() >= SEARCH_ROWS_MAX {
            let full = std::mem::take(waiting);
            self.search(Ids::of(full, archived));
        }
    }

    /// Sends what still waits, and collects everything. Every id that was asked for is answered.
    pub fn answers(mut self) -> Result<BTreeMap<Id, Facts>, Error> {
        let Ids { current, archived } = std::mem::take(&mut self.waiting);
        if current.len() + archived.len() <= SEARCH_ROWS_MAX {
            self.search(Ids { current, archived });
        } else {
            self.search(Ids::of(current, false));
            self.search(Ids::of(archived, true));
        }
        let mut answers = Answers::default();
        let mut again = Vec::new();
        for search in std::mem::take(&mut self.sent) {
            again.extend(answers.collect(self.site, search)?);
        }
        self.search(Ids::of(again, false));
        for search in std::mem::take(&mut self.sent) {
            answers.collect(self.site, search)?;
        }
        for ids in answers.take_unseen().chunks(SEARCH_ROWS_MAX) {
            let cql = format!("id in ({})", super::pages::join(ids.iter()));
            self.send(Ids::of(ids.to_vec(), false), whole_site(self.site, &cql, self.expand));
        }
        for search in std::mem::take(&mut self.sent) {
            answers.collect(self.site, search)?;
        }
        single::read(self.site, answers.missing, &mut answers.facts)?;
        Ok(answers.facts)
    }

    fn search(&mut self, ids: Ids) {
        if ids.current.is_empty() && ids.archived.is_empty() {
            return;
        }
        let listed = super::pages::join(ids.current.iter().chain(&ids.archived));
        let cql = format!("id in ({listed})");
        let limit = SEARCH_ROWS_MAX.to_string();
        let mut query = vec![("cql", cql.as_str()), ("limit", &limit), ("expand", self.expand)];
        match (ids.current.is_empty(), ids.archived.is_empty()) {
            (true, _) => query.push(("cqlcontext", r#"{"contentStatuses":["archived"]}"#)),
            (false, true) => {}
            (false, false) => query.push(("cqlcontext", r#"{"contentStatuses":["current","archived"]}"#)),
        }
        self.send(ids, self.site.v1(&["content", "search"], &query));
    }

    fn send(&mut self, ids: Ids, url: Url) {
        let pending = self.site.send(&url);
        self.sent.push(Search { ids, url, pending });
    }
}

/// The search that sees archived spaces too, and archived things anywhere.
pub fn whole_site<T: Transport>(site: &Site<'_, T>, cql: &str, expand: &str) -> Url {
    let expand = expand.split(',').map(|name| format!("content.{name}"));
    let expand = expand.collect::<Vec<_>>().join(",");
    let limit = SEARCH_ROWS_MAX.to_string();
    let query = [
        ("cql", cql),
        ("limit", &limit),
        ("expand", &expand),
        ("includeArchivedSpaces", "true"),
        ("cqlcontext", r#"{"contentStatuses":["current","archived"]}"#),
    ];
    site.v1(&["search"], &query)
}

/// What rows of a search tell, and what single requests tell of those that say too little.
pub fn of_rows<T: Transport>(
    site: &Site<'_, T>,
    rows: Vec<ContentRow>,
) -> Result<BTreeMap<Id, Facts>, Error> {
    let mut answers = Answers::default();
    rows.into_iter().for_each(|row| answers.take(row));
    single::read(site, answers.missing, &mut answers.facts)?;
    Ok(answers.facts)
}

impl Ids {
    fn of(ids: Vec<Id>, archived: bool) -> Ids {
        let (current, archived) = if archived { (Vec::new(), ids) } else { (ids, Vec::new()) };
        Ids { current, archived }
    }
}

#[derive(Default)]
struct Answers {
    facts: BTreeMap<Id, Facts>,
    /// What the searches left open, and why.
    missing: Vec<(Id, Why)>,
}

impl Answers {
    /// Waits for a search, and notes what it leaves open. Returns the current pages that a search for both
    /// statuses did not mention: they get a plain one before they are asked for singly, since sites are not
    /// sure to honour the statuses.
    fn collect<T: Transport>(
        &mut self,
        site: &Site<'_, T>,
        search: Search<T::Pending>,
    ) -> Result<Vec<Id>, Error> {
        let Search { ids, url, pending } = search;
        let first = site.wait(&url, pending);
        let first = first.and_then(|response| restriction::read(&url, &response));
        let asked = ids.current.len() + ids.archived.len();
        let failed = match self.take_all(site, asked, first) {
            Ok(()) => None,
            Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
            Err(refusal) => Some(Why::SearchFailed(refusal.error.message())),
        };
        let mixed = !ids.archived.is_empty();
        let failed = failed.unwrap_or(Why::NotFoundBySearch);
        self.missing(ids.archived, &failed);
        if mixed {
            let open = ids.current.into_iter().filter(|id| !self.told(id));
            return Ok(open.collect());
        }
        self.missing(ids.current, &failed);
        Ok(Vec::new())
    }

    /// Takes the rows of a search, and of its further pages if it returned fewer than it was asked for.
    fn take_all<T: Transport>(
        &mut self,
        site: &Site<'_, T>,
        asked: usize,
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
                Some(next) if some && rows < asked => list = restriction::read(&next, &site.get(&next)?)?,
                _ => return Ok(()),
            }
        }
    }

    fn take(&mut self, row: ContentRow) {
        // Without all its labels a row is no ground to judge a page by: it is asked for singly, if a filter needs it.
        let (labels, above) = (row.labels(), row.above().filter(|_| row.tells_labels()));
        match row.readers() {
            Some(readers) if readers.full => {
                self.missing.push((row.id, Why::TooManyNamed(labels)));
            }
            Some(readers) => {
                let access = access::of_page(readers);
                self.facts.insert(row.id, Facts { access, labels, above });
            }
            None => self.missing.push((row.id, Why::LeftOutBySearch(labels))),
        }
    }

    /// Those that no search mentioned so far, and that did not fail.
    fn take_unseen(&mut self) -> Vec<Id> {
        let missing = std::mem::take(&mut self.missing);
        let (unseen, others): (Vec<_>, Vec<_>) =
            missing.into_iter().partition(|(_, why)| *why == Why::NotFoundBySearch);
        self.missing = others;
        unseen.into_iter().map(|(id, _)| id).collect()
    }

    fn missing(&mut self, ids: Vec<Id>, why: &Why) {
        for id in ids {
            if !self.told(&id) {
                self.missing.push((id, why.clone()));
            }
        }
    }

    /// Whether there is no more to learn about a page from searches.
    fn told(&self, id: &Id) -> bool {
        self.facts.contains_key(id) || self.missing.iter().any(|(missing, _)| missing == id)
    }
}
