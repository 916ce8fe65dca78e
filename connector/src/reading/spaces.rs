//! The spaces of a partition, as items.

use super::cursor::{Cursor, Place};
use super::permissions;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::space::{self, Space};
use crate::model::{Access, Change, Item};
use crate::transport::Transport;

/// Each space costs a request, so a page of changes holds no more.
const SPACES_PER_PAGE: usize = 100;

pub fn read<T: Transport>(
    site: &Site<'_, T>,
    spaces: &[Space],
    from: usize,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let rest = spaces.get(from..).unwrap_or_default();
    let now = rest.get(..SPACES_PER_PAGE).unwrap_or(rest);
    let items = items(site, now)?;
    let next = if now.len() < rest.len() {
        Cursor::Spaces { from: from + now.len() }
    } else {
        Cursor::Walk(Place::default())
    };
    let changes = items.into_iter().map(|item| Change::Upsert(Box::new(item)));
    Ok((changes.collect(), Some(next)))
}

/// Spaces as items, with the permissions read for each.
pub fn items<T: Transport>(site: &Site<'_, T>, spaces: &[Space]) -> Result<Vec<Item>, Error> {
    let ids: Vec<_> = spaces.iter().map(|space| space.id.clone()).collect();
    let mut readers = permissions::of_spaces(site, &ids)?;
    let complete = |space: &Space| {
        let access = readers.remove(&space.id).unwrap_or(Access::Unknown);
        let url = site.page_for_people(space.webui.as_deref());
        space::item(space, url, access)
    };
    Ok(spaces.iter().map(complete).collect())
}
