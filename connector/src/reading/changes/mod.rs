//! The feed: what was edited or added anywhere since a checkpoint, for the price of the changes and not of the site.
//!
//! Reading everything delivers nothing: it notes how new each list is. Reading since such a checkpoint walks the lists of
//! pages, blog posts, comments and attachments newest first until what was told before, and looks for new spaces: six
//! requests where nothing happened. How far to go is told by the data, never by a clock.
//!
//! What no list shows as an edit is absent, and an inventory's: what was moved, deleted, archived, labelled, resolved
//! or opened to other readers; folders and their like, of which there is no list; and replies where a site leaves
//! them out of its lists. What is above something that changed is absent too: the host asks for it.

mod attached;
mod checkpoint;
mod dated;
mod postings;
mod spaces;
mod walk;

use super::cursor::{Cursor, Place};
use crate::confluence::answer::Refusal;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filter::{Filter, Wanted};
use crate::item::page::Posting;
use crate::model::{Change, Page, Position};
use crate::transport::{Level, Transport};
use checkpoint::{Checkpoint, Walked};
use serde::{Deserialize, Serialize};

/// A page of changes ends with the list that filled it so far: what is behind a list may cost a request a row, of
/// which a call has a thousand.
const CHANGES_MAX: usize = 250;

/// Where such a read is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// When it began, in milliseconds since 1970-01-01T00:00:00Z: where sliding windows end.
    now: u64,
    place: Place,
    /// Whether the list is walked again, since the site forgot where the walk was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    restarted: bool,
    from: Checkpoint,
    /// Where the next read will begin. The marks of lists are set when their walks begin.
    to: Checkpoint,
}

/// What is asked, in this order: what holds others comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Spaces,
    List(Walked),
}

impl Reading {
    fn turn_to_next_list(&mut self) {
        self.place = Place { listing: self.place.listing + 1, ..Place::default() };
        self.restarted = false;
    }
}

/// What the settings want to be asked.
fn asked(filter: &Filter) -> Vec<Asked> {
    let kinds = filter.kinds;
    let all = [
        (true, Asked::Spaces),
        (kinds.pages, Asked::List(Walked::Pages)),
        (kinds.blog_posts, Asked::List(Walked::BlogPosts)),
        (kinds.comments, Asked::List(Walked::FooterComments)),
        (kinds.comments, Asked::List(Walked::InlineComments)),
        (kinds.attachments, Asked::List(Walked::Attachments)),
    ];
    all.into_iter().filter_map(|(on, asked)| on.then_some(asked)).collect()
}

/// Reads the next page. `digest` is that of the filter when the partition was listed.
pub fn read<T: Transport>(
    site: &Site<'_, T>,
    wanted: &Wanted,
    digest: &str,
    position: &Position,
    limit: u32,
) -> Result<Page, Error> {
    let all = wanted.filter.digest_of_all();
    let start = || Reading {
        now: wanted.now,
        to: Checkpoint { digest: all.to_owned(), ..Checkpoint::default() },
        ..Reading::default()
    };
    let (mut reading, is_first) = match position {
        Position::Everything => (start(), true),
        Position::Since(checkpoint) => (Reading { from: Checkpoint::decode(checkpoint)?, ..start() }, false),
        Position::After(cursor) => match Cursor::decode(cursor)? {
            Cursor::Changes(reading) => (*reading, false),
            _ => return Err(Error::StalePosition("read on with a cursor of another dataset".to_owned())),
        },
        Position::Inventory => {
            return Err(Error::Unexpected("asked for an inventory of what changed".to_owned()));
        }
    };
    let same = digest == all && reading.to.digest == all && (is_first || reading.from.digest == all);
    if !same {
        return Err(Error::StalePosition(
            "the settings have changed since this read of what changed began; begin anew".to_owned(),
        ));
    }
    let filter = Wanted { filter: wanted.filter.clone(), now: reading.now }.frozen();
    let limit = usize::try_from(limit).unwrap_or(CHANGES_MAX).clamp(1, CHANGES_MAX);
    let mut changes = Vec::new();
    let mut refused = None;
    let asked = asked(&filter);
    while let Some(next) = asked.get(reading.place.listing) {
        let room = limit.saturating_sub(changes.len());
        if room == 0 {
            return part(changes, reading);
        }
        let before = reading.clone();
        let told = match step(site, &filter, &mut reading, *next, is_first, room) {
            Ok(told) => told,
            Err(refusal) if is_of_one_list(&refusal) => {
                let reason = refusal.error.message();
                site.log(Level::Warn, "what changed in a list could not be read", &[("reason", &reason)]);
                reading = before;
                reading.keep_mark(*next);
                reading.turn_to_next_list();
                refused = Some(refusal.error);
                continue;
            }
            Err(refusal) if changes.is_empty() => return Err(refusal.error),
            // The next call will fail for it; what was read so far is kept.
            Err(_) => return part(changes, before),
        };
        changes.extend(told);
    }
    match refused {
        Some(error) if reading.to.marks.are_empty() => Err(error),
        _ => Ok(Page { changes, next: None, checkpoint: Some(reading.to.encode()?) }),
    }
}

/// A page of changes that is not the last.
fn part(changes: Vec<Change>, reading: Reading) -> Result<Page, Error> {
    let next = Some(Cursor::Changes(Box::new(reading)).encode()?);
    Ok(Page { changes, next, checkpoint: None })
}

/// Whether a refusal says nothing of other lists, which change all the same. The list is read from the same mark the
/// next time, and the partitions of its kind tell the host what is wrong with it.
fn is_of_one_list(refusal: &Refusal) -> bool {
    match refusal.error {
        Error::Forbidden(_) => true,
        Error::StalePosition(_) => false,
        _ => !refusal.concerns_everything(),
    }
}

impl Reading {
    /// Leaves the mark of a list that could not be read where it was.
    fn keep_mark(&mut self, asked: Asked) {
        match asked {
            Asked::Spaces => self.to.spaces.clone_from(&self.from.spaces),
            Asked::List(list) => self.to.marks.set(list, self.from.marks.get(list).cloned()),
        }
    }
}

fn step<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    reading: &mut Reading,
    asked: Asked,
    is_first: bool,
    limit: usize,
) -> Result<Vec<Change>, Refusal> {
    match asked {
        Asked::Spaces => spaces::read(site, filter, reading, is_first),
        Asked::List(Walked::Pages) => {
            postings::read(site, filter, reading, Posting::Page, Walked::Pages, limit)
        }
        Asked::List(Walked::BlogPosts) => {
            postings::read(site, filter, reading, Posting::BlogPost, Walked::BlogPosts, limit)
        }
        Asked::List(Walked::Attachments) => attached::attachments(site, filter, reading, limit),
        Asked::List(list @ (Walked::FooterComments | Walked::InlineComments)) => {
            attached::comments(site, filter, reading, list, limit)
        }
    }
}
