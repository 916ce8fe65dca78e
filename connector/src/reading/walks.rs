//! Attachments, and what their walk shares with that of comments: both go through the whole site, since v2
//! lists neither by space.
//!
//! Sorted by creation, which never changes: what is new during the walk comes at its end.

use super::block;
use super::cursor::{Cursor, Place};
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing, Unreadable};
use crate::confluence::page::Links;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::{attachment, comment};
use crate::model::{Change, Failure, Item};
use crate::transport::{Level, Transport};

pub fn attachments<T: Transport>(
    site: &Site<'_, T>,
    place: Place,
    limit: u32,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let query = [("sort", "created-date"), ("status", "current,archived")];
    let listing = site.v2(&["attachments"], &query);
    let mut changes = Vec::new();
    let mut skipped = 0;
    let mut arrived = |list: Listing<'_>| {
        let list: List<AttachmentRow> = list.read();
        for row in list.rows {
            match attachment_change(site, row) {
                Some(change) => changes.push(change),
                None => skipped += 1,
            }
        }
        changes.extend(failures(site, list.unreadable, ItemId::Attachment));
    };
    let next = block::read(site, &[listing], place, limit, &mut arrived)?;
    log_skipped(site, "attachments", skipped);
    Ok((changes, next.map(Cursor::Walk)))
}

/// Says once for many rows that they were left out.
pub fn log_skipped<T: Transport>(site: &Site<'_, T>, list: &str, count: u32) {
    if count > 0 {
        let fields = [("list", list), ("count", &*count.to_string())];
        site.log(Level::Info, "skipped what belongs to custom content", &fields);
    }
}

/// A comment as a change; none for one that is not delivered.
/// `root` is the comment that began its thread.
pub fn comment_change<T: Transport>(
    site: &Site<'_, T>,
    row: CommentRow,
    root: &Id,
    lost: &mut Lost,
) -> Option<Change> {
    let id = ItemId::Comment(row.id.clone());
    let url = address(site, row.links.as_ref(), None);
    change(id, url.clone(), comment::item(row, root, url, lost))
}

/// An attachment as a change; none for one that is not delivered.
pub fn attachment_change<T: Transport>(site: &Site<'_, T>, row: AttachmentRow) -> Option<Change> {
    let id = ItemId::attachment(&row.id);
    let url = address(site, row.links.as_ref(), row.webui_link.as_deref());
    change(id, url.clone(), attachment::item(row, url))
}

fn change(id: ItemId, url: String, item: Result<Option<Item>, String>) -> Option<Change> {
    match item {
        Ok(item) => item.map(|item| Change::Upsert(Box::new(item))),
        Err(reason) => {
            let (id, url) = (id.to_string(), Some(url));
            Some(Change::Failed(Failure { id, url, reason }))
        }
    }
}

fn address<T: Transport>(site: &Site<'_, T>, links: Option<&Links>, other: Option<&str>) -> String {
    let webui = links.and_then(|links| links.webui.as_deref());
    site.page_for_people(webui.or(other))
}

/// Rows of another shape, as failures where they have an id.
pub fn failures<T: Transport>(
    site: &Site<'_, T>,
    rows: Vec<Unreadable>,
    item_id: impl Fn(Id) -> ItemId,
) -> Vec<Change> {
    let mut failures = Vec::new();
    for Unreadable { id, reason } in rows {
        match id {
            Some(id) => {
                failures.push(Change::Failed(Failure { id: item_id(id).to_string(), url: None, reason }))
            }
            None => site.log(Level::Warn, "skipped a row without an id", &[("reason", &reason)]),
        }
    }
    failures
}
