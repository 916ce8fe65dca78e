//! Pages and blog posts: together in one listing, and what that leaves out singly.

use super::Answers;
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Filter;
use crate::item::page::Posting;
use crate::reading::asked;
use crate::reading::block;
use crate::reading::chosen::{self, Chosen};
use crate::reading::containers::spaces_of;
use crate::reading::judge::Judge;
use crate::reading::left_out;
use crate::reading::pages::{Gathering, join};
use crate::reading::plans::{Bodies, route};
use crate::transport::Transport;

/// The most ids that are asked for: [`super::IDS_MAX`].
const IDS_AT_ONCE: &str = "100";

pub fn read<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    posting: Posting,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let statuses = match posting {
        Posting::Page => "current,archived,trashed,deleted",
        Posting::BlogPost => "current,trashed,deleted",
    };
    // Bodies at once only where every page is wanted.
    let bodies = if filter.is_plain() { Bodies::Storage } else { Bodies::None };
    let (listed, route) = (join(ids.iter()), route(posting));
    let mut query = vec![("id", &*listed), ("status", statuses), ("sort", "id"), ("limit", IDS_AT_ONCE)];
    query.extend(bodies.query());
    let mut rows: Vec<PageRow> = Vec::new();
    block::read_whole(site, &[site.v2(&[route], &query)], &mut |list: Listing<'_>| {
        rows.extend(list.read::<PageRow>().rows);
    })?;
    rows.retain(|row| ids.contains(&row.id));

    let questions = ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id)).map(|id| {
        let url = site.v2(&[route, id.as_str()], bodies.query());
        (posting.item_id(id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<PageRow, T>(site, questions)? {
        match answers.row(&id, told) {
            Some(row) if row.id == *id.own() => rows.push(row),
            Some(_) => answers.failed(&id, "the site answered with another page".to_owned()),
            None => {}
        }
    }
    let (binned, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(PageRow::binned);
    for row in binned {
        answers.binned(&posting.item_id(row.id));
    }
    let spaces = spaces_of(site, &rows)?;
    let judge = Judge::new(filter, posting, &spaces);
    if filter.is_plain() {
        let mut gathering = Gathering::new(site, posting, &judge.keys, bodies);
        gathering.take(List::of(rows));
        gathering.finish()?.into_iter().for_each(|change| answers.add(change));
        return Ok(());
    }
    let (rows, lost): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| judge.knows_space(row));
    for row in lost {
        answers.failed(&posting.item_id(row.id), "its space could not be read".to_owned());
    }
    let Chosen { changes, facts, left_out, .. } = chosen::choose(site, &judge, Bodies::Storage, rows)?;
    changes.into_iter().for_each(|change| answers.add(change));
    let changes = left_out::changes(site, &judge, left_out, facts)?;
    changes.into_iter().for_each(|change| answers.add(change));
    for id in ids.iter().map(|id| posting.item_id(id.clone())) {
        if !answers.has(&id) {
            answers.failed(&id, "it changed while it was read".to_owned());
        }
    }
    Ok(())
}
