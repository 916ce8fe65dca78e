//! Folders and their like that pages lie in and no search mentions.
//!
//! A page whose parent was never delivered is shown to nobody, so what pages name as their parent must not
//! depend on an index that lags behind and leaves archived things out. Each block of pages asks the search,
//! in a request for 200 of them, which of its parents it knows: the partition of nodes delivers those. The
//! others are read here, at two requests each, and so is what they lie in themselves. Pages in no folder cost
//! nothing.

use super::asked::Told;
use super::nodes;
use super::single::{self, Why};
use crate::confluence::id::Id;
use crate::confluence::node::{NodeKind, NodeRow};
use crate::confluence::page::PageRow;
use crate::confluence::restriction::ContentRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::id::ItemId;
use crate::model::Change;
use crate::transport::{Level, Transport};
use std::collections::{BTreeMap, BTreeSet};

/// As many as v1's search is asked for elsewhere.
const SEARCHED_AT_ONCE: usize = 200;

/// More than these are not read for one block of pages; the host lets a call send a thousand requests.
const READ_MAX: usize = 150;

/// Folders in folders in folders; Atlassian's editor stops people long before.
const DEPTH_MAX: usize = 20;

/// What the pages of a block lie in, apart from pages and spaces.
#[derive(Debug, Default)]
pub struct Parents {
    nodes: BTreeSet<ItemId>,
    /// Kinds that this connector does not know, and how many pages lie in them.
    strange: BTreeMap<String, u32>,
}

impl Parents {
    pub fn note(&mut self, row: &PageRow) {
        let (Some(id), Some(name)) = (&row.parent_id, row.parent_type.as_deref()) else {
            return;
        };
        match NodeKind::parse(name) {
            Some(kind) => _ = self.nodes.insert(ItemId::Node(kind, id.clone())),
            None if name == "page" => {}
            None => *self.strange.entry(name.to_owned()).or_default() += 1,
        }
    }
}

/// The nodes among `parents` that the search does not mention, and those above them.
pub fn unmentioned<T: Transport>(
    site: &Site<'_, T>,
    keys: &BTreeMap<Id, String>,
    parents: Parents,
) -> Result<Vec<Change>, Error> {
    for (kind, pages) in &parents.strange {
        let fields = [("kind", kind.as_str()), ("pages", &pages.to_string())];
        site.log(Level::Warn, "pages lie in something of an unknown kind; nobody may read them", &fields);
    }
    let mut changes = Vec::new();
    let mut met = BTreeSet::new();
    let mut level = parents.nodes;
    for _depth in 0..DEPTH_MAX {
        level.retain(|id| met.insert(id.clone()));
        let mut missing = missing(site, level)?;
        let room = READ_MAX.saturating_sub(changes.len());
        if missing.len() > room {
            let left_out = (missing.len() - room).to_string();
            let message = "too many folders that the search does not mention; what lies in some is hidden";
            site.log(Level::Warn, message, &[("left out", &left_out)]);
            missing.truncate(room);
        }
        if missing.is_empty() {
            break;
        }
        let (read, above) = read(site, keys, missing)?;
        changes.extend(read);
        level = above;
    }
    Ok(changes)
}

/// Those that the search does not mention. If it fails they are all missing, for all that is known.
fn missing<T: Transport>(site: &Site<'_, T>, nodes: BTreeSet<ItemId>) -> Result<Vec<ItemId>, Error> {
    let nodes: Vec<ItemId> = nodes.into_iter().collect();
    let mut mentioned: BTreeSet<Id> = BTreeSet::new();
    for chunk in nodes.chunks(SEARCHED_AT_ONCE) {
        let ids = super::pages::join(chunk.iter().map(ItemId::own));
        let cql = format!("id in ({ids})");
        let limit = SEARCHED_AT_ONCE.to_string();
        let url = site.v1(&["content", "search"], &[("cql", &cql), ("limit", &limit)]);
        match site.get_list::<ContentRow>(&url) {
            Ok(list) => mentioned.extend(list.rows.into_iter().map(|row| row.id)),
            Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                site.log(Level::Warn, "the search for folders failed", &[("reason", &reason)]);
            }
        }
    }
    Ok(nodes.into_iter().filter(|id| !mentioned.contains(id.own())).collect())
}

/// Reads nodes and their restrictions, and tells in what nodes they lie.
fn read<T: Transport>(
    site: &Site<'_, T>,
    keys: &BTreeMap<Id, String>,
    ids: Vec<ItemId>,
) -> Result<(Vec<Change>, BTreeSet<ItemId>), Error> {
    let mut above = BTreeSet::new();
    let mut rows: Vec<(ItemId, NodeRow)> = Vec::new();
    for (id, told) in nodes::read_each(site, ids)? {
        let reason = match told {
            Told::Row(row) => {
                let kind = row.parent_type.as_deref().and_then(NodeKind::parse);
                above.extend(kind.zip(row.parent_id.clone()).map(|(kind, id)| ItemId::Node(kind, id)));
                rows.push((id, row));
                continue;
            }
            Told::Gone => "the site denies that there is such a thing".to_owned(),
            Told::Failed(reason) => reason,
        };
        let fields = [("id", &*id.to_string()), ("reason", &reason)];
        site.log(Level::Warn, "what lies in this is hidden, since it could not be read", &fields);
    }
    let questions = rows.iter().map(|(id, _)| (id.own().clone(), Why::NotFoundBySearch)).collect();
    let mut facts = BTreeMap::new();
    single::read(site, questions, &mut facts)?;
    let changes = rows.into_iter().filter_map(|(id, row)| nodes::change(site, keys, &id, row, &mut facts));
    Ok((changes.collect(), above))
}
