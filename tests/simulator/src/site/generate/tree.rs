//! The trees of pages, blog posts, and who is kept out.

use super::people::CRAWLER;
use super::spaces::Spaces;
use super::{Making, Size, as_mentions};
use crate::prose;
use crate::site::{Id, Restriction, Version};

/// Pages stand at most this deep below the root of their space.
const DEPTH_MAX: usize = 6;

/// In the archived space, which CQL does not see: few, since a reader of
/// restrictions has to ask for each.
const ARCHIVE_PAGES: usize = 4;

/// Fills up to the size's pages, one in fifty archived, and adds one in fifty to the bin.
pub(super) fn pages(making: &mut Making, size: &Size, spaces: &Spaces) {
    let people = making.mentions();
    // Pages that may still take children, with their depth, by space.
    let mut trees: Vec<Vec<(Id, usize)>> = Vec::new();
    for &(space, _) in &spaces.all {
        trees.push(vec![(homepage(making, space, &people), 1)]);
    }
    if let Some(archive) = spaces.archive {
        let old_home = homepage(making, archive, &people);
        for _ in 1..ARCHIVE_PAGES {
            page(making, archive, Some(old_home), &people);
        }
    }
    let missing = size.pages.saturating_sub(making.site.pages.len());
    let in_bin = size.pages / 50;
    for index in 0..missing + in_bin {
        let chosen = spaces.choose(&mut making.rng);
        let (Some(&(space, _)), Some(tree)) = (spaces.all.get(chosen), trees.get_mut(chosen)) else {
            continue;
        };
        let parent = making.rng.choice(tree.as_slice()).copied();
        let id = page(making, space, parent.map(|(id, _)| id), &people);
        if index >= missing {
            making.site.trash_page(id);
        } else if index % 50 == 49 {
            making.site.archive_page(id);
        } else if let Some((_, depth)) = parent.filter(|(_, depth)| *depth < DEPTH_MAX) {
            tree.push((id, depth + 1));
        }
    }
}

fn homepage(making: &mut Making, space: Id, people: &[(String, String)]) -> Id {
    let home = page(making, space, None, people);
    if let Some(space) = making.site.spaces.get_mut(&space) {
        space.homepage = Some(home);
    }
    home
}

pub(super) fn blog_posts(making: &mut Making, size: &Size, spaces: &Spaces) {
    let people = making.mentions();
    for _ in 0..size.blog_posts {
        let chosen = spaces.choose(&mut making.rng);
        let Some(&(space, _)) = spaces.all.get(chosen) else {
            continue;
        };
        let topic = making.rng.usize(0..prose::TOPICS);
        let draft = prose::draft(&mut making.rng, topic, &as_mentions(&people));
        let id = making.site.add_blog_post(space, &draft.title, &draft.body);
        let (versions, author) = history(making);
        if let Some(post) = making.site.blog_posts.get_mut(&id) {
            post.created = versions.first().map_or(0, |version| version.at);
            post.versions = versions;
            post.author = author;
            post.labels = draft.labels;
        }
    }
}

/// Keeps about one page in twenty-five for a few; some of them have pages below.
pub(super) fn restrict(making: &mut Making) {
    let teams: Vec<String> = making.site.groups.keys().filter(|id| id.starts_with("2222")).cloned().collect();
    let free = |page: &&crate::site::Page| page.restriction.is_none() && page.parent.is_some();
    let ids: Vec<Id> = making.site.pages.values().filter(free).map(|page| page.id).collect();
    for id in ids {
        if making.rng.usize(0..25) != 0 {
            continue;
        }
        let mut restriction = Restriction::to_users(&[CRAWLER]);
        restriction.users.push(making.author());
        if making.rng.bool() {
            restriction.groups.extend(making.rng.choice(&teams).cloned());
        }
        making.site.restrict_page(id, Some(restriction));
    }
}

pub(super) fn page(making: &mut Making, space: Id, parent: Option<Id>, people: &[(String, String)]) -> Id {
    let topic = making.rng.usize(0..prose::TOPICS);
    let draft = prose::draft(&mut making.rng, topic, &as_mentions(people));
    let id = making.site.add_page(space, parent, &draft.title, &draft.body);
    let (versions, author) = history(making);
    if let Some(page) = making.site.pages.get_mut(&id) {
        page.created = versions.first().map_or(0, |version| version.at);
        page.versions = versions;
        page.author = author;
        page.labels = draft.labels;
    }
    id
}

/// One to four versions, and who wrote the first.
pub(super) fn history(making: &mut Making) -> (Vec<Version>, String) {
    let mut at = making.instant();
    let author = making.author();
    let mut versions =
        vec![Version { number: 1, at, author: author.clone(), message: String::new(), minor: false }];
    for number in 2..=making.rng.u32(1..=4) {
        at = making.soon_after(at);
        let (author, minor) = (making.author(), making.rng.usize(0..4) == 0);
        let message = if minor { "Typo".to_string() } else { String::new() };
        versions.push(Version { number, at, author, message, minor });
    }
    (versions, author)
}
