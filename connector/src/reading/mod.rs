//! The contract's `sync`: partitions, pages of changes, and items one asks for.
//!
//! Three datasets. `directory` has one partition: groups, their members, then all users. `content` has up to
//! four partitions of pages, by space, and one site-wide walk each for blog posts, both sorts of comments,
//! attachments, and what else stands in the tree. A whole read costs a request for every 250 things and one more
//! for every 200 pages; only folders and their like cost one each. `audit` has one partition, read since its last
//! record, or none where the account may not read the log.
//!
//! Under a filter that leaves pages out, `content` is split and read as `plans` and `selected` say.
//!
//! `inventory` is absent, and `since` for the other datasets: they do not offer them yet.

mod asked;
mod audit;
mod block;
mod chosen;
mod classes;
mod comments;
mod containers;
mod cursor;
mod directory;
mod gaps;
mod hanging;
mod items;
mod judge;
mod left_out;
mod loose;
mod nodes;
mod pages;
mod parents;
mod partitions;
mod permissions;
pub mod places;
mod plans;
mod replies;
mod restrictions;
mod rights;
mod selected;
mod single;
mod spaces;
mod threads;
mod walks;

use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::Wanted;
use crate::model::{Page, Partition, Position};
use crate::transport::Transport;
pub use items::read as read_items;

use cursor::Cursor;
use partitions::Token;

/// Splits a dataset. `content` costs four requests and one more for every 250 spaces, and another one on sites
/// with roles; `audit` costs one if the filter wants it.
pub fn list_partitions<T: Transport>(
    site: &Site<'_, T>,
    wanted: &Wanted,
    dataset: &str,
) -> Result<Vec<Partition>, Error> {
    match dataset {
        "directory" => partitions::directory(),
        "content" => partitions::content(site, &wanted.filter),
        "audit" if wanted.filter.audit => audit::partitions(site),
        "audit" => Ok(Vec::new()),
        _ => Err(Error::NotFound(format!(
            "asked for the dataset {dataset}, which this connector does not have"
        ))),
    }
}

/// Reads the next page of a partition. `limit` is followed downwards only: see [`block`].
pub fn read_page<T: Transport>(
    site: &Site<'_, T>,
    wanted: &Wanted,
    partition: &Partition,
    position: &Position,
    limit: u32,
) -> Result<Page, Error> {
    let token = Token::decode(&partition.token)?;
    let cursor = match position {
        Position::Everything => Cursor::start(&token, wanted.now),
        Position::After(cursor) => Cursor::decode(cursor)?,
        Position::Since(checkpoint) if token == Token::Audit => Cursor::Audit(audit::since(checkpoint)?),
        Position::Since(_) => {
            return Err(Error::StalePosition(
                "asked for what changed since a checkpoint, but this dataset hands out none".to_owned(),
            ));
        }
        Position::Inventory => {
            return Err(Error::Unexpected(
                "asked for an inventory, which this dataset does not offer".to_owned(),
            ));
        }
    };
    let (changes, next) = match (&token, cursor) {
        (Token::Audit, Cursor::Audit(at)) => return audit::read(site, at),
        (Token::Pages { spaces, rights }, Cursor::Spaces { from }) => {
            spaces::read(site, rights, spaces, from)?
        }
        (Token::Nodes { keys, archived, only, .. }, Cursor::Walk(at)) => {
            nodes::Nodes { keys, archived, only: *only }.read(site, &wanted.frozen(), at)?
        }
        (Token::Pages { spaces, .. }, Cursor::Walk(at)) => pages::of_spaces(site, spaces, at, limit)?,
        (Token::BlogPosts { keys }, Cursor::Walk(at)) => pages::blog_posts(site, keys, at, limit)?,
        (Token::FooterComments | Token::InlineComments, Cursor::Comments { place, heard }) => {
            comments::walk(site, comments_of(&token), place, heard, limit)?
        }
        (Token::FooterComments | Token::InlineComments, Cursor::Replies { place }) => {
            comments::replies(site, comments_of(&token), place)?
        }
        (Token::Attachments, Cursor::Walk(at)) => walks::attachments(site, at, limit)?,
        (Token::Selected(selected), Cursor::Selected { now, stage }) => {
            let wanted = Wanted { filter: wanted.filter.clone(), now };
            selected.read(site, &wanted, stage, limit)?
        }
        (Token::Directory, Cursor::Directory(at)) => directory::read(site, at)?,
        _ => {
            return Err(Error::StalePosition(format!(
                "read on in the partition {} with a cursor of another partition",
                partition.id
            )));
        }
    };
    let next = next.map(|cursor| cursor.encode()).transpose()?;
    Ok(Page { changes, next, checkpoint: None })
}

/// The route of a partition of comments.
fn comments_of(token: &Token) -> &'static str {
    match token {
        Token::InlineComments => "inline-comments",
        _ => "footer-comments",
    }
}
