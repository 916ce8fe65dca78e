//! Items that the host asks for by id: those that failed, or that a complete read no longer mentions.
//!
//! This is where things get deleted, so it is the place to be careful. A listing that leaves an id out proves
//! nothing, and a 404 "Not Found" without a name is how Confluence answers a rejected credential. An item is
//! `delete` only if it is in the bin or a 404 names it, and only if the site still knew the account *afterwards*,
//! in this very call.

use super::asked::{self, Told};
use super::block;
use super::cursor::Place;
use super::pages::{Gathering, join, log_lost};
use super::restrictions::Question;
use super::{nodes, rights, spaces, threads, walks};
use crate::confluence::attachment::AttachmentRow;
use crate::confluence::comment::CommentRow;
use crate::confluence::id::Id;
use crate::confluence::list::{List, Listing};
use crate::confluence::node::NodeRow;
use crate::confluence::page::PageRow;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::confluence::user;
use crate::error::Error;
use crate::item::body::Lost;
use crate::item::id::ItemId;
use crate::item::page::Posting;
use crate::item::space::Space;
use crate::model::{Change, Failure};
use crate::transport::Transport;
use std::collections::{BTreeMap, BTreeSet};

/// The most ids that the contract lets a host ask for.
pub const IDS_MAX: usize = 100;

/// Answers every id with one change, in the order of the ids. `account` is who signed in.
pub fn read<T: Transport>(site: &Site<'_, T>, account: &str, ids: &[String]) -> Result<Vec<Change>, Error> {
    if ids.len() > IDS_MAX {
        return Err(Error::Unexpected(format!(
            "asked for {} items at once, but the contract allows {IDS_MAX}",
            ids.len()
        )));
    }
    let wanted = Wanted::sort(ids);
    let mut answers = Answers::default();
    postings(site, Posting::Page, &wanted.pages, &mut answers)?;
    postings(site, Posting::BlogPost, &wanted.blog_posts, &mut answers)?;
    read_spaces(site, &wanted.spaces, &mut answers)?;
    comments(site, &wanted.comments, &mut answers)?;
    attachments(site, &wanted.attachments, &mut answers)?;
    read_nodes(site, wanted.nodes, &mut answers)?;
    if answers.delete_something() {
        prove_account(site, account)?;
    }
    Ok(ids.iter().map(|id| answers.of(id)).collect())
}

/// The ids by what they name. Ids of nothing that this connector delivers are left out, and fail in the end.
#[derive(Default)]
struct Wanted {
    spaces: Vec<Id>,
    pages: Vec<Id>,
    blog_posts: Vec<Id>,
    comments: Vec<Id>,
    attachments: Vec<Id>,
    nodes: Vec<ItemId>,
}

impl Wanted {
    fn sort(ids: &[String]) -> Wanted {
        let mut wanted = Wanted::default();
        for id in ids.iter().filter_map(|id| ItemId::parse(id)) {
            let (list, id) = match id {
                ItemId::Space(id) => (&mut wanted.spaces, id),
                ItemId::Page(id) => (&mut wanted.pages, id),
                ItemId::BlogPost(id) => (&mut wanted.blog_posts, id),
                ItemId::Comment(id) => (&mut wanted.comments, id),
                ItemId::Attachment(id) => (&mut wanted.attachments, id),
                ItemId::Node(..) => {
                    if !wanted.nodes.contains(&id) {
                        wanted.nodes.push(id);
                    }
                    continue;
                }
            };
            if !list.contains(&id) {
                list.push(id);
            }
        }
        wanted
    }
}

#[derive(Default)]
struct Answers(BTreeMap<String, Change>);

impl Answers {
    fn add(&mut self, change: Change) {
        let id = match &change {
            Change::Upsert(item) => &item.id,
            Change::Delete(id) => id,
            Change::Failed(failure) => &failure.id,
            Change::User(_) | Change::Group(_) | Change::Member(_) | Change::Activity(_) => return,
        };
        self.0.insert(id.clone(), change);
    }

    fn gone(&mut self, id: &ItemId) {
        self.add(Change::Delete(id.to_string()));
    }

    fn failed(&mut self, id: &ItemId, reason: String) {
        self.add(Change::Failed(Failure { id: id.to_string(), url: None, reason }));
    }

    fn delete_something(&self) -> bool {
        self.0.values().any(|change| matches!(change, Change::Delete(_)))
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

fn postings<T: Transport>(
    site: &Site<'_, T>,
    posting: Posting,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let (route, statuses) = match posting {
        Posting::Page => ("pages", "current,archived,trashed,deleted"),
        Posting::BlogPost => ("blogposts", "current,trashed,deleted"),
    };
    let listed = join(ids.iter());
    let query = [("id", &*listed), ("status", statuses), ("sort", "id"), ("body-format", "storage")];
    let mut rows: Vec<PageRow> = Vec::new();
    let mut place = Some(Place::default());
    // As many rounds as there are ids suffice even for listings of one row each.
    for _ in ids {
        let Some(at) = place else { break };
        let mut arrived = |list: Listing<'_>| rows.extend(list.read::<PageRow>().rows);
        place = block::read(site, &[site.v2(&[route], &query)], at, IDS_MAX as u32, &mut arrived)?;
    }
    rows.retain(|row| ids.contains(&row.id));

    let questions = ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id)).map(|id| {
        let url = site.v2(&[route, id.as_str()], &[("body-format", "storage")]);
        (posting.item_id(id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<PageRow, T>(site, questions)? {
        match told {
            Told::Row(row) if row.id == *id.own() => rows.push(row),
            Told::Row(_) => answers.failed(&id, "the site answered with another page".to_owned()),
            Told::Gone => answers.gone(&id),
            Told::Failed(reason) => answers.failed(&id, reason),
        }
    }
    let (binned, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(PageRow::binned);
    for row in binned {
        answers.gone(&posting.item_id(row.id));
    }
    let keys = keys(site, rows.iter().filter_map(|row| row.space_id.clone()))?;
    let mut gathering = Gathering::new(site, posting, &keys);
    gathering.take(List::of(rows));
    gathering.finish()?.into_iter().for_each(|change| answers.add(change));
    Ok(())
}

/// The keys of some spaces.
fn keys<T: Transport>(
    site: &Site<'_, T>,
    spaces: impl Iterator<Item = Id>,
) -> Result<BTreeMap<Id, String>, Error> {
    let spaces: BTreeSet<Id> = spaces.collect();
    let known = asked::spaces(site, &spaces.into_iter().collect::<Vec<_>>())?.into_iter();
    Ok(known.map(|row| (row.id, row.key.unwrap_or_default())).collect())
}

/// Folders and their like: a request each, and two for the keys of their spaces; one more for the readers of all.
fn read_nodes<T: Transport>(
    site: &Site<'_, T>,
    ids: Vec<ItemId>,
    answers: &mut Answers,
) -> Result<(), Error> {
    let mut rows: Vec<(ItemId, NodeRow)> = Vec::new();
    let mut question = Question::new(site);
    for (id, told) in nodes::read_each(site, ids)? {
        match told {
            Told::Row(row) if row.binned() => answers.gone(&id),
            Told::Row(row) => {
                question.ask(row.id.clone(), row.archived());
                rows.push((id, row));
            }
            Told::Gone => answers.gone(&id),
            Told::Failed(reason) => answers.failed(&id, reason),
        }
    }
    let keys = keys(site, rows.iter().filter_map(|(_, row)| row.space_id.clone()))?;
    let mut facts = question.answers()?;
    let changes = rows.into_iter().filter_map(|(id, row)| nodes::change(site, &keys, &id, row, &mut facts));
    changes.for_each(|change| answers.add(change));
    Ok(())
}

fn read_spaces<T: Transport>(site: &Site<'_, T>, ids: &[Id], answers: &mut Answers) -> Result<(), Error> {
    let mut rows = asked::spaces(site, ids)?;
    rows.retain(|row| ids.contains(&row.id));
    let questions = ids.iter().filter(|id| !rows.iter().any(|row| row.id == **id)).map(|id| {
        let url = site.v2(&["spaces", id.as_str()], &[]);
        (ItemId::Space(id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<SpaceRow, T>(site, questions)? {
        match told {
            Told::Row(row) if row.id == *id.own() => rows.push(row),
            Told::Row(_) => answers.failed(&id, "the site answered with another space".to_owned()),
            Told::Gone => answers.gone(&id),
            Told::Failed(reason) => answers.failed(&id, reason),
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let spaces: Vec<Space> = rows.into_iter().map(Space::from).collect();
    let rights = rights::ask(site)?;
    for item in spaces::items(site, &rights, &spaces)? {
        answers.add(Change::Upsert(Box::new(item)));
    }
    Ok(())
}

fn comments<T: Transport>(site: &Site<'_, T>, ids: &[Id], answers: &mut Answers) -> Result<(), Error> {
    let questions = ids.iter().map(|id| {
        let addresses = threads::addresses(site, id, &[("body-format", "storage")]);
        (ItemId::Comment(id.clone()), addresses)
    });
    let mut rows: Vec<CommentRow> = Vec::new();
    for (id, told) in asked::singly::<CommentRow, T>(site, questions)? {
        match told {
            Told::Row(row) if row.binned() => answers.gone(&id),
            Told::Row(row) if row.id == *id.own() => rows.push(row),
            Told::Row(_) => answers.failed(&id, "the site answered with another comment".to_owned()),
            Told::Gone => answers.gone(&id),
            Told::Failed(reason) => answers.failed(&id, reason),
        }
    }
    let roots = threads::roots(site, &rows)?;
    let mut lost = Lost::new();
    for row in rows {
        let id = row.id.clone();
        let root = roots.get(&id).unwrap_or(&id);
        match walks::comment_change(site, row, root, &mut lost) {
            Some(change) => answers.add(change),
            None => answers.failed(&ItemId::Comment(id), "it belongs to custom content".to_owned()),
        }
    }
    log_lost(site, &lost);
    Ok(())
}

fn attachments<T: Transport>(site: &Site<'_, T>, ids: &[Id], answers: &mut Answers) -> Result<(), Error> {
    let questions = ids.iter().map(|id| {
        let url = site.v2(&["attachments", id.as_str()], &[]);
        (ItemId::Attachment(id.clone()), vec![url])
    });
    for (id, told) in asked::singly::<AttachmentRow, T>(site, questions)? {
        match told {
            Told::Row(row) if row.binned() => answers.gone(&id),
            Told::Row(row) => match walks::attachment_change(site, row) {
                Some(change) => answers.add(change),
                None => answers.failed(&id, "it belongs to custom content".to_owned()),
            },
            Told::Gone => answers.gone(&id),
            Told::Failed(reason) => answers.failed(&id, reason),
        }
    }
    Ok(())
}
