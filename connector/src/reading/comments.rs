//! Comments: a walk through the whole site, and through the replies where a site's lists leave them out.
//!
//! Atlassian's text says that the site-wide lists return *all* comments, and that the lists of one page return
//! its *root* comments. Should a site leave replies out of both, they would be lost without a sign. So a walk that
//! met no reply asks a few comments for their children at its end; if one has any, the comments are walked
//! again and each is asked, which costs a request a comment and is therefore never done without that proof.

use super::block;
use super::cursor::{Cursor, Heard, Place};
use super::pages::log_lost;
use super::plans::Bodies;
use super::replies::{self, Above, children, rows};
use super::walks::{comment_change, failures, log_skipped};
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::model::Change;
use crate::transport::{Level, Transport};

/// Comments asked for their children when no reply was met. They are the oldest, which had the most
/// time to be answered.
const PROBES: usize = 10;

/// Comments whose replies make a page of changes: each costs a request, of which a call has a thousand.
const ASKED_AT_ONCE: u32 = 100;

/// Comments and replies asked for replies in one call.
const REPLIED_MAX: usize = 800;

/// `route` is `footer-comments` or `inline-comments`.
pub fn walk<T: Transport>(
    site: &Site<'_, T>,
    route: &'static str,
    place: Place,
    mut heard: Heard,
    bodies: Bodies,
    limit: u32,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let mut query = vec![("sort", "created-date")];
    query.extend(bodies.query());
    let listing = site.v2(&[route], &query);
    let mut changes = Vec::new();
    let mut lost = Lost::new();
    let mut skipped = 0;
    let mut arrived = |list: Listing<'_>| {
        let list: List<CommentRow> = list.read();
        for row in list.rows {
            heard.hear(&row);
            let root = heard.threads.root(&row);
            match comment_change(site, row, &root, &mut lost) {
                Some(change) => changes.push(change),
                None => skipped += 1,
            }
        }
        changes.extend(failures(site, list.unreadable, ItemId::Comment));
    };
    let next = block::read(site, &[listing], place, limit, &mut arrived)?;
    log_lost(site, &lost);
    log_skipped(site, route, skipped);
    let next = match next {
        Some(place) => Some(Cursor::Comments { place, heard }),
        None if heard.replies || !has_replies(site, route, heard.roots)? => None,
        None => {
            site.log(
                Level::Warn,
                "the lists leave replies out; asking comment by comment",
                &[("list", route)],
            );
            Some(Cursor::Replies { place: Place::default() })
        }
    };
    Ok((changes, next))
}

impl Heard {
    fn hear(&mut self, row: &CommentRow) {
        if row.parent_comment_id.is_some() {
            self.replies = true;
            self.roots = Vec::new();
        } else if !self.replies && self.roots.len() < PROBES {
            self.roots.push(row.id.clone());
        }
    }
}

/// Whether any of these comments has children.
fn has_replies<T: Transport>(site: &Site<'_, T>, route: &str, roots: Vec<Id>) -> Result<bool, Error> {
    let questions = roots.into_iter().map(|id| ((), children(site, route, &id, Bodies::Storage, "1")));
    let mut found = false;
    site.get_many(questions, |(), url, answer| {
        let list = rows::<CommentRow, T>(site, url, answer)?;
        found |= list.is_some_and(|list| !list.rows.is_empty() || !list.unreadable.is_empty());
        Ok(None)
    })?;
    Ok(found)
}

/// The replies to the comments of one part of the walk, and the replies to those.
pub fn replies<T: Transport>(
    site: &Site<'_, T>,
    route: &'static str,
    place: Place,
    bodies: Bodies,
) -> Result<(Vec<Change>, Option<Cursor>), Error> {
    let listing = site.v2(&[route], &[("sort", "created-date")]);
    let mut comments: Vec<Above> = Vec::new();
    let mut arrived = |list: Listing<'_>| {
        let list: List<CommentRow> = list.read();
        comments.extend(list.rows.iter().map(|row| Above::new(route, row, &row.id)));
    };
    let next = block::read(site, &[listing], place, ASKED_AT_ONCE, &mut arrived)?;
    let mut changes = Vec::new();
    let mut lost = Lost::new();
    let mut skipped = 0;
    let odd = replies::below(site, comments, bodies, REPLIED_MAX, &mut |row, root| match comment_change(
        site, row, root, &mut lost,
    ) {
        Some(change) => changes.push(change),
        None => skipped += 1,
    })?;
    changes.extend(odd);
    log_lost(site, &lost);
    log_skipped(site, route, skipped);
    Ok((changes, next.map(|place| Cursor::Replies { place })))
}
