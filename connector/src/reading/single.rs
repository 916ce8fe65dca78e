//! Restrictions of single pages, blog posts and folders, where no search told them. Each costs a request, and
//! each is logged.

use crate::confluence::answer::{self, Refusal};
use crate::confluence::id::Id;
use crate::confluence::restriction::{Readers, Restriction};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access;
use crate::item::page::Facts;
use crate::model::Access;
use crate::transport::{Level, Response, Transport};
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// The most subjects of each kind that one answer names.
const SUBJECTS_MAX: usize = 200;

/// More portions than this are not a restriction but a server that repeats itself: 100,000 readers.
const PORTIONS_MAX: usize = 500;

/// More pages than this are not asked for in one call: a host lets a call send a thousand requests, and a
/// call that fails for that would never get any further.
const PAGES_MAX: usize = 500;

/// Why a restriction has to be read singly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    NotFoundBySearch,
    /// The search found it, and told the labels but not the restriction.
    LeftOutBySearch(Vec<String>),
    SearchFailed(String),
    /// The search named as many as it names at most. It told the labels.
    TooManyNamed(Vec<String>),
}

/// `/content/{id}/restriction`: both operations.
#[derive(Deserialize)]
struct Restrictions {
    results: Vec<Restriction>,
}

/// One page whose restriction is being read.
struct Asking {
    id: Id,
    labels: Vec<String>,
    /// What the portions named so far.
    so_far: Readers,
    portions: usize,
}

/// Reads the restriction of each page, several at a time. One that cannot be read is `unknown`.
pub fn read<T: Transport>(
    site: &Site<'_, T>,
    pages: Vec<(Id, Why)>,
    facts: &mut BTreeMap<Id, Facts>,
) -> Result<(), Error> {
    let mut pages = pages;
    for (id, why) in pages.drain(pages.len().min(PAGES_MAX)..) {
        let fields = [("id", id.as_str()), ("reason", why.words())];
        site.log(Level::Warn, "too many restrictions to read singly; nobody may read this one", &fields);
        let asking = Asking { id, labels: Vec::new(), so_far: Readers::default(), portions: 0 };
        asking.conclude(Access::Unknown, facts);
    }
    let questions = pages.into_iter().map(|(id, why)| {
        let fields = [("id", id.as_str()), ("reason", why.words())];
        site.log(Level::Info, "restriction read singly", &fields);
        first_question(site, id, why)
    });
    let mut unread: u32 = 0;
    let take = |asking: Asking, url: &Url, answer: Result<Response, Refusal>| {
        let readers = answer.and_then(|response| readers(url, &response));
        match readers {
            Ok(readers) => Ok(asking.add(site, readers, facts)),
            Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                let fields = [("id", asking.id.as_str()), ("reason", &reason)];
                site.log(Level::Warn, "a restriction could not be read", &fields);
                asking.conclude(Access::Unknown, facts);
                unread += 1;
                Ok(None)
            }
        }
    };
    site.get_many(questions, take)?;
    if unread > 0 {
        let message = "hidden from everybody, since their restrictions could not be read";
        site.log(Level::Warn, message, &[("count", &unread.to_string())]);
    }
    Ok(())
}

fn first_question<T: Transport>(site: &Site<'_, T>, id: Id, why: Why) -> (Asking, Url) {
    let url = match why {
        Why::TooManyNamed(_) => portion(site, &id, 0),
        _ => {
            let limit = SUBJECTS_MAX.to_string();
            site.v1(&["content", id.as_str(), "restriction"], &[("limit", &limit)])
        }
    };
    let labels = match why {
        Why::TooManyNamed(labels) | Why::LeftOutBySearch(labels) => labels,
        _ => Vec::new(),
    };
    let asking = Asking { id, labels, so_far: Readers::default(), portions: 0 };
    (asking, url)
}

/// One portion of the readers, of either list from this entry on.
fn portion<T: Transport>(site: &Site<'_, T>, id: &Id, start: usize) -> Url {
    let path = ["content", id.as_str(), "restriction", "byOperation", "read"];
    let limit = SUBJECTS_MAX;
    let query = [("start", &*start.to_string()), ("limit", &limit.to_string())];
    site.v1(&path, &query)
}

/// The `read` restriction in either of the two answers.
fn readers(url: &Url, response: &Response) -> Result<Readers, Refusal> {
    let read = if url.path().ends_with("/byOperation/read") {
        Some(answer::parse::<Restriction>(url, response)?)
    } else {
        let both: Restrictions = answer::parse(url, response)?;
        let is_read = |one: &Restriction| one.operation.as_deref() == Some("read");
        both.results.into_iter().find(is_read)
    };
    let readers = read.and_then(|read| read.readers());
    readers.ok_or_else(|| {
        let asked = answer::attempt(url);
        Refusal::unexpected(format!("{asked} and got no complete read restriction"))
    })
}

impl Asking {
    /// Adds a portion, and concludes or asks for the next one, which begins where this one ended: sites may
    /// name fewer than they are asked for.
    fn add<T: Transport>(
        mut self,
        site: &Site<'_, T>,
        readers: Readers,
        facts: &mut BTreeMap<Id, Facts>,
    ) -> Option<(Asking, Url)> {
        let (full, entries) = (readers.full, readers.entries);
        self.so_far.restricted |= readers.restricted;
        self.so_far.users.extend(readers.users);
        self.so_far.groups.extend(readers.groups);
        self.so_far.entries += entries;
        self.portions += 1;
        if !full {
            let readers = std::mem::take(&mut self.so_far);
            self.conclude(access::of_page(readers), facts);
            return None;
        }
        // A list that claims to be full and names nobody would never end.
        if entries == 0 || self.portions >= PORTIONS_MAX {
            self.conclude(Access::Unknown, facts);
            return None;
        }
        let url = portion(site, &self.id, self.so_far.entries);
        Some((self, url))
    }

    fn conclude(self, access: Access, facts: &mut BTreeMap<Id, Facts>) {
        let labels = self.labels;
        facts.insert(self.id, Facts { access, labels, above: None });
    }
}

impl Why {
    fn words(&self) -> &str {
        match self {
            Why::NotFoundBySearch => "the search did not mention it",
            Why::LeftOutBySearch(_) => "the search did not tell it",
            Why::SearchFailed(reason) => reason,
            Why::TooManyNamed(_) => "more are named than the search tells",
        }
    }
}
