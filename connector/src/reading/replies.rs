//! Replies, asked for comment by comment: v2 tells those of one page's comments nowhere else, and some sites may leave
//! them out of their whole lists too. A request for each comment and for each reply.

use super::plans::Bodies;
use super::walks::failures;
use crate::confluence::answer::Refusal;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::{self, List};
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::item::id::ItemId;
use crate::model::Change;
use crate::transport::{Level, Response, Transport};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use url::Url;

/// Replies to replies are followed this far; Confluence's own editor shows fewer levels.
pub const DEPTH_MAX: usize = 20;

/// A comment whose replies are wanted. Their rows name neither the page nor, always, what they answer.
#[derive(Clone)]
pub struct Above {
    /// `footer-comments` or `inline-comments`.
    pub route: &'static str,
    pub comment: Id,
    /// The comment that began the thread.
    pub root: Id,
    pub page: Option<Id>,
    pub blog_post: Option<Id>,
}

impl Above {
    /// For the replies to `row`, which is in the thread of `root`.
    pub fn new(route: &'static str, row: &CommentRow, root: &Id) -> Above {
        Above {
            route,
            comment: row.id.clone(),
            root: root.clone(),
            page: row.page_id.clone(),
            blog_post: row.blog_post_id.clone(),
        }
    }

    fn complete(&self, row: &mut CommentRow) {
        row.parent_comment_id.get_or_insert_with(|| self.comment.clone());
        row.page_id = row.page_id.take().or_else(|| self.page.clone());
        row.blog_post_id = row.blog_post_id.take().or_else(|| self.blog_post.clone());
    }
}

/// Reads the replies to these comments and the replies to those, but asks no more than `most` comments. `take` sees each
/// row and the comment that began its thread. Returns the rows of an unknown shape, as failures.
pub fn below<T: Transport>(
    site: &Site<'_, T>,
    comments: Vec<Above>,
    bodies: Bodies,
    mut most: usize,
    take: &mut dyn FnMut(CommentRow, &Id),
) -> Result<Vec<Change>, Error> {
    let mut odd = Vec::new();
    // A site that answered a comment's own id as its child would be asked for ever.
    let mut met: BTreeSet<Id> = filled(comments.iter().map(|above| above.comment.clone()));
    let mut level = comments;
    for _ in 0..DEPTH_MAX {
        if level.len() > most {
            let count = level.len().to_string();
            site.log(Level::Warn, "too many comments to ask each for its replies", &[("comments", &count)]);
            level.truncate(most);
        }
        most -= level.len();
        let mut next_level = Vec::new();
        let questions = level.into_iter().map(|above| {
            let url = children(site, above.route, &above.comment, bodies, "250");
            (above, url)
        });
        site.get_many(questions, |above, url, answer| {
            let Some(list) = rows::<CommentRow, T>(site, url, answer)? else { return Ok(None) };
            odd.extend(failures(site, list.unreadable, ItemId::Comment));
            for mut row in list.rows.into_iter().filter(|row| met.insert(row.id.clone())) {
                above.complete(&mut row);
                next_level.push(Above { comment: row.id.clone(), ..above.clone() });
                take(row, &above.root);
            }
            Ok(list.next.map(|next| (above, next)))
        })?;
        level = next_level;
        if level.is_empty() {
            break;
        }
    }
    Ok(odd)
}

pub fn children<T: Transport>(site: &Site<'_, T>, route: &str, id: &Id, bodies: Bodies, rows: &str) -> Url {
    let mut query = bodies.query().to_vec();
    query.push(("limit", rows));
    site.v2(&[route, id.as_str(), "children"], &query)
}

/// What hangs on one thing; none if that is gone since it was listed, or refuses.
pub fn rows<R: DeserializeOwned, T: Transport>(
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
            site.log(Level::Warn, "what hangs on something could not be read", &[("reason", &reason)]);
            Ok(None)
        }
    }
}
