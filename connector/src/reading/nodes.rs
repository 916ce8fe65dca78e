//! Folders, whiteboards, databases and Smart Links.
//!
//! v1's search finds them, two hundred a request, and tells who may view them. It does not tell where they
//! stand in a way that could be trusted, so each is read by its id: a request a node. What the search leaves
//! out, because it lags behind or for any other reason, is read in [`super::parents`] where pages lie in it.

use super::asked::{self, Told};
use super::cursor::{Cursor, Place};
use super::{places, restrictions};
use crate::confluence::id::Id;
use crate::confluence::list::List;
use crate::confluence::next;
use crate::confluence::node::{NodeKind, NodeRow};
use crate::confluence::restriction::{self, ContentRow};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Filter;
use crate::item::id::ItemId;
use crate::item::page::{Facts, Posting};
use crate::item::{node, place};
use crate::model::{Access, Change, Failure};
use crate::transport::{Level, Transport};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

type Keys = BTreeMap<Id, String>;

const CQL: &str = "type in (folder,whiteboard,database,embed)";

/// The most rows that v1's search returns when it expands anything.
const ROWS: &str = "200";

/// Spaces that one search names: their keys make a request's address longer.
const SPACES_PER_SEARCH: usize = 50;

/// The search does not see archived things unless it is asked for them, and those in archived spaces only by
/// the search of the whole site. Each may be limited to some spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search<'k> {
    Current(&'k [&'k str]),
    Archived(&'k [&'k str]),
    ArchivedSpaces(&'k [&'k str]),
}

/// Where to look for them.
pub struct Nodes<'k> {
    /// The key of each space.
    pub keys: &'k Keys,
    /// The keys of archived spaces.
    pub archived: &'k [String],
    /// Whether other spaces are left out.
    pub only: bool,
}

impl Nodes<'_> {
    /// One page of a search, and the nodes it names, as the frozen `filter` wants them.
    pub fn read<T: Transport>(
        &self,
        site: &Site<'_, T>,
        filter: &Filter,
        place: Place,
    ) -> Result<(Vec<Change>, Option<Cursor>), Error> {
        let archived: Vec<&str> = self.archived.iter().map(String::as_str).collect();
        let mut current: Vec<&str> = Vec::new();
        if self.only {
            let keys = self.keys.values().map(String::as_str);
            current.extend(keys.filter(|key| !archived.contains(key)));
        }
        let mut searches = Vec::new();
        if self.only {
            searches.extend(current.chunks(SPACES_PER_SEARCH).map(Search::Current));
            searches.extend(current.chunks(SPACES_PER_SEARCH).map(Search::Archived));
        } else {
            searches.extend([Search::Current(&[]), Search::Archived(&[])]);
        }
        searches.extend(archived.chunks(SPACES_PER_SEARCH).map(Search::ArchivedSpaces));
        let Some(search) = searches.get(place.listing) else {
            return Ok((Vec::new(), None));
        };
        let list = found(site, *search, place.link.as_deref())?;
        let next = match list.next.filter(|_| !list.rows.is_empty()) {
            Some(next) => Place { link: Some(next::relative(&next)), ..place },
            None => Place { listing: place.listing + 1, ..Place::default() },
        };
        let next = (next.listing < searches.len()).then_some(Cursor::Walk(next));
        for odd in &list.unreadable {
            site.log(Level::Warn, "skipped a row of the search for folders", &[("reason", &odd.reason)]);
        }
        Ok((self.changes(site, filter, list.rows)?, next))
    }

    fn changes<T: Transport>(
        &self,
        site: &Site<'_, T>,
        filter: &Filter,
        rows: Vec<ContentRow>,
    ) -> Result<Vec<Change>, Error> {
        let ids: Vec<ItemId> = rows.iter().filter_map(node_id).collect();
        let mut facts = restrictions::of_rows(site, rows)?;
        let mut changes = Vec::new();
        let mut pages = BTreeSet::new();
        for (id, told) in read_each(site, ids)? {
            match told {
                Told::Row(row) if self.only && !self.is_in(&row) => {}
                Told::Row(row) => {
                    let in_page = row.parent_type.as_deref() == Some("page");
                    pages.extend(row.parent_id.clone().filter(|_| in_page));
                    let change = change(site, self.keys, &id, row, &mut facts);
                    changes.extend(change.map(|change| wanted(filter, change)));
                }
                // It went since it was found; the host asks for itself before it deletes anything.
                Told::Gone => {}
                Told::Failed(reason) => changes.push(failed(&id, reason)),
            }
        }
        if filter.is_fine(Posting::Page) || !filter.archived_pages || !filter.kinds.pages {
            changes.extend(places::above(site, filter, pages)?);
        }
        Ok(changes)
    }

    fn is_in(&self, row: &NodeRow) -> bool {
        row.space_id.as_ref().is_some_and(|space| self.keys.contains_key(space))
    }
}

/// A node as the filter wants it: to be found, or as a place in the tree only. What chooses pages by what each of
/// them says chooses no node.
pub fn wanted(filter: &Filter, change: Change) -> Change {
    match change {
        Change::Upsert(item) if !filter.kinds.other || filter.is_fine(Posting::Page) => {
            Change::Upsert(Box::new(place::of(*item)))
        }
        change => change,
    }
}

fn found<T: Transport>(
    site: &Site<'_, T>,
    search: Search<'_>,
    link: Option<&str>,
) -> Result<List<ContentRow>, Error> {
    let base = address(site, search);
    let url = match link {
        Some(link) => site.resume(&base, link)?,
        None => base,
    };
    let list = site.get(&url).and_then(|response| restriction::read(&url, &response));
    match list {
        // Not every site knows statuses in searches. What holds pages is read even so.
        Err(refusal)
            if !matches!(search, Search::Current(_)) && link.is_none() && !refusal.concerns_everything() =>
        {
            let reason = refusal.error.message();
            let message = "archived folders, whiteboards, databases and Smart Links were not searched for";
            site.log(Level::Warn, message, &[("reason", &reason)]);
            Ok(List::of(Vec::new()))
        }
        list => Ok(list?),
    }
}

fn address<T: Transport>(site: &Site<'_, T>, search: Search<'_>) -> Url {
    let (Search::Current(keys) | Search::Archived(keys) | Search::ArchivedSpaces(keys)) = search;
    let keys = keys.iter().map(|key| format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")));
    let keys = keys.collect::<Vec<_>>().join(",");
    let cql = if keys.is_empty() { CQL.to_owned() } else { format!("{CQL} and space in ({keys})") };
    let expand = restrictions::EXPAND;
    match search {
        Search::Current(_) => {
            site.v1(&["content", "search"], &[("cql", cql.as_str()), ("limit", ROWS), ("expand", expand)])
        }
        Search::Archived(_) => {
            let archived = ("cqlcontext", r#"{"contentStatuses":["archived"]}"#);
            let query = [("cql", cql.as_str()), ("limit", ROWS), ("expand", expand), archived];
            site.v1(&["content", "search"], &query)
        }
        Search::ArchivedSpaces(_) => restrictions::whole_site(site, &cql, expand),
    }
}

fn node_id(row: &ContentRow) -> Option<ItemId> {
    let kind = NodeKind::parse(row.kind.as_deref()?)?;
    Some(ItemId::Node(kind, row.id.clone()))
}

/// Asks for each node by its id; ids of anything else are left out.
pub fn read_each<T: Transport>(
    site: &Site<'_, T>,
    ids: Vec<ItemId>,
) -> Result<Vec<(ItemId, Told<NodeRow>)>, Error> {
    let questions = ids.into_iter().filter_map(|id| {
        let ItemId::Node(kind, own) = &id else { return None };
        let url = site.v2(&[kind.route(), own.as_str()], &[]);
        Some((id, vec![url]))
    });
    asked::singly(site, questions)
}

/// A node as a change, with what is known of its readers; none for one in the bin.
pub fn change<T: Transport>(
    site: &Site<'_, T>,
    keys: &Keys,
    id: &ItemId,
    row: NodeRow,
    facts: &mut BTreeMap<Id, Facts>,
) -> Option<Change> {
    let ItemId::Node(kind, own) = id else { return None };
    if row.binned() {
        return None;
    }
    if row.id != *own {
        return Some(failed(id, "the site answered with something else".to_owned()));
    }
    let key = row.space_id.as_ref().and_then(|space| keys.get(space));
    let url = site.page_for_people(row.links.as_ref().and_then(|links| links.webui.as_deref()));
    let unknown = Facts { access: Access::Unknown, labels: Vec::new(), above: None };
    let facts = facts.remove(own).unwrap_or(unknown);
    Some(match node::item(*kind, row, key.map(String::as_str), url, facts) {
        Ok(item) => Change::Upsert(Box::new(item)),
        Err(reason) => failed(id, reason),
    })
}

fn failed(id: &ItemId, reason: String) -> Change {
    Change::Failed(Failure { id: id.to_string(), url: None, reason })
}
