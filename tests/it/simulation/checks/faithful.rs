//! After quiet and a sync that looked at everything: the store is the site.

use std::collections::{BTreeMap, BTreeSet};

use confluence_simulator::{
    AccountStatus, Branch, Id, ItemRef, Oracle, PageStatus, Parent, ParentKind, Site,
};
use weir::host::Readers;
use weir::model::ConnectionId;
use weir::store::{ItemFilter, Store, StoredItem};

use super::super::deeds::container_id;
use super::super::scene::{self, PEOPLE};
use super::super::states::newest_word;

const BATCH: u32 = 10_000;

/// What both sides say of an item.
#[derive(Debug, PartialEq, Eq)]
struct Face {
    parent: Option<String>,
    /// The newest of our words in title and body.
    word: Option<u64>,
    /// Of things in the tree.
    archived: Option<bool>,
    labels: Option<BTreeSet<String>>,
}

/// What is not as at the site, in words.
pub fn differences(store: &Store, connection: ConnectionId, site: &Site) -> Vec<String> {
    let mut told = Vec::new();
    let filter = ItemFilter { connection: Some(connection), ..ItemFilter::default() };
    let lines = store.list_items(filter, BATCH).unwrap();
    let nums: Vec<u32> = lines.iter().map(|line| line.num).collect();
    let stored: BTreeMap<String, StoredItem> =
        store.items_by_num(&nums).unwrap().into_iter().map(|item| (item.id.clone(), item)).collect();
    let expected = Oracle::new(site).items();
    let found: BTreeSet<String> = stored.keys().cloned().collect();
    told.extend(unlike("the store", &found, &expected));
    let missing = expected.difference(&found);
    told.extend(
        missing.map(|id| {
            format!("{id}, which is missing, is {:?} in {}", of_site(site, id), space_of(site, id))
        }),
    );
    for id in found.intersection(&expected) {
        let (here, there) = (of_store(&stored[id]), of_site(site, id));
        if here != there {
            told.push(format!("{id} is kept as {here:?}, and at the site it is {there:?}"));
        }
    }
    let readers = Readers::default();
    let ids: BTreeMap<u32, String> = lines.into_iter().map(|line| (line.num, line.id)).collect();
    for person in PEOPLE {
        let (asker, _) = readers.asker(store, &scene::email(person)).unwrap();
        let shown: BTreeSet<String> =
            asker.readable.iter().filter_map(|num| ids.get(&num).cloned()).collect();
        told.extend(unlike(person, &shown, &allowed(site, person, &shown)));
    }
    told
}

/// Of what space an item is, and whether that is archived.
fn space_of(site: &Site, id: &str) -> String {
    let space = match id.parse::<ItemRef>().unwrap() {
        ItemRef::Space(id) => Some(id),
        ItemRef::BlogPost(id) => Some(site.blog_posts[&id].space),
        ItemRef::Page(id)
        | ItemRef::Folder(id)
        | ItemRef::Whiteboard(id)
        | ItemRef::Database(id)
        | ItemRef::Embed(id) => site.branch(id).map(|it| it.space()),
        ItemRef::Comment(_) | ItemRef::Attachment(_) => None,
    };
    space.map_or(String::new(), |id| format!("space {id}, archived: {}", site.spaces[&id].archived))
}

/// Whoever has a closed account is anyone once the site does not tell of the account, and nobody before.
fn allowed(site: &Site, person: &str, shown: &BTreeSet<String>) -> BTreeSet<String> {
    let oracle = Oracle::new(site);
    match site.users.get(person) {
        Some(user) if user.status == AccountStatus::Active => oracle.readable_by(person),
        _ if shown.is_empty() => BTreeSet::new(),
        _ => oracle.readable_by_anyone(),
    }
}

fn unlike(who: &str, found: &BTreeSet<String>, expected: &BTreeSet<String>) -> Vec<String> {
    let missing: Vec<&String> = expected.difference(found).collect();
    let surplus: Vec<&String> = found.difference(expected).collect();
    match (missing.is_empty(), surplus.is_empty()) {
        (true, true) => Vec::new(),
        _ => vec![format!("{who}: missing {missing:?}, surplus {surplus:?}")],
    }
}

fn of_store(item: &StoredItem) -> Face {
    let body = item.body.as_ref().and_then(|body| newest_word(&body.value));
    let is = |kind: &str| item.id.starts_with(&format!("{kind}:"));
    let in_tree = ["page", "folder", "whiteboard", "database", "embed"].into_iter().any(is);
    Face {
        parent: item.parent.clone(),
        // A comment is called after its page, which may have another name by now.
        word: if is("comment") { body } else { newest_word(&item.title).max(body) },
        archived: in_tree.then(|| named(item, "status").contains("archived")),
        labels: is("page").then(|| named(item, "label")),
    }
}

fn named(item: &StoredItem, name: &str) -> BTreeSet<String> {
    item.properties.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
}

fn of_site(site: &Site, id: &str) -> Face {
    let plain = |parent: Option<String>, texts: &[&str]| Face {
        parent,
        word: texts.iter().filter_map(|text| newest_word(text)).max(),
        archived: None,
        labels: None,
    };
    let space = |id: Id| Some(ItemRef::Space(id).to_string());
    match id.parse::<ItemRef>().unwrap() {
        ItemRef::Space(id) => plain(None, &[&site.spaces[&id].name]),
        ItemRef::BlogPost(id) => {
            let post = &site.blog_posts[&id];
            plain(space(post.space), &[&post.title, &post.body])
        }
        ItemRef::Comment(id) => {
            let comment = &site.comments[&id];
            let above = comment.parent.map(|id| ItemRef::Comment(id).to_string());
            plain(Some(above.unwrap_or_else(|| container_id(comment.container))), &[&comment.body])
        }
        ItemRef::Attachment(id) => {
            let file = &site.attachments[&id];
            plain(Some(container_id(file.container)), &[&file.name])
        }
        ItemRef::Page(id)
        | ItemRef::Folder(id)
        | ItemRef::Whiteboard(id)
        | ItemRef::Database(id)
        | ItemRef::Embed(id) => branch(site.branch(id).unwrap()),
    }
}

fn branch(it: Branch<'_>) -> Face {
    let above = it.parent().map(|Parent { id, kind }| match kind {
        ParentKind::Page => ItemRef::Page(id).to_string(),
        ParentKind::Node(kind) => ItemRef::node(kind, id).to_string(),
    });
    let (body, labels) = match it {
        Branch::Page(page) => (page.body.as_str(), Some(page.labels.iter().cloned().collect())),
        Branch::Node(_) => ("", None),
    };
    Face {
        parent: Some(above.unwrap_or_else(|| ItemRef::Space(it.space()).to_string())),
        word: newest_word(it.title()).max(newest_word(body)),
        archived: Some(it.status() == PageStatus::Archived),
        labels,
    }
}
