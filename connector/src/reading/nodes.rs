//! Folders, whiteboards, databases and Smart Links.
//!
//! v1's search finds them, two hundred a request, and tells who may view them. It does not tell where they
//! stand in a way that could be trusted, so each is read by its id: a request a node. What the search leaves
//! out, because it lags behind or for any other reason, is read in [`super::parents`] where pages lie in it.

use super::asked::{self, Told};
use super::cursor::{Cursor, Place};
use super::restrictions;
use crate::confluence::id::Id;
use crate::confluence::list::List;
use crate::confluence::next;
use crate::confluence::node::{NodeKind, NodeRow};
use crate::confluence::restriction::{ContentRow, FoundRow};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::id::ItemId;
use crate::item::node;
use crate::item::page::Facts;
use crate::model::{Access, Change, Failure};
use crate::transport::{Level, Transport};
use std::collections::BTreeMap;
use url::Url;

type Keys = BTreeMap<Id, String>;

const CQL: &str = "type in (folder,whiteboard,database,embed)";

/// The most rows that v1's search returns when it expands anything.
const ROWS: &str = "200";

/// Spaces that one search names: their keys make a request's address longer.
const SPACES_PER_SEARCH: usize = 50;

/// The search does not see archived things unless it is asked for them, and those in archived spaces only by
/// the search of the whole site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search<'k> {
    Current,
    Archived,
    ArchivedSpaces(&'k [String]),
}

/// One page of a search, and the nodes it names. `archived`: the keys of archived spaces.
pub fn read<T: Transport>(
    site: &Site<'_, T>,
    keys: &Keys,
    archived: &[String],
    place: Place,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let spaces = archived.chunks(SPACES_PER_SEARCH).map(Search::ArchivedSpaces);
    let searches: Vec<Search<'_>> = [Search::Current, Search::Archived].into_iter().chain(spaces).collect();
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
    let wanted: Vec<ItemId> = list.rows.iter().filter_map(node_id).collect();
    let mut facts = restrictions::of_rows(site, list.rows)?;
    let changes = read_each(site, wanted)?.into_iter().filter_map(|(id, told)| match told {
        Told::Row(row) => change(site, keys, &id, row, &mut facts),
        // It went since it was found; the host asks for itself before it deletes anything.
        Told::Gone => None,
        Told::Failed(reason) => Some(failed(&id, reason)),
    });
    Ok((changes.collect(), next))
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
    let list = match search {
        Search::Current | Search::Archived => site.get_list::<ContentRow>(&url),
        Search::ArchivedSpaces(_) => site.get_list::<FoundRow>(&url).map(|list| List {
            rows: list.rows.into_iter().map(|row| row.content).collect(),
            unreadable: list.unreadable,
            next: list.next,
        }),
    };
    match list {
        // Not every site knows statuses in searches. What holds pages is read even so.
        Err(refusal) if search != Search::Current && link.is_none() && !refusal.concerns_everything() => {
            let reason = refusal.error.message();
            let message = "archived folders, whiteboards, databases and Smart Links were not searched for";
            site.log(Level::Warn, message, &[("reason", &reason)]);
            Ok(List::of(Vec::new()))
        }
        list => Ok(list?),
    }
}

fn address<T: Transport>(site: &Site<'_, T>, search: Search<'_>) -> Url {
    let query = [("cql", CQL), ("limit", ROWS), ("expand", restrictions::EXPAND)];
    match search {
        Search::Current => site.v1(&["content", "search"], &query),
        Search::Archived => {
            let archived = ("cqlcontext", r#"{"contentStatuses":["archived"]}"#);
            site.v1(&["content", "search"], &[&query[..], &[archived]].concat())
        }
        Search::ArchivedSpaces(keys) => {
            let keys =
                keys.iter().map(|key| format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")));
            let cql = format!("{CQL} and space in ({})", keys.collect::<Vec<_>>().join(","));
            let expand = restrictions::EXPAND.split(',').map(|name| format!("content.{name}"));
            let expand = expand.collect::<Vec<_>>().join(",");
            let query = [("cql", cql.as_str()), ("limit", ROWS), ("expand", &expand)];
            let statuses = ("cqlcontext", r#"{"contentStatuses":["current","archived"]}"#);
            site.v1(&["search"], &[&query[..], &[("includeArchivedSpaces", "true"), statuses]].concat())
        }
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
    let unknown = Facts { access: Access::Unknown, labels: Vec::new() };
    let facts = facts.remove(own).unwrap_or(unknown);
    Some(match node::item(*kind, row, key.map(String::as_str), url, facts) {
        Ok(item) => Change::Upsert(Box::new(item)),
        Err(reason) => failed(id, reason),
    })
}

fn failed(id: &ItemId, reason: String) -> Change {
    Change::Failed(Failure { id: id.to_string(), url: None, reason })
}
