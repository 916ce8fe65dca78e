//! Asking for things by id, one request each, and what a refusal proves.

use crate::confluence::answer::{self, Refusal};
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::Error;
use crate::item::id::ItemId;
use crate::transport::{Response, Transport};
use serde::de::DeserializeOwned;
use url::Url;

/// What the site told of one thing.
pub enum Told<R> {
    Row(R),
    /// A 404 that names the thing, at every address where it could be.
    Gone,
    /// Anything else; it proves nothing.
    Failed(String),
}

/// Asks for each thing at its first address, and at the others while it is not found.
pub fn singly<R: DeserializeOwned, T: Transport>(
    site: &Site<'_, T>,
    questions: impl Iterator<Item = (ItemId, Vec<Url>)>,
) -> Result<Vec<(ItemId, Told<R>)>, Error> {
    let mut told = Vec::new();
    let first = questions.filter_map(|(id, urls)| {
        let mut urls = urls.into_iter();
        let url = urls.next()?;
        Some(((id, urls), url))
    });
    let take = |(id, mut others): (ItemId, std::vec::IntoIter<Url>),
                url: &Url,
                answer: Result<Response, Refusal>| {
        match answer.and_then(|response| answer::parse::<R>(url, &response)) {
            Ok(row) => told.push((id, Told::Row(row))),
            // A scope that is missing for comments, say, is none of the pages' business.
            Err(refusal) if refusal.concerns_everything() && !refusal.lacks_scope() => {
                return Err(refusal.error);
            }
            Err(Refusal { error: error @ Error::NotFound(_), .. }) => match others.next() {
                Some(url) => return Ok(Some(((id, others), url))),
                // A 404 that does not name the thing may be some gateway's word, and deletes nothing.
                None if names(&error, &id) => told.push((id, Told::Gone)),
                None => told.push((id, Told::Failed(error.message()))),
            },
            Err(refusal) => told.push((id, Told::Failed(refusal.error.message()))),
        }
        Ok(None)
    };
    site.get_many(first, take)?;
    Ok(told)
}

/// Whether a 404 says in its own words, and not only in the address that was asked, which thing it denies.
fn names(error: &Error, id: &ItemId) -> bool {
    let message = error.message();
    let said = message.rsplit_once(" and got 404: ").map_or("", |(_, said)| said);
    let number = id.own().as_str().trim_start_matches("att");
    said.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits == number)
}

/// The spaces of these ids, current and archived; at most 250 ids.
pub fn spaces<T: Transport>(site: &Site<'_, T>, ids: &[Id]) -> Result<Vec<SpaceRow>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = super::pages::join(ids.iter());
    let ask = |status| {
        let query = [("ids", &*ids), ("limit", "250"), ("status", status)];
        ((), site.v2(&["spaces"], &query))
    };
    let mut rows = Vec::new();
    let take = |(): (), url: &Url, answer: Result<Response, Refusal>| {
        let list = list::read::<SpaceRow>(url, &answer?)?;
        rows.extend(list.rows);
        Ok(list.next.map(|next| ((), next)))
    };
    site.get_many(["current", "archived"].map(ask), take)?;
    Ok(rows)
}
