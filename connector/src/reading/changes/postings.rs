//! Pages and blog posts that changed: rows without bodies, then the words of those that are news and wanted, then who
//! may read them.

use super::Reading;
use super::checkpoint::Walked;
use super::walk;
use crate::confluence::answer::Refusal;
use crate::confluence::id::Id;
use crate::confluence::list::List;
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::model::{Change, Failure};
use crate::reading::chosen::{self, Chosen};
use crate::reading::containers::spaces_of;
use crate::reading::judge::Judge;
use crate::reading::left_out;
use crate::reading::places::{self, AtHand, page_above};
use crate::reading::plans::{Bodies, route};
use crate::reading::walks::failures;
use crate::transport::Transport;
use std::collections::BTreeSet;

pub fn read<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    reading: &mut Reading,
    posting: Posting,
    list: Walked,
    limit: usize,
) -> Result<Vec<Change>, Refusal> {
    let statuses = match posting {
        Posting::Page => "current,archived",
        Posting::BlogPost => "current",
    };
    let listing = site.v2(&[route(posting)], &[("status", statuses), ("sort", "-modified-date")]);
    let List { rows, unreadable, .. } = walk::news::<PageRow, T>(site, reading, list, &listing, limit)?;
    let mut changes = failures(site, unreadable, |id| posting.item_id(id));
    if !rows.is_empty() {
        changes.extend(deliver(site, filter, posting, rows).map_err(Refusal::about)?);
    }
    Ok(changes)
}

fn deliver<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    posting: Posting,
    rows: Vec<PageRow>,
) -> Result<Vec<Change>, Error> {
    let spaces = spaces_of(site, &rows)?;
    let judge = Judge::new(filter, posting, &spaces);
    let (rows, lost): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| judge.knows_space(row));
    let Chosen { mut changes, rows, facts, mut left_out } =
        chosen::choose(site, &judge, Bodies::Storage, rows)?;
    changes.extend(lost.into_iter().map(|row| {
        let reason = "its space could not be read".to_owned();
        Change::Failed(Failure { id: posting.item_id(row.id).to_string(), url: None, reason })
    }));
    if posting == Posting::Page && (filter.is_fine(posting) || !filter.archived_pages) {
        let chosen: BTreeSet<Id> = filled(rows.iter().map(|row| row.id.clone()));
        let above: BTreeSet<Id> = filled(rows.iter().filter_map(page_above).cloned());
        let at_hand = AtHand { rows: left_out.iter().map(PageRow::bare).collect(), facts: facts.clone() };
        let places = places::above_chosen(site, &judge, above, &chosen, at_hand)?;
        // They hold something up, whether the search knows it yet or not.
        let holds = |row: &PageRow| {
            let id = posting.item_id(row.id.clone()).to_string();
            places.iter().any(|change| matches!(change, Change::Upsert(item) if item.id == id))
        };
        left_out.retain(|row| !holds(row));
        changes.extend(places);
    }
    // A host may have kept them from a time when they were wanted. Those that hold others up are left to the
    // inventory, which knows whether they hold anything that is wanted: most never were.
    if !left_out.is_empty() {
        let told = left_out::changes(site, &judge, left_out, facts)?;
        changes.extend(told.into_iter().filter(|change| matches!(change, Change::Delete(_))));
    }
    Ok(changes)
}
