//! Walking a list newest first, as far as there are news.
//!
//! The first request is small: mostly there are none. What is edited during the walk comes to the top of the list,
//! and is the next read's.

use super::Reading;
use super::checkpoint::{Mark, Standing, Walked};
use super::dated::{Dated, Odd};
use crate::confluence::answer::Refusal;
use crate::confluence::list::{self, List};
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::reading::block::{self, ROWS_MAX};
use crate::transport::{Level, Transport};
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
        let before = reading.from.marks.get(&list);
        let mut url = match &reading.place.link {
            Some(link) => site.resume(listing, link).map_err(Refusal::about)?,
            None => listing.clone(),
        };
        let rows = match &reading.place.link {
            Some(_) => ROWS_MAX,
            None => FIRST_ROWS + before.map_or(0, Mark::remembered) as u16,
        };
        let rows = reading.place.reduced.unwrap_or(rows).clamp(1, ROWS_MAX);
        url = next::with_limit(&url, rows);
        let sent = site.send(&url);
        let answer = block::answer_in_halves(site, &mut url, sent, &mut reading.place);
        let answer = answer.and_then(|response| list::read::<R>(&url, &response));
        let arrived = match answer {
            Ok(arrived) => arrived,
            Err(Refusal { error: Error::StalePosition(reason), .. })
                if reading.place.link.is_some() && !reading.restarted =>
            {
                site.log(Level::Info, "walking a list again from its start", &[("reason", &reason)]);
                (reading.place.link, reading.restarted) = (None, true);
                continue;
            }
            Err(refusal) => return Err(refusal),
        };
        let mark = reading.to.marks.entry(list).or_insert_with(|| Mark::begin(before, &arrived.rows));
        let further = take(arrived, before, mark, &mut news);
        let Some(further) = further else {
            reading.turn_to_next_list();
            break;
        };
        reading.place.link = Some(next::relative(&further));
        let twice = reading.place.reduced.map(|rows| rows.saturating_mul(2));
        reading.place.reduced = twice.filter(|rows| *rows < ROWS_MAX);
    }
    Ok(news)
}

/// Sorts out what is news; returns where the list goes on, if there may be more.
fn take<R: Dated>(
    arrived: List<R>,
    before: Option<&Mark>,
    mark: &mut Mark,
    news: &mut List<R>,
) -> Option<Url> {
    let mut further = arrived.next;
    for odd in arrived.unreadable {
        let known = Odd::of(&odd).is_some_and(|odd| {
            let known = before.is_none_or(|before| before.stand(&odd) == Standing::Known);
            mark.remember(&odd);
            known
        });
        if !known {
            news.unreadable.push(odd);
        }
    }
    for row in arrived.rows {
        let standing = before.map_or(Standing::Known, |before| before.stand(&row));
        if standing == Standing::Old {
            further = None;
            break;
        }
        mark.remember(&row);
        if standing == Standing::News {
            news.rows.push(row);
        }
    }
    further.filter(|_| before.is_some())
}
