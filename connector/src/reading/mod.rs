//! The contract's `sync`: partitions, pages of changes, and items one asks for.
//!
//! Four datasets. `changes` is a feed: what was edited or added anywhere since a checkpoint. `directory` has one
//! partition: groups, their members, then all users. `content` has up to
//! four partitions of pages, by space, and one site-wide walk each for blog posts, both sorts of comments,
//! attachments, and what else stands in the tree. A whole read costs a request for every 250 things and one more
//! for every 200 pages; only folders and their like cost one each. `audit` has one partition, read since its last
//! record, or none where the account may not read the log.
//!
//! Under a filter that leaves pages out, `content` is split and read as `plans` and `selected` say.
//!
//! An `inventory` of `content` is the same read without words: no bodies are asked for, and of each item only what
//! an `upsert` would say of its version, its place and its readers is told.

mod asked;
mod audit;
mod block;
mod changes;
mod chosen;
mod classes;
mod comments;
mod containers;
mod cursor;
mod directory;
mod estimate;
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
use crate::model::{Change, Page, Partition, Position, Summary};
use crate::transport::Transport;
pub use estimate::estimate;
pub use items::read as read_items;

use cursor::Cursor;
use partitions::Token;
use plans::Bodies;

/// Splits a dataset. `changes` and `directory` cost nothing; `content` costs four requests and one more for every 250 spaces, and another one on sites
/// with roles; `audit` costs one if the filter wants it.
pub fn list_partitions<T: Transport>(
    site: &Site<'_, T>,
    wanted: &Wanted,
    dataset: &str,
) -> Result<Vec<Partition>, Error> {
    match dataset {
        "changes" => partitions::changes(&wanted.filter),
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
    if let Token::Changes { digest } = &token {
        return changes::read(site, wanted, digest, position, limit);
    }
    let (bodies, cursor) = match position {
        Position::Everything => (Bodies::Storage, Cursor::start(&token, wanted.now)),
        Position::Inventory if token.is_content() => (Bodies::None, Cursor::start(&token, wanted.now)),
        Position::After(cursor) => match Cursor::decode(cursor)? {
            Cursor::Inventory(cursor) => (Bodies::None, *cursor),
            cursor => (Bodies::Storage, cursor),
        },
        Position::Since(checkpoint) if token == Token::Audit => {
            (Bodies::Storage, Cursor::Audit(audit::since(checkpoint)?))
        }
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
        (Token::Pages { spaces, .. }, Cursor::Walk(at)) => pages::of_spaces(site, spaces, bodies, at, limit)?,
        (Token::BlogPosts { keys }, Cursor::Walk(at)) => pages::blog_posts(site, keys, bodies, at, limit)?,
        (Token::FooterComments | Token::InlineComments, Cursor::Comments { place, heard }) => {
            comments::walk(site, comments_of(&token), place, heard, bodies, limit)?
        }
        (Token::FooterComments | Token::InlineComments, Cursor::Replies { place }) => {
            comments::replies(site, comments_of(&token), place, bodies)?
        }
        (Token::Attachments, Cursor::Walk(at)) => walks::attachments(site, at, limit)?,
        (Token::Selected(selected), Cursor::Selected { now, stage }) => {
            let wanted = Wanted { filter: wanted.filter.clone(), now };
            selected.read(site, &wanted, bodies, stage, limit)?
        }
        (Token::Directory, Cursor::Directory(at)) => directory::read(site, at)?,
        _ => {
            return Err(Error::StalePosition(format!(
                "read on in the partition {} with a cursor of another partition",
                partition.id
            )));
        }
    };
    let seen = bodies == Bodies::None;
    let next = next.map(|cursor| if seen { Cursor::Inventory(Box::new(cursor)) } else { cursor });
    let next = next.map(|cursor| cursor.encode()).transpose()?;
    let changes = if seen { changes.into_iter().map(summary).collect() } else { changes };
    Ok(Page { changes, next, checkpoint: None })
}

/// What an inventory tells of an item.
fn summary(change: Change) -> Change {
    match change {
        Change::Upsert(item) => Change::Seen(Summary {
            id: item.id,
            parent: item.parent,
            version: item.version,
            access: Some(item.access),
        }),
        change => change,
    }
}

/// The route of a partition of comments.
fn comments_of(token: &Token) -> &'static str {
    match token {
        Token::InlineComments => "inline-comments",
        _ => "footer-comments",
    }
}
