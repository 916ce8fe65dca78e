//! Comments and attachments that changed. They come with their words where all are wanted; under a filter what they
//! hang on is judged first.

use super::Reading;
use super::checkpoint::Walked;
use super::walk;
use crate::confluence::answer::Refusal;
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::List;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::filter::Filter;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::model::Change;
use crate::reading::items;
use crate::reading::pages::log_lost;
use crate::reading::plans::Bodies;
use crate::reading::walks::{attachment_change, comment_change, failures};
use crate::reading::{containers, hanging, threads};
use crate::transport::{Level, Transport};
use std::collections::BTreeSet;

pub fn attachments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    reading: &mut Reading,
    limit: usize,
) -> Result<Vec<Change>, Refusal> {
    let query = [("status", "current,archived"), ("sort", "-modified-date")];
    let listing = site.v2(&["attachments"], &query);
    let list = Walked::Attachments;
    let List { rows, unreadable, .. } = walk::news::<AttachmentRow, T>(site, reading, list, &listing, limit)?;
    let mut changes = failures(site, unreadable, ItemId::Attachment);
    let holders: Vec<_> = rows.iter().map(AttachmentRow::holders).collect();
    let unwanted = unwanted(site, filter, &holders).map_err(Refusal::about)?;
    for (row, holders) in rows.into_iter().zip(holders) {
        let id = ItemId::attachment(&row.id).to_string();
        if row.binned() {
            changes.push(Change::Binned(id));
        } else if holders.iter().flatten().any(|id| unwanted.contains(id)) {
            changes.push(Change::Delete(id));
        } else {
            changes.extend(attachment_change(site, row));
        }
    }
    Ok(changes)
}

pub fn comments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    reading: &mut Reading,
    list: Walked,
    limit: usize,
) -> Result<Vec<Change>, Refusal> {
    let route = match list {
        Walked::InlineComments => "inline-comments",
        _ => "footer-comments",
    };
    let mut query = vec![("sort", "-modified-date")];
    // What a filter may leave out is not downloaded.
    query.extend(if filter.is_plain() { Bodies::Storage } else { Bodies::None }.query());
    let listing = site.v2(&[route], &query);
    let List { rows, unreadable, .. } = walk::news::<CommentRow, T>(site, reading, list, &listing, limit)?;
    let mut changes = failures(site, unreadable, ItemId::Comment);
    let (binned, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(CommentRow::binned);
    changes.extend(binned.into_iter().map(|row| Change::Binned(ItemId::Comment(row.id).to_string())));
    if !rows.is_empty() {
        let deliver = if filter.is_plain() { whole(site, rows) } else { judged(site, filter, rows) };
        changes.extend(deliver.map_err(Refusal::about)?);
    }
    Ok(changes)
}

/// Rows that came with their words.
fn whole<T: Transport>(site: &Site<'_, T>, rows: Vec<CommentRow>) -> Result<Vec<Change>, Error> {
    let roots = threads::roots_by_search(site, &rows)?;
    let mut lost = Lost::new();
    let comments = rows.into_iter().zip(&roots);
    let changes = comments.filter_map(|(row, root)| comment_change(site, row, root, &mut lost)).collect();
    log_lost(site, &lost);
    Ok(changes)
}

/// Rows without their words. The search has those of fifty in a request; what it does not know yet is read singly.
fn judged<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    rows: Vec<CommentRow>,
) -> Result<Vec<Change>, Error> {
    let holders: Vec<_> = rows.iter().map(CommentRow::holders).collect();
    let unwanted = unwanted(site, filter, &holders)?;
    let mut changes = Vec::new();
    let mut wanted: Vec<Id> = Vec::new();
    for (row, holders) in rows.into_iter().zip(holders) {
        if holders.iter().flatten().any(|id| unwanted.contains(id)) {
            changes.push(Change::Delete(ItemId::Comment(row.id).to_string()));
        } else if row.custom_content_id.is_none() {
            wanted.push(row.id);
        }
    }
    let found = match hanging::comments(site, &wanted) {
        Ok(found) => found,
        Err(Error::Unexpected(reason) | Error::Unavailable(reason)) => {
            site.log(Level::Warn, "the search for comments failed", &[("reason", &reason)]);
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let told: BTreeSet<String> = filled(found.iter().filter_map(|change| match change {
        Change::Upsert(item) => Some(item.id.clone()),
        _ => None,
    }));
    wanted.retain(|id| !told.contains(&ItemId::Comment(id.clone()).to_string()));
    changes.extend(found.into_iter().filter(|change| matches!(change, Change::Upsert(_))));
    changes.extend(items::comments(site, &wanted)?);
    Ok(changes)
}

/// Those of what things hang on that the filter leaves out.
fn unwanted<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    holders: &[[Option<Id>; 2]],
) -> Result<BTreeSet<Id>, Error> {
    if filter.is_plain() || holders.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (mut pages, mut posts) = (BTreeSet::new(), BTreeSet::new());
    for [page, post] in holders {
        pages.extend(page.clone());
        posts.extend(post.clone());
    }
    let mut unwanted = containers::left_out(site, filter, Posting::Page, pages)?;
    unwanted.append(&mut containers::left_out(site, filter, Posting::BlogPost, posts)?);
    Ok(unwanted)
}
