//! The spaces of a partition, as items.

use super::cursor::{Cursor, Place};
use super::permissions;
use super::rights::Rights;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::place;
use crate::item::space::{self, Space};
use crate::model::{Access, Change, Item};
use crate::transport::Transport;

/// Each space costs one to three requests, of which a call has a thousand, so a page of changes holds no more.
const SPACES_PER_PAGE: usize = 100;

pub fn read<T: Transport>(
    site: &Site<'_, T>,
    rights: &Rights,
    spaces: &[Space],
    from: usize,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let rest = spaces.get(from..).unwrap_or_default();
    let now = rest.get(..SPACES_PER_PAGE).unwrap_or(rest);
    let items = items(site, rights, now)?;
    let next = if now.len() < rest.len() {
        Cursor::Spaces { from: from + now.len() }
    } else {
        Cursor::Walk(Place::default())
    };
    let changes = items.into_iter().map(|item| Change::Upsert(Box::new(item)));
    Ok((changes.collect(), Some(next)))
}

/// Spaces of which nothing is wanted, as places that nobody reads: to ask for their readers would cost a request
/// each, and to leave them out would look as if they were gone.
pub fn places<T: Transport>(site: &Site<'_, T>, spaces: &[Space]) -> Vec<Change> {
    let place = |space: &Space| {
        let url = site.page_for_people(space.webui.as_deref());
        let item = space::item(space, url, Access::Replaced(Vec::new()));
        Change::Upsert(Box::new(place::of(item)))
    };
    spaces.iter().map(place).collect()
}

/// Spaces as items, with their readers.
pub fn items<T: Transport>(
    site: &Site<'_, T>,
    rights: &Rights,
    spaces: &[Space],
) -> Result<Vec<Item>, Error> {
    let mut readers = permissions::of_spaces(site, rights, spaces)?;
    let complete = |space: &Space| {
        let access = readers.remove(&space.id).unwrap_or(Access::Unknown);
        let url = site.page_for_people(space.webui.as_deref());
        space::item(space, url, access)
    };
    Ok(spaces.iter().map(complete).collect())
}
