//! Items that the host asks for by id: those that failed, or that a complete read no longer mentions.
//!
//! This is where things get deleted, so it is the place to be careful. A listing that leaves an id out proves
//! nothing, and a 404 "Not Found" without a name is how Confluence answers a rejected credential. An item is
//! `delete` only if a 404 names it or the settings leave it out, and `binned` only if it says so itself; and only
//! if the site still knew the account *afterwards*, in this very call.

mod attached;
mod postings;
mod tree;

use super::asked::Told;
use crate::confluence::id::Id;
use crate::confluence::site::Site;
use crate::confluence::user;
use crate::error::Error;
use crate::filter::Wanted;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::model::{Change, Failure};
use crate::transport::Transport;
use std::collections::BTreeMap;

/// The most ids that the contract lets a host ask for.
pub const IDS_MAX: usize = 100;

/// Answers every id with one change, in the order of the ids. `account` is who signed in.
///
/// What the filter leaves out is a `delete`, and is asked for without its body.
pub fn read<T: Transport>(
    site: &Site<'_, T>,
    wanted: &Wanted,
    account: &str,
    ids: &[String],
) -> Result<Vec<Change>, Error> {
    if ids.len() > IDS_MAX {
        return Err(Error::Unexpected(format!(
            "asked for {} items at once, but the contract allows {IDS_MAX}",
            ids.len()
        )));
    }
    let filter = &wanted.frozen();
    let asked = Asked::sort(ids);
    let mut answers = Answers::default();
    postings::read(site, filter, Posting::Page, &asked.pages, &mut answers)?;
    postings::read(site, filter, Posting::BlogPost, &asked.blog_posts, &mut answers)?;
    tree::spaces(site, filter, &asked.spaces, &mut answers)?;
    attached::comments(site, filter, &asked.comments, &mut answers)?;
    attached::attachments(site, filter, &asked.attachments, &mut answers)?;
    tree::nodes(site, filter, asked.nodes, &mut answers)?;
    if answers.delete_something() {
        prove_account(site, account)?;
    }
    Ok(ids.iter().map(|id| answers.of(id)).collect())
}

/// Comments that were just listed, with their words; what is no longer there is left out.
pub fn comments<T: Transport>(site: &Site<'_, T>, ids: &[Id]) -> Result<Vec<Change>, Error> {
    let mut answers = Answers::default();
    attached::with_words(site, ids, &mut answers)?;
    let changes = answers.0.into_values();
    Ok(changes.filter(|change| matches!(change, Change::Upsert(_) | Change::Failed(_))).collect())
}

/// The ids by what they name. Ids of nothing that this connector delivers are left out, and fail in the end.
#[derive(Default)]
struct Asked {
    spaces: Vec<Id>,
    pages: Vec<Id>,
    blog_posts: Vec<Id>,
    comments: Vec<Id>,
    attachments: Vec<Id>,
    nodes: Vec<ItemId>,
}

impl Asked {
    fn sort(ids: &[String]) -> Asked {
        let mut asked = Asked::default();
        for id in ids.iter().filter_map(|id| ItemId::parse(id)) {
            let (list, id) = match id {
                ItemId::Space(id) => (&mut asked.spaces, id),
                ItemId::Page(id) => (&mut asked.pages, id),
                ItemId::BlogPost(id) => (&mut asked.blog_posts, id),
                ItemId::Comment(id) => (&mut asked.comments, id),
                ItemId::Attachment(id) => (&mut asked.attachments, id),
                ItemId::Node(..) => {
                    if !asked.nodes.contains(&id) {
                        asked.nodes.push(id);
                    }
                    continue;
                }
            };
            if !list.contains(&id) {
                list.push(id);
            }
        }
        asked
    }
}

#[derive(Default)]
struct Answers(BTreeMap<String, Change>);

impl Answers {
    fn add(&mut self, change: Change) {
        let id = match &change {
            Change::Upsert(item) => &item.id,
            Change::Delete(id) | Change::Binned(id) => id,
            Change::Failed(failure) => &failure.id,
            Change::Seen(_)
            | Change::User(_)
            | Change::Group(_)
            | Change::Member(_)
            | Change::Activity(_) => return,
        };
        self.0.insert(id.clone(), change);
    }

    fn gone(&mut self, id: &ItemId) {
        self.add(Change::Delete(id.to_string()));
    }

    fn binned(&mut self, id: &ItemId) {
        self.add(Change::Binned(id.to_string()));
    }

    fn failed(&mut self, id: &ItemId, reason: String) {
        self.add(Change::Failed(Failure { id: id.to_string(), url: None, reason }));
    }

    /// The row that the site told; else the question is answered.
    fn row<R>(&mut self, id: &ItemId, told: Told<R>) -> Option<R> {
        match told {
            Told::Row(row) => return Some(row),
            Told::Gone => self.gone(id),
            Told::Failed(reason) => self.failed(id, reason),
        }
        None
    }

    fn has(&self, id: &ItemId) -> bool {
        self.0.contains_key(&id.to_string())
    }

    fn delete_something(&self) -> bool {
        self.0.values().any(|change| matches!(change, Change::Delete(_) | Change::Binned(_)))
    }

    fn of(&self, id: &str) -> Change {
        self.0.get(id).cloned().unwrap_or_else(|| {
            Change::Failed(Failure {
                id: id.to_owned(),
                url: None,
                reason: "it is of a kind that this connector does not deliver".to_owned(),
            })
        })
    }
}

/// A rejected credential may look like a missing page; nothing is deleted on such evidence.
fn prove_account<T: Transport>(site: &Site<'_, T>, account: &str) -> Result<(), Error> {
    let now = user::current(site)?.account_id.unwrap_or_default();
    if now == account && !now.is_empty() {
        return Ok(());
    }
    Err(Error::Unauthenticated(format!(
        "asked {} who is signed in before anything is deleted, and it is no longer the account that was",
        site.host()
    )))
}
