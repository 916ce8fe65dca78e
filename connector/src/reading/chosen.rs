//! Of rows without bodies, those that the filter wants, and their bodies.
//!
//! Rows are judged by what they say themselves; where that is not enough, by what the search for their restrictions
//! says of their labels and of the pages above them; and once more when they come with their bodies, since they may have
//! changed in between. Who may read them is asked once the words were read, and with it what the filter needs, again. What
//! no search mentions is asked for singly.

use super::block;
use super::judge::Judge;
use super::pages::Gathering;
use super::plans::{self, Bodies, IDS_PER_LISTING};
use super::restrictions::Question;
use crate::confluence::answer::Refusal;
use crate::confluence::found::Above;
use crate::confluence::id::Id;
use crate::confluence::list::{self, List, Listing};
use crate::confluence::page::PageRow;
use crate::confluence::restriction::Label;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::page::{Facts, Posting};
use crate::model::{Access, Change, Failure};
use crate::transport::{Level, Response, Transport};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Pages asked singly for their labels and what is above them, in one call: two requests each.
pub const SINGLY_MAX: usize = 100;

/// What came of some rows.
pub struct Chosen {
    /// The wanted ones as items, then what failed.
    pub changes: Vec<Change>,
    /// The wanted ones without their bodies.
    pub rows: Vec<PageRow>,
    /// What a search told of those that it had to be asked about.
    pub facts: BTreeMap<Id, Facts>,
    pub left_out: Vec<PageRow>,
}

/// Judges `rows`, and reads the bodies of the wanted ones; none for an inventory.
pub fn choose<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    bodies: Bodies,
    rows: Vec<PageRow>,
) -> Result<Chosen, Error> {
    let (open, mut left_out): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| judge.row(row, None) != Some(false));
    // Where no words are read, who may read them is asked for all at once.
    let needed = |row: &&PageRow| bodies == Bodies::None || judge.row(row, None).is_none();
    let facts = facts_of(site, judge, open.iter().filter(needed), false)?;
    let mut wanted = Vec::new();
    let mut failures = Vec::new();
    for row in open {
        match judge.row(&row, facts.get(&row.id)) {
            Some(true) => wanted.push(row),
            Some(false) => left_out.push(row),
            None => {
                let id = judge.posting.item_id(row.id).to_string();
                let reason =
                    "its labels or the pages above it could not be read, so the filter cannot judge it";
                failures.push(Change::Failed(Failure { id, url: None, reason: reason.to_owned() }));
            }
        }
    }
    let mut changes = match bodies {
        Bodies::None => {
            let mut gathering = Gathering::knowing(site, judge.posting, &judge.keys, facts.clone());
            gathering.take(List::of(wanted.iter().map(PageRow::bare).collect()));
            gathering.finish()?
        }
        _ => {
            let (changes, no_more) = with_bodies(site, judge, &wanted, &facts)?;
            let (gone, still): (Vec<_>, Vec<_>) =
                wanted.into_iter().partition(|row| no_more.contains(&row.id));
            wanted = still;
            left_out.extend(gone);
            changes
        }
    };
    changes.extend(failures);
    Ok(Chosen { changes, rows: wanted, facts, left_out })
}

/// The wanted ones with their bodies, and the ids of those that turned out not to be wanted any more.
fn with_bodies<T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    wanted: &[PageRow],
    facts: &BTreeMap<Id, Facts>,
) -> Result<(Vec<Change>, BTreeSet<Id>), Error> {
    let ids: Vec<&Id> = wanted.iter().map(|row| &row.id).collect();
    let chunks = ids.chunks(IDS_PER_LISTING);
    let listings: Vec<Url> =
        chunks.map(|ids| plans::by_id(site, judge.posting, ids.iter().copied(), Bodies::Storage)).collect();
    let mut gathering = Gathering::asking_again(site, judge.posting, &judge.keys, facts.clone());
    let mut arrived: Vec<PageRow> = Vec::new();
    block::read_whole(site, &listings, &mut |list: Listing<'_>| {
        let mut list: List<PageRow> = list.read();
        list.rows.retain(|row| ids.contains(&&row.id));
        arrived.extend(list.rows.iter().map(PageRow::bare));
        list.rows.retain(|row| judge.row(row, facts.get(&row.id)) == Some(true));
        gathering.take(list);
    })?;
    let (mut changes, mut told) = gathering.finish_telling()?;
    let mut no_more = BTreeSet::new();
    for row in arrived {
        let told = told.remove(&row.id);
        if judge.row(&row, told.as_ref().or_else(|| facts.get(&row.id))) == Some(false) {
            let id = judge.posting.item_id(row.id.clone()).to_string();
            changes.retain(|change| !matches!(change, Change::Upsert(item) if item.id == id));
            no_more.insert(row.id);
        }
    }
    Ok((changes, no_more))
}

/// What a search tells of some rows: restrictions, labels and what is above; and what it does not tell of those
/// whose judgement hangs on it. Only where the filter asks for it is more than the restriction asked for singly.
pub fn facts_of<'r, T: Transport>(
    site: &Site<'_, T>,
    judge: &Judge<'_>,
    rows: impl Iterator<Item = &'r PageRow> + Clone,
    places: bool,
) -> Result<BTreeMap<Id, Facts>, Error> {
    let mut question = Question::with_above(site);
    for row in rows.clone() {
        question.ask(row.id.clone(), row.archived());
    }
    let mut facts = question.answers()?;
    let open: Vec<&PageRow> = rows.filter(|row| judge.row(row, facts.get(&row.id)).is_none()).collect();
    let what = if places { "a place" } else { "a page" };
    for (number, row) in open.into_iter().enumerate() {
        let fields = [("id", row.id.as_str()), ("what", what)];
        if number >= SINGLY_MAX {
            site.log(Level::Warn, "too many to ask singly for labels and what is above", &fields);
            break;
        }
        site.log(Level::Info, "labels and what is above read singly", &fields);
        singly(site, judge.posting, row, &mut facts)?;
    }
    Ok(facts)
}

/// Completes the facts of one row; leaves them as they are if the site does not tell.
fn singly<T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    row: &PageRow,
    facts: &mut BTreeMap<Id, Facts>,
) -> Result<(), Error> {
    let route = plans::route(posting);
    let url = |what| site.v2(&[route, row.id.as_str(), what], &[("limit", "250")]);
    let Some(labels) = all_of::<Label, T>(site, url("labels"))? else { return Ok(()) };
    let above = match (posting, &row.parent_id) {
        (Posting::Page, Some(_)) => all_of::<Above, T>(site, url("ancestors"))?,
        _ => Some(Vec::new()),
    };
    let Some(above) = above else { return Ok(()) };
    let access = facts.get(&row.id).map_or(Access::Unknown, |facts| facts.access.clone());
    let labels = Label::shared(labels.iter());
    let above = Some(above.into_iter().map(|above| above.id).collect());
    facts.insert(row.id.clone(), Facts { access, labels, above });
    Ok(())
}

/// A listing to its end; none if the site refuses it.
fn all_of<R: serde::de::DeserializeOwned, T: Transport>(
    site: &Site<'_, T>,
    url: Url,
) -> Result<Option<Vec<R>>, Error> {
    let mut rows = Vec::new();
    let mut refused = false;
    site.get_many([((), url)], |(), url: &Url, answer: Result<Response, Refusal>| {
        match answer.and_then(|response| list::read::<R>(url, &response)) {
            Ok(list) => {
                refused |= !list.unreadable.is_empty();
                rows.extend(list.rows);
                Ok(list.next.map(|next| ((), next)))
            }
            Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
            Err(_) => {
                refused = true;
                Ok(None)
            }
        }
    })?;
    Ok((!refused).then_some(rows))
}
