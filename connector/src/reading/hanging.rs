//! Comments and attachments of what was chosen.
//!
//! v2 lists them for a whole site or for one page. So v1's search is asked for those of some spaces, or of two hundred
//! pages at once: 50 comments or 200 attachments a request. What the search does not see, archived pages and
//! archived spaces, is asked for page by page, and so is what it fails for.

use super::block;
use super::cursor::Place;
use super::pages::{join, log_lost};
use super::plans::{Bodies, SPACES_PER_LISTING, in_spaces};
use super::walks::{attachment_change, comment_change, failures};
use crate::confluence::found::{ATTACHMENT_EXPAND, COMMENT_EXPAND, COMMENT_EXPAND_BARE, FoundRow};
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Kinds;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::space::Space;
use crate::model::Change;
use crate::transport::Transport;
use std::collections::BTreeSet;
use url::Url;

/// Pages in one search, for the length of its address.
const PAGES_PER_SEARCH: usize = 200;

/// What a search returns at most with bodies, and without (Atlassian's knowledge base, 1032258424).
const COMMENTS: &str = "50";
const WITHOUT_BODIES: &str = "200";
const COMMENTS_AT_ONCE: usize = 50;

/// What the found things must belong to.
enum Within {
    Pages(BTreeSet<Id>),
    Spaces(BTreeSet<String>),
    /// They are these themselves.
    Ids(BTreeSet<Id>),
}

/// On these pages or blog posts.
pub fn on_pages<T: Transport>(
    site: &Site<'_, T>,
    kinds: Kinds,
    bodies: Bodies,
    pages: &[Id],
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Place>), Error> {
    let clauses =
        pages.chunks(PAGES_PER_SEARCH).map(|pages| format!("container in ({})", join(pages.iter())));
    read(site, kinds, bodies, clauses.collect(), &Within::Pages(filled(pages.iter().cloned())), place, limit)
}

/// Comments of these ids, with their bodies, as far as the search knows them.
pub fn comments<T: Transport>(site: &Site<'_, T>, ids: &[Id]) -> Result<Vec<Change>, Error> {
    let clauses: Vec<String> =
        ids.chunks(COMMENTS_AT_ONCE).map(|ids| format!("id in ({})", join(ids.iter()))).collect();
    let kinds = Kinds { pages: false, blog_posts: false, comments: true, attachments: false, other: false };
    let within = Within::Ids(filled(ids.iter().cloned()));
    let mut changes = Vec::new();
    let mut place = Some(Place::default());
    // Even a site that gives a row at a time is done by then.
    for _ in 0..=clauses.len() + ids.len() {
        let Some(at) = place.take() else { break };
        let (found, next) =
            read(site, kinds, Bodies::Storage, clauses.clone(), &within, at, u32::from(block::ROWS_MAX))?;
        changes.extend(found);
        place = next;
    }
    Ok(changes)
}

/// In these spaces, none of them archived.
pub fn in_whole_spaces<T: Transport>(
    site: &Site<'_, T>,
    kinds: Kinds,
    bodies: Bodies,
    spaces: &[&Space],
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Place>), Error> {
    let clauses = spaces.chunks(SPACES_PER_LISTING).map(|spaces| in_spaces(spaces.iter().copied()));
    let keys = filled(spaces.iter().map(|space| space.key.clone()));
    read(site, kinds, bodies, clauses.collect(), &Within::Spaces(keys), place, limit)
}

fn read<T: Transport>(
    site: &Site<'_, T>,
    kinds: Kinds,
    bodies: Bodies,
    clauses: Vec<String>,
    within: &Within,
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Place>), Error> {
    let comments = match bodies {
        Bodies::None => ("comment", WITHOUT_BODIES, COMMENT_EXPAND_BARE),
        _ => ("comment", COMMENTS, COMMENT_EXPAND),
    };
    let attachments = ("attachment", WITHOUT_BODIES, ATTACHMENT_EXPAND);
    let mut listings: Vec<Url> = Vec::new();
    for (kind, rows, expand) in [(kinds.comments, comments), (kinds.attachments, attachments)]
        .into_iter()
        .filter_map(|(on, what)| on.then_some(what))
    {
        for clause in &clauses {
            let cql = format!("type={kind} and {clause}");
            let query = [("cql", &*cql), ("limit", rows), ("expand", expand)];
            listings.push(site.v1(&["content", "search"], &query));
        }
    }
    let mut changes = Vec::new();
    let mut lost = Lost::new();
    let mut arrived = |list: Listing<'_>| {
        let list: List<FoundRow> = list.read();
        for row in list.rows.into_iter().filter(|row| within.holds(row)) {
            // Only attachments have ids with a prefix.
            changes.extend(if row.id.as_str().starts_with("att") {
                attachment_change(site, row.attachment())
            } else {
                let root = row.root().clone();
                comment_change(site, row.comment(), &root, &mut lost)
            });
        }
        changes.extend(failures(site, list.unreadable, item_id));
    };
    let next = block::read(site, &listings, place, limit, &mut arrived)?;
    log_lost(site, &lost);
    Ok((changes, next))
}

fn item_id(id: Id) -> ItemId {
    if id.as_str().starts_with("att") { ItemId::Attachment(id) } else { ItemId::Comment(id) }
}

impl Within {
    /// The search's word is not taken for it; what it found without saying where is failed by its converter.
    fn holds(&self, row: &FoundRow) -> bool {
        match self {
            Within::Pages(pages) => row.container().is_none_or(|id| pages.contains(id)),
            Within::Spaces(keys) => row.space_key().is_some_and(|key| keys.contains(key)),
            Within::Ids(ids) => ids.contains(&row.id),
        }
    }
}
