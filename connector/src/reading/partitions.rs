//! Which partitions there are, and what each needs to know.
//!
//! A site may have thousands of personal spaces with next to nothing in them, so pages are not split by space:
//! spaces go into four buckets, and one listing names up to a hundred spaces of a bucket. Comments and
//! attachments can only be listed for the whole site, or page by page, so they are listed for the whole site.

use super::plans::Plan;
use super::rights::{self, Rights};
use super::selected::{Hang, Selected};
use super::{judge, places};
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::model::Partition;
use crate::transport::{Level, Response, Transport};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Pages are read this many ways side by side. More would not be faster: one account may have few requests
/// in flight.
const BUCKETS: u64 = 4;

/// With more spaces than these, partitions of their own would mean many small requests.
const OWN_PARTITIONS_MAX: usize = 20;

const NODES: &str = "Folders, whiteboards, databases and Smart Links";

/// A label that named more would not be read.
const KEYS_IN_LABEL_MAX: usize = 3;

/// What a partition knows from its listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// What changed anywhere.
    Changes {
        /// The filter's: what changed under one says nothing of what changed under another.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        digest: String,
    },
    Directory,
    Pages {
        spaces: Vec<Space>,
        #[serde(default, skip_serializing_if = "Rights::are_plain")]
        rights: Rights,
    },
    BlogPosts {
        /// The key of each space.
        keys: BTreeMap<Id, String>,
    },
    FooterComments,
    InlineComments,
    Attachments,
    /// Folders, whiteboards, databases and Smart Links.
    Nodes {
        /// The key of each space.
        keys: BTreeMap<Id, String>,
        /// The keys of archived spaces, which need a search of their own.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        archived: Vec<String>,
        /// Whether other spaces are left out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        only: bool,
        /// Tells one filter from another: it decides which of them are found, and which are only places.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        digest: String,
    },
    Audit,
    /// What a filter wants of some spaces.
    Selected(Selected),
}

impl Token {
    /// Whether it is of the dataset that inventories are made of.
    pub fn is_content(&self) -> bool {
        !matches!(self, Token::Changes { .. } | Token::Directory | Token::Audit)
    }

    pub fn decode(text: &str) -> Result<Token, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::StalePosition(format!("could not understand the partition's token: {error}"))
        })
    }
}

pub fn changes(filter: &Filter) -> Result<Vec<Partition>, Error> {
    let token = Token::Changes { digest: filter.digest_of_all().to_owned() };
    Ok(vec![partition("all", "What changed".to_owned(), &token)?])
}

pub fn directory() -> Result<Vec<Partition>, Error> {
    let people = partition("people", "People and groups".to_owned(), &Token::Directory)?;
    Ok(vec![people])
}

pub fn content<T: Transport>(site: &Site<'_, T>, filter: &Filter) -> Result<Vec<Partition>, Error> {
    let spaces = spaces(site)?;
    let rights = rights::ask(site)?;
    match filter.is_plain() {
        true => whole_site(filter, &spaces, &rights),
        false => selected(site, filter, spaces, &rights),
    }
}

/// Without a filter, or with one that leaves nothing out but comments or attachments.
fn whole_site(filter: &Filter, spaces: &[Space], rights: &Rights) -> Result<Vec<Partition>, Error> {
    let keys = spaces.iter().map(|space| (space.id.clone(), space.key.clone()));
    let keys: BTreeMap<Id, String> = filled(keys);
    let mut partitions = Vec::new();
    for bucket in 0..BUCKETS {
        let within = |space: &&Space| space.id.number() % BUCKETS == bucket;
        let spaces: Vec<Space> = spaces.iter().filter(within).cloned().collect();
        if !spaces.is_empty() {
            let label = label(&spaces);
            let token = Token::Pages { spaces, rights: rights.clone() };
            partitions.push(partition(&format!("pages-{bucket}"), label, &token)?);
        }
    }
    let kinds = filter.kinds;
    let walks = [
        (true, "nodes", NODES, nodes(filter, spaces, false)),
        (true, "blogposts", "Blog posts", Token::BlogPosts { keys }),
        (kinds.comments, "footer-comments", "Footer comments", Token::FooterComments),
        (kinds.comments, "inline-comments", "Inline comments", Token::InlineComments),
        (kinds.attachments, "attachments", "Attachments", Token::Attachments),
    ];
    for (_, id, label, token) in walks.into_iter().filter(|(on, ..)| *on) {
        partitions.push(partition(id, label.to_owned(), &token)?);
    }
    Ok(partitions)
}

/// Few spaces get partitions of their own, so that one more or one less concerns no other; many go into buckets.
fn selected<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    spaces: Vec<Space>,
    rights: &Rights,
) -> Result<Vec<Partition>, Error> {
    warn_of_unknown(site, filter, &spaces);
    let kept = |space: &Space| filter.keeps_space(judge::of(space)) != Some(false);
    let spaces: Vec<Space> = spaces.into_iter().filter(kept).collect();
    let few = !filter.spaces.only.is_empty() && spaces.len() <= OWN_PARTITIONS_MAX;
    let homes = homes(site, filter)?;
    let mut partitions = Vec::new();
    for (of, name) in [(Posting::Page, "pages"), (Posting::BlogPost, "blogposts")] {
        // The partitions of pages deliver the spaces too.
        if of == Posting::BlogPost && !filter.reads(of) {
            continue;
        }
        let plan = Plan::of(filter, of);
        let mut groups: BTreeMap<String, (Plan, Vec<Space>)> = BTreeMap::new();
        for space in &spaces {
            let plan = plan.in_space(space, homes.as_ref().filter(|_| of == Posting::Page));
            let id = match plan {
                _ if few && plan != Plan::Ids => format!("{name}-of-{}", space.id),
                Plan::Nothing => format!("{name}-nowhere"),
                Plan::Rows(_) if judge::is_archived(space) => format!("{name}-archived"),
                Plan::Whole | Plan::Rows(_) if of == Posting::Page => {
                    format!("{name}-{}", space.id.number() % BUCKETS)
                }
                _ => name.to_owned(),
            };
            groups.entry(id).or_insert_with(|| (plan, Vec::new())).1.push(space.clone());
        }
        for (id, (plan, spaces)) in groups {
            if of == Posting::BlogPost && plan == Plan::Nothing {
                continue;
            }
            let label = selected_label(filter, of, plan, &spaces);
            let token = Selected {
                hang: hang(filter, of),
                with_spaces: of == Posting::Page,
                digest: filter.digest(of).to_owned(),
                rights: rights.clone(),
                spaces,
                of,
                plan,
            };
            partitions.push(partition(&id, label, &Token::Selected(token))?);
        }
    }
    // Where no pages are read, nothing hangs in a folder; it may still be wanted itself.
    let at_home = |space: &Space| homes.as_ref().is_none_or(|homes| homes.contains(&space.id));
    let with_nodes: Vec<Space> = spaces.into_iter().filter(at_home).collect();
    if !with_nodes.is_empty() && (filter.kinds.pages || filter.kinds.other) {
        let only = filter.limits_spaces() || homes.is_some();
        partitions.push(partition("nodes", NODES.to_owned(), &nodes(filter, &with_nodes, only))?);
    }
    Ok(partitions)
}

/// Folders and their like of some spaces; `only` if there are others that are left out.
fn nodes(filter: &Filter, spaces: &[Space], only: bool) -> Token {
    let archived = spaces.iter().filter(|space| judge::is_archived(space));
    Token::Nodes {
        keys: filled(spaces.iter().map(|space| (space.id.clone(), space.key.clone()))),
        archived: archived.map(|space| space.key.clone()).collect(),
        only,
        digest: filter.digest(Posting::Page).to_owned() + if filter.kinds.other { "" } else { "-places" },
    }
}

/// The spaces that hold the chosen pages, a request for every 250 of them; none if no pages are chosen. Only there
/// has a listing to be gone through.
fn homes<T: Transport>(site: &Site<'_, T>, filter: &Filter) -> Result<Option<BTreeSet<Id>>, Error> {
    if filter.pages.only.is_empty() || !filter.reads(Posting::Page) {
        return Ok(None);
    }
    let ids: Vec<Id> = filter.pages.only.iter().cloned().collect();
    let rows = places::rows_of(site, &ids)?;
    for id in ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id)) {
        let message = "the settings name a page that this account does not see";
        site.log(Level::Warn, message, &[("page", id.as_str())]);
    }
    Ok(Some(filled(rows.into_iter().filter_map(|row| row.space_id))))
}

/// A search by space finds what hangs on pages and on blog posts alike, archived or not; so it is only used where
/// all of them are wanted.
fn hang(filter: &Filter, of: Posting) -> Hang {
    let whole = |of| filter.reads(of) && Plan::of(filter, of) == Plan::Whole;
    match of {
        _ if !(whole(Posting::Page) && whole(Posting::BlogPost) && filter.archived_pages) => Hang::OnEach,
        Posting::Page => Hang::InSpaces,
        Posting::BlogPost => Hang::Elsewhere,
    }
}

/// v2 and the search look keys up without regard to case; the filter does not.
fn warn_of_unknown<T: Transport>(site: &Site<'_, T>, filter: &Filter, spaces: &[Space]) {
    for key in filter.spaces.only.union(&filter.spaces.never) {
        if !spaces.iter().any(|space| space.key == *key) {
            let message = "the settings name a space that this account does not see";
            site.log(Level::Warn, message, &[("space", key)]);
        }
    }
}

/// All spaces that the account sees, by id. Each status is asked for by its name, since it is not documented
/// what comes without one.
pub fn spaces<T: Transport>(site: &Site<'_, T>) -> Result<Vec<Space>, Error> {
    let ask = |status| {
        let query = [("limit", "250"), ("sort", "id"), ("status", status)];
        ((), site.v2(&["spaces"], &query))
    };
    let mut spaces = BTreeMap::new();
    let take = |(): (), url: &Url, answer: Result<Response, Refusal>| {
        let list = list::read::<SpaceRow>(url, &answer?)?;
        for odd in &list.unreadable {
            site.log(Level::Warn, "skipped a space of an unknown shape", &[("reason", &odd.reason)]);
        }
        for row in list.rows {
            spaces.insert((row.id.number(), row.id.clone()), Space::from(row));
        }
        Ok(list.next.map(|next| ((), next)))
    };
    site.get_many(["current", "archived"].map(ask), take)?;
    Ok(spaces.into_values().collect())
}

pub fn partition(id: &str, label: String, token: &Token) -> Result<Partition, Error> {
    let token = serde_json::to_string(token)
        .map_err(|error| Error::Unexpected(format!("could not write a token down: {error}")))?;
    Ok(Partition { id: id.to_owned(), label, token })
}

fn label(spaces: &[Space]) -> String {
    format!("Pages in {}", named(spaces))
}

/// `Pages in ENG, changed from 2026-01-01T00:00:00Z on (by date, bodies of the wanted only)`
fn selected_label(filter: &Filter, of: Posting, plan: Plan, spaces: &[Space]) -> String {
    let what = match of {
        Posting::Page => "Pages",
        Posting::BlogPost => "Blog posts",
    };
    if !filter.reads(of) || plan == Plan::Nothing {
        return format!("Spaces {}, without their pages", named(spaces));
    }
    let words = filter.words(of);
    let comma = if words.is_empty() { "" } else { ", " };
    format!("{what} in {}{comma}{words} ({})", named(spaces), plan.words())
}

fn named(spaces: &[Space]) -> String {
    let keys = spaces.iter().take(KEYS_IN_LABEL_MAX);
    let named = keys.map(|space| space.key.as_str()).collect::<Vec<_>>().join(", ");
    match spaces.len().saturating_sub(KEYS_IN_LABEL_MAX) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
