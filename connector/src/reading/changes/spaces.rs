//! New spaces, with who may see them. No list of spaces tells what was edited, so the newest ids are remembered.

use super::Reading;
use super::walk::FIRST_ROWS;
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::model::Change;
use crate::reading::plans::Plan;
use crate::reading::spaces::items;
use crate::reading::{judge, rights};
use crate::transport::Transport;

/// How many of the newest spaces are remembered. Ids are given out in blocks, so a new space may come a few places
/// below the newest.
const REMEMBERED: usize = FIRST_ROWS as usize;

/// More spaces than these are not new but a site that repeats itself, or an import, which is found when the spaces
/// are listed next.
const NEW_MAX: usize = 100;

pub fn read<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    reading: &mut Reading,
    is_first: bool,
) -> Result<Vec<Change>, Refusal> {
    // A new space is never archived.
    let listing = site.v2(&["spaces"], &[("status", "current"), ("sort", "-id")]);
    let mut url = next::with_limit(&listing, FIRST_ROWS);
    let known = &reading.from.spaces;
    let mut newest: Vec<Id> = Vec::new();
    let mut spaces: Vec<Space> = Vec::new();
    loop {
        let list = site.get_list::<SpaceRow>(&url)?;
        let rows = list.rows.len();
        newest.extend(list.rows.iter().map(|row| row.id.clone()));
        let before = spaces.len();
        spaces.extend(list.rows.into_iter().filter(|row| is_new(known, &row.id)).map(Space::from));
        // Only what is all new may be followed by more.
        match list.next {
            Some(next)
                if !is_first && rows > 0 && spaces.len() - before == rows && spaces.len() < NEW_MAX =>
            {
                url = next;
            }
            _ => break,
        }
    }
    newest.truncate(REMEMBERED);
    reading.to.spaces = newest;
    reading.turn_to_next_list();
    spaces.retain(|space| filter.keeps_space(judge::of(space)) != Some(false));
    // Where pages are chosen, none of a new space is.
    let chosen = Plan::of(filter, Posting::Page) == Plan::Search && !filter.pages.only.is_empty();
    if is_first || spaces.is_empty() || (chosen && !filter.reads(Posting::BlogPost)) {
        return Ok(Vec::new());
    }
    let rights = rights::ask(site).map_err(Refusal::about)?;
    let items = items(site, &rights, &spaces).map_err(Refusal::about)?;
    Ok(items.into_iter().map(|item| Change::Upsert(Box::new(item))).collect())
}

/// Whether a space came since these were the newest. With few of them they were all there were.
fn is_new(known: &[Id], id: &Id) -> bool {
    let oldest = known.iter().map(Id::number).min();
    !known.contains(id) && (known.len() < REMEMBERED || oldest.is_some_and(|oldest| id.number() > oldest))
}
