//! Reading listings in blocks of several requests.
//!
//! A page of changes is a block of up to four listing requests of 250 rows, so that the restrictions of its pages
//! can be asked for in full hundreds: 1,000 pages cost four requests for the bodies and five for the rest. A
//! block ends early when its answers grow large. The host's `limit` makes blocks smaller, never larger.
//!
//! A listing with bodies may be too much for the site; then half as many rows are asked for, and twice as many
//! again once that worked.

use super::cursor::Place;
use crate::confluence::answer::Refusal;
use crate::confluence::list::{self, Listing};
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::transport::{Level, Response, Transport};
use url::Url;

/// The most that v2 lists at once.
pub const ROWS_MAX: u16 = 250;

/// One row: whatever still fails then is that row's.
const ROWS_MIN: u16 = 1;

const REQUESTS_PER_BLOCK_MAX: u32 = 4;

/// A block of more would take the guest's memory several times over, in answers, rows and Markdown.
const BLOCK_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Walks on from `place` for one block. `arrived` sees each page of a listing while the next one is on its way.
///
/// Returns where the next block begins; none at the end of the last listing.
pub fn read<T: Transport>(
    site: &Site<'_, T>,
    listings: &[Url],
    place: Place,
    limit: u32,
    arrived: &mut dyn FnMut(Listing<'_>),
) -> Result<Option<Place>, Error> {
    let limit = limit.max(1);
    let requests = limit.div_ceil(u32::from(ROWS_MAX)).min(REQUESTS_PER_BLOCK_MAX);
    let rows = u16::try_from(limit).unwrap_or(ROWS_MAX).min(ROWS_MAX);
    let mut place = place;
    let Some(mut url) = address(site, listings, &place, rows)? else {
        return Ok(None);
    };
    let mut pending = site.send(&url);
    let mut bytes = 0;
    for request in 1..=requests {
        let answer = answer_in_halves(site, &mut url, pending, &mut place)?;
        bytes += answer.body.len();
        let list = list::open(&url, &answer)?;
        let Some(following) = after(place, list.next.as_ref(), listings.len()) else {
            arrived(list);
            return Ok(None);
        };
        place = following;
        if request == requests || bytes >= BLOCK_BYTES_MAX {
            arrived(list);
            break;
        }
        let Some(next) = address(site, listings, &place, rows)? else {
            arrived(list);
            return Ok(None);
        };
        url = next;
        pending = site.send(&url);
        arrived(list);
    }
    Ok(Some(place))
}

/// Walks listings to their end, whatever it takes: for listings of known length.
pub fn read_whole<T: Transport>(
    site: &Site<'_, T>,
    listings: &[Url],
    arrived: &mut dyn FnMut(Listing<'_>),
) -> Result<(), Error> {
    let mut place = Place::default();
    // Even a site that gives a row at a time is done by then.
    for _ in 0..=listings.len() * usize::from(ROWS_MAX) {
        let limit = u32::from(ROWS_MAX) * REQUESTS_PER_BLOCK_MAX;
        match read(site, listings, place, limit, arrived)? {
            Some(next) => place = next,
            None => return Ok(()),
        }
    }
    Err(Error::Unexpected("a listing of a few things went on and on".to_owned()))
}

/// Waits for a page of a listing, and asks for smaller ones while the site fails for their size.
pub fn answer_in_halves<T: Transport>(
    site: &Site<'_, T>,
    url: &mut Url,
    pending: T::Pending,
    place: &mut Place,
) -> Result<Response, Refusal> {
    let mut answer = site.wait(url, pending);
    loop {
        let rows = rows_asked(url);
        match answer {
            Err(refusal) if refusal.asked_too_much && rows / 2 >= ROWS_MIN => {
                let half = rows / 2;
                let (reason, rows) = (refusal.error.message(), half.to_string());
                site.log(Level::Info, "asking for fewer rows", &[("rows", &rows), ("reason", &reason)]);
                place.reduced = Some(half);
                *url = next::with_limit(url, half);
                answer = site.get(url);
            }
            // One row's body that cannot be had must not keep all behind it from being read.
            Err(refusal) if refusal.asked_too_much && has_bodies(url) => {
                let reason = refusal.error.message();
                site.log(Level::Warn, "reading one thing without its body", &[("reason", &reason)]);
                let without = next::without_bodies(url);
                return site.get(&without);
            }
            answer => return answer,
        }
    }
}

fn has_bodies(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name == "body-format")
}

fn rows_asked(url: &Url) -> u16 {
    let limit = url.query_pairs().find(|(name, _)| name == "limit");
    limit.and_then(|(_, value)| value.parse().ok()).unwrap_or(ROWS_MAX)
}

/// The request for a place; none when there is no such listing.
fn address<T: Transport>(
    site: &Site<'_, T>,
    listings: &[Url],
    place: &Place,
    rows: u16,
) -> Result<Option<Url>, Error> {
    let Some(base) = listings.get(place.listing) else {
        return Ok(None);
    };
    let url = match &place.link {
        Some(link) => site.resume(base, link)?,
        None => base.clone(),
    };
    // A listing may say itself that it gives fewer.
    let rows = rows.min(rows_asked(base));
    let rows = place.reduced.unwrap_or(rows).clamp(1, rows);
    Ok(Some(next::with_limit(&url, rows)))
}

/// The place after a page that was read, at the following page or at the start of the following listing.
fn after(place: Place, next: Option<&Url>, listings: usize) -> Option<Place> {
    let reduced = place.reduced.map(|rows| rows.saturating_mul(2));
    let reduced = reduced.filter(|rows| *rows < ROWS_MAX);
    let (listing, link) = match next {
        Some(url) => (place.listing, Some(next::relative(url))),
        None => (place.listing + 1, None),
    };
    (listing < listings).then_some(Place { listing, link, reduced })
}
