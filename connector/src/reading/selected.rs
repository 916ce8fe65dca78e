//! Reading what a filter wants of some spaces: the spaces, then pages or blog posts block by block with what hangs
//! on each block, by the plan in the partition's token.

use super::chosen::{self, Chosen};
use super::cursor::{Cursor, Place};
use super::judge::{self, Judge};
use super::pages::Gathering;
use super::parents::{self, Parents};
use super::places::{self, AtHand, page_above};
use super::plans::{self, Bodies, Plan};
use super::rights::Rights;
use super::{block, hanging, loose, nodes, spaces};
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::{Filter, Wanted};
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::item::time;
use crate::model::Change;
use crate::transport::{Level, Transport};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// Candidates in a block whose bodies come apart from them: the ids fit a cursor, the bodies the guest's memory.
const CANDIDATES_MAX: u32 = 500;

/// What a partition's token holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    pub spaces: Vec<Space>,
    #[serde(default, skip_serializing_if = "Rights::are_plain")]
    pub rights: Rights,
    pub of: Posting,
    pub plan: Plan,
    pub hang: Hang,
    /// Whether the partition delivers the spaces themselves.
    pub with_spaces: bool,
    /// The filter's, beside its spaces: the token of a partition changes with what is wanted of it.
    pub digest: String,
}

/// How comments and attachments are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hang {
    /// By search for what they hang on, block by block.
    OnEach,
    /// By search in the spaces, on pages and blog posts alike, once the pages are read.
    InSpaces,
    /// The partition of the pages finds them.
    Elsewhere,
}

/// Where such a read is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Spaces {
        from: usize,
    },
    Postings(Place),
    /// What hangs on a block, then the next block.
    Hanging(Hanging),
    /// What hangs anywhere in the spaces.
    InSpaces(Place),
}

/// Comments and attachments still to be read: on `searched` by search, on `singly` page by page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hanging {
    searched: Vec<Id>,
    singly: Vec<Id>,
    place: Place,
    /// The next block of pages.
    then: Option<Place>,
}

impl Selected {
    pub fn start(&self) -> Stage {
        if self.with_spaces { Stage::Spaces { from: 0 } } else { Stage::Postings(Place::default()) }
    }

    pub fn read<T: Transport>(
        &self,
        site: &Site<'_, T>,
        wanted: &Wanted,
        bodies: Bodies,
        stage: Stage,
        limit: u32,
    ) -> Result<(Vec<Change>, Option<Cursor>), Error> {
        if self.digest != wanted.filter.digest(self.of) {
            return Err(Error::StalePosition(
                "the settings have changed since this partition was listed; list the partitions again"
                    .to_owned(),
            ));
        }
        // Sliding windows stay where they were when the read began.
        let filter = wanted.frozen();
        let (changes, next) = match stage {
            Stage::Spaces { from } => self.spaces(site, &filter, from)?,
            Stage::Postings(place) => self.postings(site, &filter, bodies, place, limit)?,
            Stage::Hanging(at) => self.hanging(site, &filter, bodies, at, limit)?,
            Stage::InSpaces(place) => {
                let seen: Vec<&Space> =
                    self.spaces.iter().filter(|space| !judge::is_archived(space)).collect();
                let (changes, next) =
                    hanging::in_whole_spaces(site, filter.kinds, bodies, &seen, place, limit)?;
                (changes, next.map(Stage::InSpaces))
            }
        };
        Ok((changes, next.map(|stage| Cursor::Selected { now: wanted.now, stage })))
    }

    fn spaces<T: Transport>(
        &self,
        site: &Site<'_, T>,
        filter: &Filter,
        from: usize,
    ) -> Result<(Vec<Change>, Option<Stage>), Error> {
        if self.plan == Plan::Nothing && !filter.reads(Posting::BlogPost) {
            return Ok((spaces::places(site, &self.spaces), None));
        }
        let (changes, next) = spaces::read(site, &self.rights, &self.spaces, from)?;
        let next = match next {
            Some(Cursor::Spaces { from }) => Some(Stage::Spaces { from }),
            _ => filter.reads(self.of).then(|| Stage::Postings(Place::default())),
        };
        Ok((changes, next))
    }

    /// A block of pages or blog posts.
    fn postings<T: Transport>(
        &self,
        site: &Site<'_, T>,
        filter: &Filter,
        bodies: Bodies,
        place: Place,
        limit: u32,
    ) -> Result<(Vec<Change>, Option<Stage>), Error> {
        let judge = Judge::new(filter, self.of, &self.spaces);
        let listings = self.plan.listings(site, filter, self.of, &self.spaces, bodies);
        let Block { mut changes, rows, at_hand, next } = match self.plan {
            Plan::Whole => whole(site, &judge, bodies, &listings, place, limit)?,
            _ => self.candidates(site, &judge, bodies, &listings, place, limit)?,
        };
        if self.of == Posting::Page && (filter.is_fine(self.of) || !filter.archived_pages) {
            let chosen: BTreeSet<Id> = filled(rows.iter().map(|row| row.id.clone()));
            let above = filled(rows.iter().filter_map(page_above).cloned());
            changes.extend(places::above_chosen(site, &judge, above, &chosen, at_hand)?);
        }
        let mut parents = Parents::default();
        rows.iter().for_each(|row| parents.note(row));
        let above = parents::unmentioned(site, &judge.keys, parents)?;
        changes.extend(above.into_iter().map(|change| nodes::wanted(filter, change)));
        Ok((changes, self.after_block(&judge, rows, next)))
    }

    /// What follows a block.
    fn after_block(&self, judge: &Judge<'_>, rows: Vec<PageRow>, then: Option<Place>) -> Option<Stage> {
        let kinds = judge.filter.kinds;
        let (singly, searched): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| judge.is_hidden(row));
        let searched = if self.hang == Hang::OnEach { searched } else { Vec::new() };
        let ids = |rows: Vec<PageRow>| rows.into_iter().map(|row| row.id).collect::<Vec<Id>>();
        let (searched, singly) = (ids(searched), ids(singly));
        let hangs = kinds.comments || kinds.attachments;
        if hangs && !(searched.is_empty() && singly.is_empty()) {
            return Some(Stage::Hanging(Hanging { searched, singly, place: Place::default(), then }));
        }
        self.after_hanging(judge.filter, then)
    }

    fn after_hanging(&self, filter: &Filter, then: Option<Place>) -> Option<Stage> {
        let by_space = self.hang == Hang::InSpaces && (filter.kinds.comments || filter.kinds.attachments);
        match then {
            Some(place) => Some(Stage::Postings(place)),
            None => by_space.then(|| Stage::InSpaces(Place::default())),
        }
    }

    /// A block of rows without bodies, judged.
    fn candidates<T: Transport>(
        &self,
        site: &Site<'_, T>,
        judge: &Judge<'_>,
        bodies: Bodies,
        listings: &[Url],
        place: Place,
        limit: u32,
    ) -> Result<Block, Error> {
        // What no search sees costs requests of its own.
        let unseen = self.spaces.iter().all(judge::is_archived);
        let limit = limit.min(if unseen { chosen::SINGLY_MAX as u32 } else { CANDIDATES_MAX });
        // A block stays within one listing, so that it is known which listing ends with it.
        let listing = place.listing;
        let until = listings.get(..=listing).unwrap_or(listings);
        let mut rows: Vec<PageRow> = Vec::new();
        let mut found: Vec<Id> = Vec::new();
        let next = block::read(site, until, place, limit, &mut |list: Listing<'_>| match self.plan {
            Plan::Search => found.extend(list.read::<Candidate>().rows.into_iter().map(|row| row.id)),
            _ => rows.extend(list.read::<PageRow>().rows),
        })?;
        let next = next.filter(|_| !self.is_past_end(judge.filter, rows.last()));
        let further = Place { listing: listing.saturating_add(1), ..Place::default() };
        let next = next.or_else(|| (further.listing < listings.len()).then_some(further));
        if !found.is_empty() {
            let chunks = found.chunks(plans::IDS_PER_LISTING);
            let listings: Vec<Url> =
                chunks.map(|ids| plans::by_id(site, self.of, ids.iter(), Bodies::None)).collect();
            block::read_whole(site, &listings, &mut |list: Listing<'_>| {
                rows.extend(list.read::<PageRow>().rows);
            })?;
        }
        let Chosen { changes, rows, facts, left_out } = chosen::choose(site, judge, bodies, rows)?;
        let at_hand = AtHand { rows: left_out, facts };
        Ok(Block { changes, rows, at_hand, next })
    }

    /// Whether all that follows a row is older than anything that is wanted.
    fn is_past_end(&self, filter: &Filter, last: Option<&PageRow>) -> bool {
        let (Some(end), Some(row)) = (self.plan.end(filter), last) else { return false };
        let time = match self.plan {
            Plan::Rows(plans::Sort::Modified) => judge::modified(row),
            _ => time::milliseconds(row.created_at.as_deref()),
        };
        time.is_some_and(|time| time < end)
    }

    fn hanging<T: Transport>(
        &self,
        site: &Site<'_, T>,
        filter: &Filter,
        bodies: Bodies,
        mut at: Hanging,
        limit: u32,
    ) -> Result<(Vec<Change>, Option<Stage>), Error> {
        let changes = if at.searched.is_empty() {
            let rest = at.singly.split_off(at.singly.len().min(loose::PAGES_MAX));
            let now = std::mem::replace(&mut at.singly, rest);
            loose::on_pages(site, filter.kinds, bodies, self.of, &now)?
        } else {
            match hanging::on_pages(site, filter.kinds, bodies, &at.searched, at.place.clone(), limit) {
                Ok((changes, Some(place))) => {
                    at.place = place;
                    changes
                }
                Ok((changes, None)) => {
                    at.searched.clear();
                    changes
                }
                // A site that does not understand the search, or fails for what it finds, is asked page by page.
                Err(Error::Unexpected(reason) | Error::Unavailable(reason)) => {
                    let message = "the search for comments and attachments failed";
                    site.log(Level::Warn, message, &[("reason", &reason)]);
                    at.singly.append(&mut at.searched);
                    Vec::new()
                }
                Err(error) => return Err(error),
            }
        };
        let is_done = at.searched.is_empty() && at.singly.is_empty();
        let next = if is_done { self.after_hanging(filter, at.then) } else { Some(Stage::Hanging(at)) };
        Ok((changes, next))
    }
}

struct Block {
    changes: Vec<Change>,
    /// The rows that were wanted, without their bodies.
    rows: Vec<PageRow>,
    at_hand: AtHand,
    /// Where the next block begins.
    next: Option<Place>,
}

/// A row of a search, or of a listing: only its id counts.
#[derive(Deserialize)]
struct Candidate {
    id: Id,
}

/// A block of rows, all of them wanted, with bodies or for an inventory without.
fn whole<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    bodies: Bodies,
    listings: &[Url],
    place: Place,
    limit: u32,
) -> Result<Block, Error> {
    let mut gathering = Gathering::new(site, judge.posting, &judge.keys, bodies);
    let mut rows = Vec::new();
    let next = block::read(site, listings, place, limit, &mut |list: Listing<'_>| {
        let mut list: List<PageRow> = list.read();
        list.rows.retain(|row| judge.row(row, None) == Some(true));
        rows.extend(list.rows.iter().map(PageRow::bare));
        gathering.take(list);
    })?;
    Ok(Block { changes: gathering.finish()?, rows, at_hand: AtHand::default(), next })
}
