//! Whether the pages and blog posts are wanted that some comments and attachments hang on.

use super::asked;
use super::block;
use super::chosen::facts_of;
use super::judge::Judge;
use super::plans::{self, Bodies, IDS_PER_LISTING};
use crate::confluence::id::Id;
use crate::confluence::list::Listing;
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::transport::Transport;
use std::collections::BTreeSet;

/// Those of these that the frozen `filter` is known to leave out. Bodies are not read.
pub fn left_out<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    posting: Posting,
    ids: BTreeSet<Id>,
) -> Result<BTreeSet<Id>, Error> {
    let ids: Vec<Id> = ids.into_iter().collect();
    let chunks = ids.chunks(IDS_PER_LISTING);
    let listings: Vec<_> = chunks.map(|ids| plans::by_id(site, posting, ids.iter(), Bodies::None)).collect();
    let mut rows: Vec<PageRow> = Vec::new();
    block::read_whole(site, &listings, &mut |list: Listing<'_>| rows.extend(list.read::<PageRow>().rows))?;
    rows.retain(|row| ids.contains(&row.id));
    let spaces = spaces_of(site, &rows)?;
    let judge = Judge::new(filter, posting, &spaces);
    rows.retain(|row| judge.knows_space(row));
    let open: Vec<&PageRow> = rows.iter().filter(|row| judge.row(row, None).is_none()).collect();
    let facts = facts_of(site, &judge, open.into_iter(), false)?;
    rows.retain(|row| judge.row(row, facts.get(&row.id)) == Some(false));
    Ok(filled(rows.into_iter().map(|row| row.id)))
}

/// The spaces of some rows.
pub fn spaces_of<T: Transport>(site: &Site<'_, T>, rows: &[PageRow]) -> Result<Vec<Space>, Error> {
    let ids: BTreeSet<Id> = filled(rows.iter().filter_map(|row| row.space_id.clone()));
    let ids: Vec<Id> = ids.into_iter().collect();
    let mut spaces = Vec::new();
    for ids in ids.chunks(IDS_PER_LISTING) {
        spaces.extend(asked::spaces(site, ids)?.into_iter().map(Space::from));
    }
    Ok(spaces)
}
