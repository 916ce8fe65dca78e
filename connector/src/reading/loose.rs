//! Comments and attachments of single pages, for pages that no search sees. Three requests a page, and one more
//! for each comment, whose replies v2 lists nowhere else.

use super::pages::log_lost;
use super::plans::route;
use super::threads::Threads;
use super::walks::{attachment_change, comment_change, failures};
use crate::confluence::answer::Refusal;
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::{self, List};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Kinds;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::model::Change;
use crate::transport::{Level, Response, Transport};
use std::collections::BTreeSet;
use url::Url;

/// Pages in one call, which a host lets send a thousand requests.
pub const PAGES_MAX: usize = 50;

/// Comments asked for replies in one call; replies to those beyond are not read, and it is logged.
const COMMENTS_MAX: usize = 600;

/// Replies to replies are followed this far.
const DEPTH_MAX: usize = 20;

const SORTS: [&str; 2] = ["footer-comments", "inline-comments"];

/// On each of these pages or blog posts; at most [`PAGES_MAX`].
pub fn on_pages<T: Transport>(
    site: &Site<'_, T>,
    kinds: Kinds,
    posting: Posting,
    pages: &[Id],
) -> Result<Vec<Change>, Error> {
    site.log(Level::Info, "reading what hangs on pages singly", &[("pages", &pages.len().to_string())]);
    let mut changes = Vec::new();
    if kinds.comments {
        comments(site, posting, pages, &mut changes)?;
    }
    if kinds.attachments {
        let questions = pages.iter().map(|id| {
            let query = [("limit", "250"), ("status", "current,archived")];
            ((), site.v2(&[route(posting), id.as_str(), "attachments"], &query))
        });
        site.get_many(questions, |(), url, answer| {
            let Some(list) = rows::<AttachmentRow, T>(site, url, answer)? else { return Ok(None) };
            let next = list.next.map(|next| ((), next));
            changes.extend(list.rows.into_iter().filter_map(|row| attachment_change(site, row)));
            changes.extend(failures(site, list.unreadable, ItemId::Attachment));
            Ok(next)
        })?;
    }
    Ok(changes)
}

/// A comment whose container is known: a page, or another comment's.
#[derive(Clone)]
struct Above {
    page: Id,
    comment: Option<Id>,
    sort: &'static str,
}

fn comments<T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    pages: &[Id],
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let mut lost = Lost::new();
    let mut threads = Threads::default();
    let mut met: BTreeSet<Id> = BTreeSet::new();
    let roots =
        pages.iter().flat_map(|page| SORTS.map(|sort| Above { page: page.clone(), comment: None, sort }));
    let mut level: Vec<Above> = roots.collect();
    let mut left = COMMENTS_MAX;
    for _ in 0..DEPTH_MAX {
        let mut next_level = Vec::new();
        let questions = std::mem::take(&mut level).into_iter().map(|above| {
            let path = match &above.comment {
                Some(comment) => [above.sort, comment.as_str(), "children"],
                None => [route(posting), above.page.as_str(), above.sort],
            };
            let url = site.v2(&path, &[("body-format", "storage"), ("limit", "250")]);
            (above, url)
        });
        site.get_many(questions, |above: Above, url, answer| {
            let Some(list) = rows::<CommentRow, T>(site, url, answer)? else { return Ok(None) };
            changes.extend(failures(site, list.unreadable, ItemId::Comment));
            for mut row in list.rows.into_iter().filter(|row| met.insert(row.id.clone())) {
                next_level.push(Above { comment: Some(row.id.clone()), ..above.clone() });
                complete(&mut row, posting, &above);
                let root = threads.root(&row);
                changes.extend(comment_change(site, row, &root, &mut lost));
            }
            Ok(list.next.map(|next| (above, next)))
        })?;
        if next_level.len() > left {
            let count = next_level.len().to_string();
            site.log(Level::Warn, "too many comments to ask each for its replies", &[("comments", &count)]);
            next_level.truncate(left);
        }
        left -= next_level.len();
        if next_level.is_empty() {
            break;
        }
        level = next_level;
    }
    log_lost(site, &lost);
    Ok(())
}

/// The lists of one page or comment leave out what was asked for.
fn complete(row: &mut CommentRow, posting: Posting, above: &Above) {
    let container = match posting {
        Posting::Page => &mut row.page_id,
        Posting::BlogPost => &mut row.blog_post_id,
    };
    container.get_or_insert_with(|| above.page.clone());
    if row.parent_comment_id.is_none() {
        row.parent_comment_id.clone_from(&above.comment);
    }
}

/// None if the page is gone, or refuses.
fn rows<R: serde::de::DeserializeOwned, T: Transport>(
    site: &Site<'_, T>,
    url: &Url,
    answer: Result<Response, Refusal>,
) -> Result<Option<List<R>>, Error> {
    match answer.and_then(|response| list::read(url, &response)) {
        Ok(list) => Ok(Some(list)),
        Err(Refusal { error: Error::NotFound(_), .. }) => Ok(None),
        Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
        Err(refusal) => {
            let reason = refusal.error.message();
            site.log(Level::Warn, "what hangs on a page could not be read", &[("reason", &reason)]);
            Ok(None)
        }
    }
}
