//! Spaces, and what stands in their trees beside pages.

use super::Answers;
use crate::confluence::id::Id;
use crate::confluence::node::NodeRow;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::id::ItemId;
use crate::item::space::Space;
use crate::model::Change;
use crate::reading::asked;
use crate::reading::judge;
use crate::reading::nodes;
use crate::reading::restrictions::Question;
use crate::reading::rights;
use crate::reading::spaces::items as space_items;
use crate::transport::Transport;
use std::collections::BTreeSet;

/// Folders and their like: a request each, and two for the keys of their spaces; one more for the readers of all.
pub fn nodes<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: Vec<ItemId>,
    answers: &mut Answers,
) -> Result<(), Error> {
    let mut rows: Vec<(ItemId, NodeRow)> = Vec::new();
    let mut question = Question::new(site);
    for (id, told) in nodes::read_each(site, ids)? {
        match answers.row(&id, told) {
            Some(row) if row.binned() => answers.binned(&id),
            Some(row) => {
                question.ask(row.id.clone(), row.archived());
                rows.push((id, row));
            }
            None => {}
        }
    }
    let spaces: BTreeSet<Id> = filled(rows.iter().filter_map(|(_, row)| row.space_id.clone()));
    let spaces: Vec<Id> = spaces.into_iter().collect();
    let known = asked::spaces(site, &spaces)?.into_iter().map(Space::from);
    let (kept, left_out): (Vec<Space>, Vec<Space>) =
        known.partition(|space| filter.keeps_space(judge::of(space)) != Some(false));
    let keys = filled(kept.into_iter().map(|space| (space.id, space.key)));
    let mut facts = question.answers()?;
    for (id, row) in rows {
        if left_out.iter().any(|space| row.space_id.as_ref() == Some(&space.id)) {
            answers.gone(&id);
        } else if let Some(change) = nodes::change(site, &keys, &id, row, &mut facts) {
            answers.add(nodes::wanted(filter, change));
        }
    }
    Ok(())
}

pub fn spaces<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    let mut rows = asked::spaces(site, ids)?;
    rows.retain(|row| ids.contains(&row.id));
    let questions = ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id)).map(|id| {
        let url = site.v2(&["spaces", id.as_str()], &[]);
        (ItemId::Space(id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<SpaceRow, T>(site, questions)? {
        match answers.row(&id, told) {
            Some(row) if row.id == *id.own() => rows.push(row),
            Some(_) => answers.failed(&id, "the site answered with another space".to_owned()),
            None => {}
        }
    }
    let spaces = rows.into_iter().map(Space::from);
    let (spaces, left_out): (Vec<Space>, Vec<Space>) =
        spaces.partition(|space| filter.keeps_space(judge::of(space)) != Some(false));
    for space in left_out {
        answers.gone(&ItemId::Space(space.id));
    }
    if spaces.is_empty() {
        return Ok(());
    }
    let rights = rights::ask(site)?;
    for item in space_items(site, &rights, &spaces)? {
        answers.add(Change::Upsert(Box::new(item)));
    }
    Ok(())
}
