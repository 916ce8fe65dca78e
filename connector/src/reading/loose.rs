//! Comments and attachments of single pages, for pages that no search sees. Three requests a page, and one more
//! for each comment, whose replies v2 lists nowhere else; another one for an inline comment that was resolved.

use super::asked::{self, Told};
use super::pages::log_lost;
use super::plans::{Bodies, route};
use super::replies::{self, Above, rows};
use super::walks::{attachment_change, comment_change, failures};
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Kinds;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::model::Change;
use crate::transport::{Level, Transport};

/// Pages in one call, which a host lets send a thousand requests.
pub const PAGES_MAX: usize = 50;

/// Comments asked for replies in one call; replies to those beyond are not read, and it is logged.
const COMMENTS_MAX: usize = 600;

/// Comments asked for who resolved them, in one call.
const RESOLVED_MAX: usize = 200;

const SORTS: [&str; 2] = ["footer-comments", "inline-comments"];

/// On each of these pages or blog posts; at most [`PAGES_MAX`].
pub fn on_pages<T: Transport>(
    site: &Site<'_, T>,
    kinds: Kinds,
    bodies: Bodies,
    posting: Posting,
    pages: &[Id],
) -> Result<Vec<Change>, Error> {
    site.log(Level::Info, "reading what hangs on pages singly", &[("pages", &pages.len().to_string())]);
    let mut changes = Vec::new();
    if kinds.comments {
        comments(site, bodies, posting, pages, &mut changes)?;
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

fn comments<T: Transport>(
    site: &Site<'_, T>,
    bodies: Bodies,
    posting: Posting,
    pages: &[Id],
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let mut roots: Vec<CommentRow> = Vec::new();
    let mut above: Vec<Above> = Vec::new();
    let questions = pages.iter().flat_map(|page| {
        SORTS.map(|sort| {
            let path = [route(posting), page.as_str(), sort];
            let mut query = bodies.query().to_vec();
            query.push(("limit", "250"));
            ((page, sort), site.v2(&path, &query))
        })
    });
    site.get_many(questions, |(page, sort), url, answer| {
        let Some(list) = rows::<CommentRow, T>(site, url, answer)? else { return Ok(None) };
        changes.extend(failures(site, list.unreadable, ItemId::Comment));
        for mut row in list.rows {
            // The list of one page may leave out what was asked for.
            let container = match posting {
                Posting::Page => &mut row.page_id,
                Posting::BlogPost => &mut row.blog_post_id,
            };
            container.get_or_insert_with(|| page.clone());
            above.push(Above::new(sort, &row, &row.id));
            roots.push(row);
        }
        Ok(list.next.map(|next| ((page, sort), next)))
    })?;
    complete_resolutions(site, &mut roots)?;
    let mut lost = Lost::new();
    for row in roots {
        let root = row.id.clone();
        changes.extend(comment_change(site, row, &root, &mut lost));
    }
    let mut replies = Vec::new();
    let odd = replies::below(site, above, bodies, COMMENTS_MAX, &mut |row, root| {
        replies.extend(comment_change(site, row, root, &mut lost));
    })?;
    changes.extend(replies.into_iter().chain(odd));
    log_lost(site, &lost);
    Ok(())
}

/// Who resolved a comment, and when, is told of all comments of a site and of one comment, but not of those of a page.
fn complete_resolutions<T: Transport>(site: &Site<'_, T>, rows: &mut [CommentRow]) -> Result<(), Error> {
    let open = |row: &&CommentRow| {
        row.resolution_status.as_deref().is_some_and(|status| status != "open")
            && row.resolution_last_modifier_id.is_none()
    };
    let questions = rows.iter().filter(open).take(RESOLVED_MAX).map(|row| {
        let url = site.v2(&["inline-comments", row.id.as_str()], &[]);
        (ItemId::Comment(row.id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<CommentRow, T>(site, questions)? {
        let (Told::Row(told), Some(row)) = (told, rows.iter_mut().find(|row| row.id == *id.own())) else {
            continue;
        };
        row.resolution_last_modifier_id = told.resolution_last_modifier_id;
        row.resolution_last_modified_at = told.resolution_last_modified_at;
    }
    Ok(())
}
