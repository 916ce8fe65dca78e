//! Which comment began the thread that a reply belongs to. A row names only what it answers.

use super::asked::{self, Told};
use super::replies::DEPTH_MAX;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::restriction::ContentRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::item::id::ItemId;
use crate::transport::{Level, Transport};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use url::Url;

/// Replies remembered in a walk, for replies to them: some 15 kB of a cursor's 64. A comment that is answered
/// only when so many others were is taken to have begun a thread.
const REMEMBERED_MAX: usize = 500;

/// As many as v1's search is asked for elsewhere.
const SEARCHED_AT_ONCE: usize = 200;

/// The replies met lately in a walk in the order of creation, each with the comment that began its thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Threads(VecDeque<(Id, Id)>);

impl Threads {
    pub fn are_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The comment that began the thread of this one, which may be itself.
    pub fn root(&mut self, row: &CommentRow) -> Id {
        let Some(parent) = &row.parent_comment_id else {
            return row.id.clone();
        };
        let known = self.0.iter().rev().find(|(reply, _)| reply == parent);
        let root = known.map_or(parent, |(_, root)| root).clone();
        if self.0.len() >= REMEMBERED_MAX {
            self.0.pop_front();
        }
        self.0.push_back((row.id.clone(), root.clone()));
        root
    }
}

/// The comment that began the thread of each of these, which were asked for by id: a request for each one above them.
pub fn roots<T: Transport>(site: &Site<'_, T>, rows: &[CommentRow]) -> Result<Vec<Id>, Error> {
    climb(site, rows, answers(rows))
}

/// The same, where there may be many: v1's search tells what is above two hundred comments in a request. Those that it
/// does not know are asked for singly.
pub fn roots_by_search<T: Transport>(site: &Site<'_, T>, rows: &[CommentRow]) -> Result<Vec<Id>, Error> {
    let mut above = answers(rows);
    let unknown = unknown(&above);
    for ids in unknown.chunks(SEARCHED_AT_ONCE) {
        let cql = format!("id in ({})", super::pages::join(ids.iter()));
        let limit = SEARCHED_AT_ONCE.to_string();
        let query = [("cql", &*cql), ("limit", &limit), ("expand", "ancestors")];
        match site.get_list::<ContentRow>(&site.v1(&["content", "search"], &query)) {
            Ok(list) => {
                for row in list.rows.into_iter().filter(|row| ids.contains(&row.id)) {
                    let Some(mut chain) = row.above() else { continue };
                    chain.push(row.id);
                    let mut parent = None;
                    for comment in chain {
                        above.insert(comment.clone(), parent);
                        parent = Some(comment);
                    }
                }
            }
            Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                site.log(Level::Warn, "the search for what comments answer failed", &[("reason", &reason)]);
            }
        }
    }
    climb(site, rows, above)
}

/// What each of these answers.
type Answered = BTreeMap<Id, Option<Id>>;

fn answers(rows: &[CommentRow]) -> Answered {
    filled(rows.iter().map(|row| (row.id.clone(), row.parent_comment_id.clone())))
}

/// What is answered and not known itself.
fn unknown(above: &Answered) -> Vec<Id> {
    let unknown: BTreeSet<Id> =
        filled(above.values().flatten().filter(|parent| !above.contains_key(*parent)).cloned());
    unknown.into_iter().collect()
}

/// Asks for what is above, singly, and returns what is topmost above each row.
fn climb<T: Transport>(
    site: &Site<'_, T>,
    rows: &[CommentRow],
    mut above: Answered,
) -> Result<Vec<Id>, Error> {
    for _level in 0..DEPTH_MAX {
        let unknown = unknown(&above);
        if unknown.is_empty() {
            break;
        }
        let questions = unknown.into_iter().map(|id| {
            let addresses = addresses(site, &id, &[]);
            (ItemId::Comment(id), addresses)
        });
        for (id, told) in asked::singly::<CommentRow, T>(site, questions)? {
            let parent = match told {
                Told::Row(row) => row.parent_comment_id,
                Told::Gone | Told::Failed(_) => None,
            };
            above.insert(id.own().clone(), parent);
        }
    }
    let topmost = |row: &CommentRow| {
        let mut root = &row.id;
        for _level in 0..DEPTH_MAX {
            let Some(Some(parent)) = above.get(root) else { break };
            root = parent;
        }
        root.clone()
    };
    Ok(rows.iter().map(topmost).collect())
}

/// Where a comment may be: its id does not tell which of the two sorts it is.
pub fn addresses<T: Transport>(site: &Site<'_, T>, id: &Id, query: &[(&str, &str)]) -> Vec<Url> {
    ["footer-comments", "inline-comments"].map(|route| site.v2(&[route, id.as_str()], query)).to_vec()
}
