//! Which requests find what a filter wants. Pure but for the site's address.
//!
//! What a filter excludes is not downloaded, so a listing with bodies is only used where the filter wants every row
//! of it. Otherwise rows are listed without bodies, judged, and the bodies of the wanted ones asked for by id.

use super::judge::is_archived;
use super::pages::join;
use crate::confluence::id::Id;
use crate::confluence::site::Site;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::transport::Transport;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// The most that v2 takes in `space-id`; also keys and ids in a clause of a search, for the length of addresses.
pub const SPACES_PER_LISTING: usize = 100;
/// The most that v2 takes in `id`.
pub const IDS_PER_LISTING: usize = 250;

/// How candidates are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plan {
    /// Listings of whole spaces, with bodies: all of it is wanted.
    Whole,
    /// Listings of whole spaces without bodies.
    Rows(Sort),
    /// A search for labels or for what lies below some pages.
    Search,
    /// The blog posts of these ids.
    Ids,
    /// Nothing of these spaces can be wanted but the spaces themselves.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    Id,
    /// Newest first, and no further than the window goes back.
    Modified,
    Created,
}

impl Plan {
    /// The cheapest plan. A window that slides counts as one with a beginning.
    pub fn of(filter: &Filter, posting: Posting) -> Plan {
        let begins = |window: &crate::filter::Window| window.after.is_some() || window.within_days.is_some();
        let named = !filter.ids(posting).only.is_empty();
        match posting {
            _ if !filter.is_fine(posting) => Plan::Whole,
            Posting::BlogPost if named => Plan::Ids,
            _ if named || !filter.labels.only.is_empty() => Plan::Search,
            _ if begins(&filter.modified) => Plan::Rows(Sort::Modified),
            _ if begins(&filter.created) => Plan::Rows(Sort::Created),
            _ => Plan::Rows(Sort::Id),
        }
    }

    /// The plan for one space. No search sees archived spaces, so they are listed; but none that is not among the
    /// `homes` of the chosen pages.
    pub fn in_space(self, space: &Space, homes: Option<&BTreeSet<Id>>) -> Plan {
        match self {
            Plan::Search if homes.is_some_and(|homes| !homes.contains(&space.id)) => Plan::Nothing,
            Plan::Search if is_archived(space) => Plan::Rows(Sort::Id),
            plan => plan,
        }
    }

    /// `by date`, for the label of a partition.
    pub fn words(self) -> &'static str {
        match self {
            Plan::Whole => "all of them",
            Plan::Rows(Sort::Id) => "one by one, bodies of the wanted only",
            Plan::Rows(Sort::Modified | Sort::Created) => "by date, bodies of the wanted only",
            Plan::Search => "by search, bodies of the wanted only",
            Plan::Ids => "by id",
            Plan::Nothing => "nothing of them",
        }
    }

    /// The listings to walk, one after the other. `filter` is frozen; `bodies` are those of [`Plan::Whole`].
    pub fn listings<T: Transport>(
        self,
        site: &Site<'_, T>,
        filter: &Filter,
        posting: Posting,
        spaces: &[Space],
        bodies: Bodies,
    ) -> Vec<Url> {
        match self {
            Plan::Whole => {
                let more: Vec<_> = [("sort", "id")].iter().chain(bodies.query()).copied().collect();
                whole_spaces(site, filter, posting, spaces, &more)
            }
            Plan::Rows(sort) => whole_spaces(site, filter, posting, spaces, &[("sort", sort.word())]),
            Plan::Ids => {
                let ids: Vec<&Id> = filter.ids(posting).only.iter().collect();
                let chunks = ids.chunks(IDS_PER_LISTING);
                chunks.map(|ids| by_id(site, posting, ids.iter().copied(), Bodies::None)).collect()
            }
            Plan::Search => searches(site, filter, posting, spaces),
            Plan::Nothing => Vec::new(),
        }
    }

    /// Newest first, the time of a row before which nothing can follow that is wanted.
    pub fn end(self, filter: &Filter) -> Option<u64> {
        match self {
            Plan::Rows(Sort::Modified) => filter.modified.after,
            Plan::Rows(Sort::Created) => filter.created.after,
            _ => None,
        }
    }
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Sort::Id => "id",
            Sort::Modified => "-modified-date",
            Sort::Created => "-created-date",
        }
    }
}

/// What v2 calls the formats of bodies. An inventory reads none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodies {
    None,
    Storage,
    /// The editor's.
    Adf,
}

impl Bodies {
    pub fn query(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Bodies::None => &[],
            Bodies::Storage => &[("body-format", "storage")],
            Bodies::Adf => &[("body-format", "atlas_doc_format")],
        }
    }
}

/// The listing of some ids.
pub fn by_id<'i, T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    ids: impl Iterator<Item = &'i Id>,
    bodies: Bodies,
) -> Url {
    let ids = join(ids);
    let mut query = vec![("id", &*ids), ("status", statuses(posting, true)), ("sort", "id")];
    query.extend(bodies.query());
    site.v2(&[route(posting)], &query)
}

pub fn route(posting: Posting) -> &'static str {
    match posting {
        Posting::Page => "pages",
        Posting::BlogPost => "blogposts",
    }
}

/// Blog posts cannot be archived.
fn statuses(posting: Posting, archived: bool) -> &'static str {
    match posting {
        Posting::Page if archived => "current,archived",
        _ => "current",
    }
}

fn whole_spaces<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    posting: Posting,
    spaces: &[Space],
    more: &[(&str, &str)],
) -> Vec<Url> {
    let listing = |spaces: &[Space]| {
        let ids = join(spaces.iter().map(|space| &space.id));
        let mut query = vec![("space-id", &*ids), ("status", statuses(posting, filter.archived_pages))];
        query.extend(more);
        site.v2(&[route(posting)], &query)
    };
    spaces.chunks(SPACES_PER_LISTING).map(listing).collect()
}

/// Makes a search see archived pages, and no others.
pub const ARCHIVED: (&str, &str) = ("cqlcontext", r#"{"contentStatuses":["archived"]}"#);

/// The search sees no archived pages unless it is told to.
fn searches<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    posting: Posting,
    spaces: &[Space],
) -> Vec<Url> {
    let mut clauses = vec![format!("type={}", posting.kind())];
    if posting == Posting::Page && !filter.pages.only.is_empty() {
        let ids = join(filter.pages.only.iter());
        clauses.push(format!("(id in ({ids}) or ancestor in ({ids}))"));
    }
    if !filter.labels.only.is_empty() {
        clauses.push(format!("label in ({})", quoted(filter.labels.only.iter())));
    }
    let rows = IDS_PER_LISTING.to_string();
    let mut listings = Vec::new();
    // All spaces need not be named; what is found in others is judged away.
    let named = filter.limits_spaces() || spaces.len() <= SPACES_PER_LISTING;
    for spaces in spaces.chunks(if named { SPACES_PER_LISTING } else { usize::MAX }) {
        let mut cql = clauses.join(" and ");
        if named {
            cql.push_str(&format!(" and {}", in_spaces(spaces.iter())));
        }
        let query = [("cql", &*cql), ("limit", &*rows)];
        listings.push(site.v1(&["content", "search"], &query));
        if posting == Posting::Page && filter.archived_pages {
            listings.push(site.v1(&["content", "search"], &[query[0], query[1], ARCHIVED]));
        }
    }
    listings
}

/// `space in ("ENG","OPS")`
pub fn in_spaces<'s>(spaces: impl Iterator<Item = &'s Space>) -> String {
    format!("space in ({})", quoted(spaces.map(|space| &space.key)))
}

/// Texts as CQL takes them.
pub fn quoted<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    let literal = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    texts.map(literal).collect::<Vec<_>>().join(",")
}
