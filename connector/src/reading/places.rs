//! The pages above what was chosen, that were not chosen themselves.
//!
//! A page's readers are those of every page above it, so a chosen page without them would be shown to nobody. They
//! are delivered as places: where they are and who may read them, and nothing of what they say.

use super::block;
use super::chosen::facts_of;
use super::containers::spaces_of;
use super::judge::Judge;
use super::pages::{Gathering, Keys};
use super::plans::{self, Bodies, IDS_PER_LISTING};
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::page::{Facts, Posting};
use crate::item::place;
use crate::model::Change;
use crate::transport::{Level, Transport};
use std::collections::{BTreeMap, BTreeSet};

/// Deeper trees are not followed; Confluence's own show a tenth of it.
const LEVELS_MAX: usize = 200;

/// For whoever delivers things that lie below pages: the places that they need. `pages` are the pages right
/// above them; those that the frozen `filter` chooses come by themselves and are not delivered here.
pub fn above<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    pages: BTreeSet<Id>,
) -> Result<Vec<Change>, Error> {
    let rows = climb(site, pages, &BTreeSet::new(), Vec::new())?;
    let rows: Vec<PageRow> = rows.into_values().collect();
    let spaces = spaces_of(site, &rows)?;
    let judge = Judge::new(filter, Posting::Page, &spaces);
    deliver(site, &judge, rows, BTreeMap::new())
}

/// The places above `pages`, which are of the judge's spaces. What is in `chosen` is known to come by itself.
pub fn above_chosen<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    pages: BTreeSet<Id>,
    chosen: &BTreeSet<Id>,
    at_hand: AtHand,
) -> Result<Vec<Change>, Error> {
    let AtHand { rows, facts } = at_hand;
    let rows = climb(site, pages, chosen, rows)?.into_values().collect();
    deliver(site, judge, rows, facts)
}

/// What is known already: rows without bodies that were not chosen, and what a search told of some of them.
#[derive(Default)]
pub struct AtHand {
    pub rows: Vec<PageRow>,
    pub facts: BTreeMap<Id, Facts>,
}

/// Rows without bodies of these pages and of all pages above them, a request or so for each level. It goes on above
/// what is in `chosen` only if it was asked to.
fn climb<T: Transport>(
    site: &Site<'_, T>,
    pages: BTreeSet<Id>,
    chosen: &BTreeSet<Id>,
    at_hand: Vec<PageRow>,
) -> Result<BTreeMap<Id, PageRow>, Error> {
    let mut at_hand: BTreeMap<Id, PageRow> = filled(at_hand.into_iter().map(|row| (row.id.clone(), row)));
    let mut met: BTreeSet<Id> = chosen.clone();
    let mut rows = BTreeMap::new();
    let mut level: Vec<Id> = pages.into_iter().filter(|id| met.insert(id.clone())).collect();
    for _ in 0..LEVELS_MAX {
        if level.is_empty() {
            break;
        }
        let mut next = Vec::new();
        let mut arrived: Vec<PageRow> = level.iter().filter_map(|id| at_hand.remove(id)).collect();
        level.retain(|id| !arrived.iter().any(|row| row.id == *id));
        arrived.extend(rows_of(site, &level)?);
        for row in arrived {
            next.extend(page_above(&row).filter(|id| met.insert((*id).clone())).cloned());
            rows.insert(row.id.clone(), row);
        }
        level = next;
    }
    Ok(rows)
}

/// The page right above a page.
pub fn page_above(row: &PageRow) -> Option<&Id> {
    let is_page = row.parent_type.as_deref().is_none_or(|kind| kind == "page");
    row.parent_id.as_ref().filter(|_| is_page)
}

/// Rows without bodies of these pages, as far as the account sees them.
pub fn rows_of<T: Transport>(site: &Site<'_, T>, ids: &[Id]) -> Result<Vec<PageRow>, Error> {
    let chunks = ids.chunks(IDS_PER_LISTING);
    let listings: Vec<_> =
        chunks.map(|ids| plans::by_id(site, Posting::Page, ids.iter(), Bodies::None)).collect();
    let mut rows: Vec<PageRow> = Vec::new();
    block::read_whole(site, &listings, &mut |list: Listing<'_>| rows.extend(list.read::<PageRow>().rows))?;
    rows.retain(|row| ids.contains(&row.id));
    Ok(rows)
}

/// Those of the rows that are not chosen, as places.
fn deliver<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    mut rows: Vec<PageRow>,
    mut facts: BTreeMap<Id, Facts>,
) -> Result<Vec<Change>, Error> {
    rows.retain(|row| judge.row(row, None) != Some(true));
    let unknown = rows.iter().filter(|row| !facts.contains_key(&row.id)).collect::<Vec<_>>();
    let told = facts_of(site, judge, unknown.into_iter(), true)?;
    facts.extend(told);
    let mut wanted = Vec::new();
    for row in rows {
        match judge.row(&row, facts.get(&row.id)) {
            Some(false) => wanted.push(row),
            Some(true) => {}
            // It may be chosen, and must not be overwritten then.
            None => {
                let fields = [("id", row.id.as_str())];
                site.log(Level::Warn, "could not tell whether a page above was chosen", &fields);
            }
        }
    }
    of_rows(site, &judge.keys, wanted, facts)
}

/// Rows as places.
pub fn of_rows<T: Transport>(
    site: &Site<'_, T>,
    keys: &Keys,
    rows: Vec<PageRow>,
    facts: BTreeMap<Id, Facts>,
) -> Result<Vec<Change>, Error> {
    let mut gathering = Gathering::knowing(site, Posting::Page, keys, facts);
    gathering.take(List::of(rows));
    let place = |change| match change {
        Change::Upsert(item) => Change::Upsert(Box::new(place::of(*item))),
        other => other,
    };
    Ok(gathering.finish()?.into_iter().map(place).collect())
}
