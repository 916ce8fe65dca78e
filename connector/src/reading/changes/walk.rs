//! Walking a list newest first, as far as there are news.
//!
//! The first request is small: mostly there are none. What is edited during the walk comes to the top of the list,
//! and is the next read's.

use super::Reading;
use super::checkpoint::{Mark, Standing, Walked};
use super::dated::{Dated, Edit};
use crate::confluence::answer::Refusal;
use crate::confluence::list::{self, List, Unreadable};
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::reading::block::{self, ROWS_MAX};
use crate::transport::{Level, Response, Transport};
use serde::de::DeserializeOwned;
use url::Url;

/// Rows of the first request, beside as many as were told before. A site that sells requests by the row charges for them.
pub const FIRST_ROWS: u16 = 25;

/// Rows whose words are read together: as many as one listing of ids.
const NEWS_MAX: usize = 250;

/// The next rows that are news, at most some 500 of them; `reading` moves behind them, or to the next list once these
/// are all. A list that was not read before has none: only how new it is is noted.
pub fn news<R: Dated + DeserializeOwned, T: Transport>(
    site: &Site<'_, T>,
    reading: &mut Reading,
    list: Walked,
    listing: &Url,
    limit: usize,
) -> Result<List<R>, Refusal> {
    let mut news = List::of(Vec::new());
    while news.rows.len() < limit.clamp(1, NEWS_MAX) {
        let Some((url, response)) = ask(site, reading, list, listing)? else { continue };
        let arrived = list::read::<R>(&url, &response)?;
        let edits: Vec<Edit> = arrived.rows.iter().map(Dated::edit).collect();
        let sorted = sort(reading, list, &arrived.unreadable, &edits);
        news.rows
            .extend(arrived.rows.into_iter().zip(sorted.rows).filter_map(|(row, new)| new.then_some(row)));
        let odd = arrived.unreadable.into_iter().zip(sorted.unreadable);
        news.unreadable.extend(odd.filter_map(|(row, new)| new.then_some(row)));
        let Some(further) = arrived.next.filter(|_| sorted.goes_on) else {
            reading.turn_to_next_list();
            break;
        };
        reading.place.link = Some(next::relative(&further));
        let twice = reading.place.reduced.map(|rows| rows.saturating_mul(2));
        reading.place.reduced = twice.filter(|rows| *rows < ROWS_MAX);
    }
    Ok(news)
}

/// The next page of a list; none if the site forgot where the walk was, which then begins again, once.
fn ask<T: Transport>(
    site: &Site<'_, T>,
    reading: &mut Reading,
    list: Walked,
    listing: &Url,
) -> Result<Option<(Url, Response)>, Refusal> {
    let remembered = reading.from.marks.get(list).map_or(0, Mark::remembered);
    let (url, rows) = match &reading.place.link {
        Some(link) => (site.resume(listing, link).map_err(Refusal::about)?, ROWS_MAX),
        None => (listing.clone(), FIRST_ROWS.saturating_add(remembered as u16)),
    };
    let rows = reading.place.reduced.unwrap_or(rows).clamp(1, ROWS_MAX);
    let mut url = next::with_limit(&url, rows);
    let sent = site.send(&url);
    match block::answer_in_halves(site, &mut url, sent, &mut reading.place) {
        Ok(response) => Ok(Some((url, response))),
        Err(Refusal { error: Error::StalePosition(reason), .. })
            if reading.place.link.is_some() && !reading.restarted =>
        {
            site.log(Level::Info, "walking a list again from its start", &[("reason", &reason)]);
            (reading.place.link, reading.restarted) = (None, true);
            Ok(None)
        }
        Err(refusal) => Err(refusal),
    }
}

/// Which rows are news, and whether more of them may follow.
struct Sorted {
    rows: Vec<bool>,
    unreadable: Vec<bool>,
    goes_on: bool,
}

/// Sorts out what is news, and remembers it. In a list that was not read before nothing is.
fn sort(reading: &mut Reading, list: Walked, unreadable: &[Unreadable], edits: &[Edit]) -> Sorted {
    let before = reading.from.marks.get(list);
    let begun = reading.to.marks.get(list).cloned();
    let mut mark = begun.unwrap_or_else(|| Mark::begin(before, edits));
    let mut stand = |edit: Edit| {
        let standing = before.map_or(Standing::Known, |before| before.stand(edit));
        if standing != Standing::Old {
            mark.remember(edit);
        }
        standing
    };
    // A row without an id is not told, only logged.
    let odd = unreadable.iter().map(|row| row.id.as_ref().map(Edit::unknown));
    let unreadable = odd.map(|edit| edit.is_none_or(|edit| stand(edit) == Standing::News)).collect();
    let mut goes_on = before.is_some();
    let mut rows = Vec::with_capacity(edits.len());
    for edit in edits {
        let standing = stand(*edit);
        if standing == Standing::Old {
            goes_on = false;
            break;
        }
        rows.push(standing == Standing::News);
    }
    reading.to.marks.set(list, Some(mark));
    Sorted { rows, unreadable, goes_on }
}
