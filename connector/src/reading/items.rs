//! Items that the host asks for by id: those that failed, or that a complete read no longer mentions.
//!
//! This is where things get deleted, so it is the place to be careful. A listing that leaves an id out proves
//! nothing, and a 404 "Not Found" without a name is how Confluence answers a rejected credential. An item is
//! `delete` only if it is in the bin or a 404 names it, and only if the site still knew the account *afterwards*,
//! in this very call.

use super::asked::{self, Told};
use super::block;
use super::chosen::{self, Chosen};
use super::containers::{self, spaces_of};
use super::cursor::Place;
use super::judge::{self, Judge};
use super::pages::{Gathering, join, log_lost};
use super::restrictions::Question;
use super::{left_out, nodes, rights, spaces, threads, walks};
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
use crate::filled::filled;
use crate::filter::{Filter, Wanted};
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
    postings(site, filter, Posting::Page, &asked.pages, &mut answers)?;
    postings(site, filter, Posting::BlogPost, &asked.blog_posts, &mut answers)?;
    read_spaces(site, filter, &asked.spaces, &mut answers)?;
    comments(site, filter, &asked.comments, &mut answers)?;
    attachments(site, filter, &asked.attachments, &mut answers)?;
    read_nodes(site, filter, asked.nodes, &mut answers)?;
    if answers.delete_something() {
        prove_account(site, account)?;
    }
    Ok(ids.iter().map(|id| answers.of(id)).collect())
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
    filter: &Filter,
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
    // Bodies at once only where every page is wanted.
    let bodies: &[(&str, &str)] = if filter.is_plain() { &[("body-format", "storage")] } else { &[] };
    let listed = join(ids.iter());
    let mut query = vec![("id", &*listed), ("status", statuses), ("sort", "id")];
    query.extend(bodies);
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
        let url = site.v2(&[route, id.as_str()], bodies);
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
    let spaces = spaces_of(site, &rows)?;
    let judge = Judge::new(filter, posting, &spaces);
    if filter.is_plain() {
        let mut gathering = Gathering::new(site, posting, &judge.keys);
        gathering.take(List::of(rows));
        gathering.finish()?.into_iter().for_each(|change| answers.add(change));
        return Ok(());
    }
    let (rows, lost): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| judge.knows_space(row));
    for row in lost {
        answers.failed(&posting.item_id(row.id), "its space could not be read".to_owned());
    }
    let Chosen { changes, facts, left_out, .. } = chosen::choose(site, &judge, rows)?;
    changes.into_iter().for_each(|change| answers.add(change));
    let changes = left_out::changes(site, &judge, left_out, facts)?;
    changes.into_iter().for_each(|change| answers.add(change));
    Ok(())
}

/// Folders and their like: a request each, and two for the keys of their spaces; one more for the readers of all.
fn read_nodes<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
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
    let spaces: BTreeSet<Id> = filled(rows.iter().filter_map(|(_, row)| row.space_id.clone()));
    let spaces: Vec<Id> = spaces.into_iter().collect();
    let known = asked::spaces(site, &spaces)?.into_iter().map(Space::from);
    let (kept, left_out): (Vec<Space>, Vec<Space>) =
        known.partition(|space| filter.keeps_space(judge::of(space)) != Some(false));
    let keys = filled(kept.into_iter().map(|space| (space.id, space.key)));
    let mut facts = question.answers()?;
    for (id, row) in rows {
        if left_out.iter().any(|space| row.space_id.as_ref() == Some(&space.id)) {
            answers.gone(&id);
        } else if let Some(change) = nodes::change(site, &keys, &id, row, &mut facts) {
            answers.add(nodes::wanted(filter, change));
        }
    }
    Ok(())
}

fn read_spaces<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
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
    let spaces = rows.into_iter().map(Space::from);
    let (spaces, left_out): (Vec<Space>, Vec<Space>) =
        spaces.partition(|space| filter.keeps_space(judge::of(space)) != Some(false));
    for space in left_out {
        answers.gone(&ItemId::Space(space.id));
    }
    if spaces.is_empty() {
        return Ok(());
    }
    let rights = rights::ask(site)?;
    for item in spaces::items(site, &rights, &spaces)? {
        answers.add(Change::Upsert(Box::new(item)));
    }
    Ok(())
}

fn comments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if !filter.kinds.comments {
        ids.iter().for_each(|id| answers.gone(&ItemId::Comment(id.clone())));
        return Ok(());
    }
    let mut ids = ids.to_vec();
    if !filter.is_plain() {
        let told = ask_for_comments(site, &ids, &[])?;
        ids = wanted_of(site, filter, told, answers, |row| [row.page_id.clone(), row.blog_post_id.clone()])?
            .into_iter()
            .map(|(id, _)| id.own().clone())
            .collect();
    }
    let mut rows: Vec<CommentRow> = Vec::new();
    for (id, told) in ask_for_comments(site, &ids, &[("body-format", "storage")])? {
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

fn ask_for_comments<T: Transport>(
    site: &Site<'_, T>,
    ids: &[Id],
    query: &[(&str, &str)],
) -> Result<Vec<(ItemId, Told<CommentRow>)>, Error> {
    let questions = ids.iter().map(|id| {
        // The id does not tell which of the two sorts it is.
        let routes = ["footer-comments", "inline-comments"];
        let urls = routes.map(|route| site.v2(&[route, id.as_str()], query));
        (ItemId::Comment(id.clone()), urls.to_vec())
    });
    asked::singly(site, questions)
}

fn attachments<T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    ids: &[Id],
    answers: &mut Answers,
) -> Result<(), Error> {
    if !filter.kinds.attachments {
        ids.iter().for_each(|id| answers.gone(&ItemId::Attachment(id.clone())));
        return Ok(());
    }
    let questions = ids.iter().map(|id| {
        let url = site.v2(&["attachments", id.as_str()], &[]);
        (ItemId::Attachment(id.clone()), vec![url])
    });
    let mut told = asked::singly::<AttachmentRow, T>(site, questions)?;
    if !filter.is_plain() {
        told = wanted_of(site, filter, told, answers, |row: &AttachmentRow| {
            [row.page_id.clone(), row.blog_post_id.clone()]
        })?;
    }
    for (id, told) in told {
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

/// Answers those that hang on a page or blog post that the filter leaves out, and returns the others. `holders` are
/// the page and the blog post that a row names.
fn wanted_of<R, T: Transport>(
    site: &Site<'_, T>,
    filter: &Filter,
    told: Vec<(ItemId, Told<R>)>,
    answers: &mut Answers,
    holders: impl Fn(&R) -> [Option<Id>; 2],
) -> Result<Vec<(ItemId, Told<R>)>, Error> {
    let (mut pages, mut posts) = (BTreeSet::new(), BTreeSet::new());
    for (_, told) in &told {
        if let Told::Row(row) = told {
            let [page, post] = holders(row);
            pages.extend(page);
            posts.extend(post);
        }
    }
    let pages = containers::judged(site, filter, Posting::Page, pages)?;
    let posts = containers::judged(site, filter, Posting::BlogPost, posts)?;
    let left_out = |row: &R| {
        let [page, post] = holders(row);
        let page = page.and_then(|id| pages.get(&id));
        page.or_else(|| posts.get(&post?)) == Some(&false)
    };
    let mut wanted = Vec::new();
    for (id, told) in told {
        match &told {
            Told::Row(row) if left_out(row) => answers.gone(&id),
            _ => wanted.push((id, told)),
        }
    }
    Ok(wanted)
}
