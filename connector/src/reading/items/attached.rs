//! Comments and attachments, a request or more each: nothing tells several by their ids.

use super::Answers;
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Filter;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::reading::asked::{self, Told};
use crate::reading::containers;
use crate::reading::pages::log_lost;
use crate::reading::threads;
use crate::reading::walks::{attachment_change, comment_change};
use crate::transport::Transport;
use std::collections::BTreeSet;

pub fn comments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if !filter.kinds.comments {
        ids.iter().for_each(|id| answers.gone(&ItemId::Comment(id.clone())));
        return Ok(());
    }
    let mut ids = ids.to_vec();
    if !filter.is_plain() {
        let told = ask_for_comments(site, &ids, &[])?;
        ids = wanted_of(site, filter, told, answers, CommentRow::holders)?
            .into_iter()
            .map(|(id, _)| id.own().clone())
            .collect();
    }
    with_words(site, &ids, answers)
}

/// Comments with their words, a request or more each.
pub fn with_words<T: Transport>(site: &Site<'_, T>, ids: &[Id], answers: &mut Answers) -> Result<(), Error> {
    let mut rows: Vec<CommentRow> = Vec::new();
    for (id, told) in ask_for_comments(site, ids, &[("body-format", "storage")])? {
        match answers.row(&id, told) {
            Some(row) if row.binned() => answers.binned(&id),
            Some(row) if row.id == *id.own() => rows.push(row),
            Some(_) => answers.failed(&id, "the site answered with another comment".to_owned()),
            None => {}
        }
    }
    let roots = threads::roots(site, &rows)?;
    let mut lost = Lost::new();
    for (row, root) in rows.into_iter().zip(&roots) {
        let id = row.id.clone();
        match comment_change(site, row, root, &mut lost) {
            Some(change) => answers.add(change),
            None => answers.failed(&ItemId::Comment(id), "it belongs to custom content".to_owned()),
        }
    }
    log_lost(site, &lost);
    Ok(())
}

fn ask_for_comments<T: Transport>(
    site: &Site<'_, T>,
    ids: &[Id],
    query: &[(&str, &str)],
) -> Result<Vec<(ItemId, Told<CommentRow>)>, Error> {
    asked::singly(
        site,
        ids.iter().map(|id| (ItemId::Comment(id.clone()), threads::addresses(site, id, query))),
    )
}

pub fn attachments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if !filter.kinds.attachments {
        ids.iter().for_each(|id| answers.gone(&ItemId::Attachment(id.clone())));
        return Ok(());
    }
    let questions = ids.iter().map(|id| {
        let url = site.v2(&["attachments", id.as_str()], &[]);
        (ItemId::Attachment(id.clone()), vec![url])
    });
    let mut told = asked::singly::<AttachmentRow, T>(site, questions)?;
    if !filter.is_plain() {
        told = wanted_of(site, filter, told, answers, AttachmentRow::holders)?;
    }
    for (id, told) in told {
        match answers.row(&id, told) {
            Some(row) if row.binned() => answers.binned(&id),
            Some(row) => match attachment_change(site, row) {
                Some(change) => answers.add(change),
                None => answers.failed(&id, "it belongs to custom content".to_owned()),
            },
            None => {}
        }
    }
    Ok(())
}

/// Answers those that hang on a page or blog post that the filter leaves out, and returns the others. `holders` are
/// the page and the blog post that a row names.
fn wanted_of<R, T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    told: Vec<(ItemId, Told<R>)>,
    answers: &mut Answers,
    holders: impl Fn(&R) -> [Option<Id>; 2],
) -> Result<Vec<(ItemId, Told<R>)>, Error> {
    let (mut pages, mut posts) = (BTreeSet::new(), BTreeSet::new());
    for (_, told) in &told {
        if let Told::Row(row) = told {
            let [page, post] = holders(row);
            pages.extend(page);
            posts.extend(post);
        }
    }
    let mut unwanted = containers::left_out(site, filter, Posting::Page, pages)?;
    unwanted.append(&mut containers::left_out(site, filter, Posting::BlogPost, posts)?);
    let left_out = |row: &R| holders(row).iter().flatten().any(|id| unwanted.contains(id));
    let mut wanted = Vec::new();
    for (id, told) in told {
        match &told {
            Told::Row(row) if left_out(row) => answers.gone(&id),
            _ => wanted.push((id, told)),
        }
    }
    Ok(wanted)
}
