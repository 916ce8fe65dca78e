//! Listings, taken apart row by row.
//!
//! A row that has not the expected shape is kept apart with its id, if it has one, so that one odd row does not
//! cost its 249 neighbours.

use super::answer::{self, Refusal};
use super::id::Id;
use super::next;
use super::objects;
use crate::error::Error;
use crate::transport::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use url::Url;

/// One page of a listing, its rows still as text.
pub struct Listing<'a> {
    rows: Vec<&'a RawValue>,
    /// Where the following page is.
    pub next: Option<Url>,
}

/// One page of a listing.
#[derive(Debug)]
pub struct List<R> {
    pub rows: Vec<R>,
    pub unreadable: Vec<Unreadable>,
    /// Where the following page is. Nothing else tells whether there is one: pages may be short.
    pub next: Option<Url>,
}

impl<R> List<R> {
    /// A whole listing of rows that came in another way.
    pub fn of(rows: Vec<R>) -> List<R> {
        List { rows, unreadable: Vec::new(), next: None }
    }
}

/// A row of another shape than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub id: Option<Id>,
    pub reason: String,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
    #[serde(rename = "_links")]
    links: Option<NextLink>,
}

#[derive(Deserialize)]
struct NextLink {
    next: Option<String>,
}

#[derive(Deserialize)]
struct OnlyId {
    id: Id,
}

/// Reads an accepted answer, of v1 or v2, as one page of a listing.
pub fn read<R: DeserializeOwned>(url: &Url, response: &Response) -> Result<List<R>, Refusal> {
    Ok(open(url, response)?.read())
}

/// Finds the rows and the next page, and leaves the rows unread.
pub fn open<'a>(url: &Url, response: &'a Response) -> Result<Listing<'a>, Refusal> {
    let envelope: Envelope = answer::parse(url, response)?;
    let in_body = envelope.links.and_then(|links| links.next);
    let next = in_body.or_else(|| in_header(response));
    let next = next.map(|next| next::follow(url, &next)).transpose();
    Ok(Listing {
        rows: envelope.results,
        next: next.map_err(|reason| Refusal {
            status: Some(response.status),
            asked_too_much: false,
            error: Error::Unexpected(format!("{} and got {reason}", answer::attempt(url))),
        })?,
    })
}

impl Listing<'_> {
    pub fn read<R: DeserializeOwned>(self) -> List<R> {
        let mut list =
            List { rows: Vec::with_capacity(self.rows.len()), unreadable: Vec::new(), next: self.next };
        for row in self.rows {
            match objects::from_str(row.get()) {
                Ok(row) => list.rows.push(row),
                Err(error) => list.unreadable.push(unreadable(row, &error)),
            }
        }
        list
    }

    /// The rows as the site wrote them.
    pub fn texts(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.get()).collect()
    }
}

fn unreadable(row: &RawValue, error: &serde_json::Error) -> Unreadable {
    let only: Option<OnlyId> = objects::from_str(row.get()).ok();
    Unreadable { id: only.map(|only| only.id), reason: error.to_string() }
}

/// `Link: </wiki/api/v2/…>; rel="next", <…>; rel="base"` (RFC 8288). A comma may stand inside an address, so
/// each link is found by its angle brackets.
fn in_header(response: &Response) -> Option<String> {
    let mut rest = response.header("link")?;
    while let Some((_, from_target)) = rest.split_once('<') {
        let (target, after) = from_target.split_once('>')?;
        let parameters = after.split_once('<').map_or(after, |(own, _)| own);
        if parameters.contains("rel=\"next\"") {
            return Some(target.to_owned());
        }
        rest = after;
    }
    None
}
