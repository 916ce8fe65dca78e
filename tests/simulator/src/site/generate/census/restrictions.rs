//! Who is kept out: restrictions of every sort, on pages, nodes and blog posts.

use super::super::people::CRAWLER;
use super::super::{Making, tree};
use super::people::{CONTRACTORS, Cast};
use super::tree::{node_of, page_of};
use crate::prose;
use crate::site::{Id, NodeKind, ParentKind, Restriction, USERS_GROUP};

/// Sorts of restriction; the last two name hundreds and are rare.
const SORTS: usize = 8;
/// One in so many pages and nodes is restricted.
const RESTRICTED: usize = 9;

/// In some spaces, by hand: a page under a folder under a restricted page, and below
/// it a restricted database with a page of its own; a restricted folder with two pages.
pub(super) fn chains(making: &mut Making, spaces: &[Id], cast: &Cast) {
    for (nth, &space) in spaces.iter().enumerate().filter(|(nth, _)| nth % 3 == 0) {
        let top = page_of(making, space, None);
        let folder = node_of(making, NodeKind::Folder, space, Some(top));
        let middle = page_of(making, space, Some(folder));
        let database = node_of(making, NodeKind::Database, space, Some(middle));
        page_of(making, space, Some(database));
        let sealed = node_of(making, NodeKind::Folder, space, None);
        let child = page_of(making, space, Some(sealed));
        page_of(making, space, Some(child));
        for (offset, id) in [top, database, sealed].into_iter().enumerate() {
            let restriction = one(making, cast, nth + offset);
            restrict(making, id, restriction);
        }
        let crowd = [child, middle].map(|id| (id, crowd(making, cast, id == child)));
        for (id, restriction) in crowd.into_iter().filter(|_| nth % 6 == 0) {
            restrict(making, id, restriction);
        }
    }
}

pub(super) fn scatter(making: &mut Making, grown: &[Id], cast: &Cast) {
    let mut sort = 0;
    for &id in grown {
        if making.rng.usize(0..RESTRICTED) == 0 {
            let restriction = one(making, cast, sort);
            restrict(making, id, restriction);
            sort += 1;
        }
    }
}

/// Two more posts in each space, and one post in four restricted.
pub(super) fn on_blog_posts(making: &mut Making, spaces: &[Id], cast: &Cast) {
    for space in spaces.iter().flat_map(|space| [*space; 2]) {
        let draft = prose::draft(&mut making.rng, 0, &[]);
        let id = making.site.add_blog_post(space, &draft.title, &draft.body);
        let (versions, author) = tree::history(making);
        if let Some(post) = making.site.blog_posts.get_mut(&id) {
            post.created = versions.first().map_or(0, |version| version.at);
            (post.versions, post.author) = (versions, author);
        }
    }
    let posts: Vec<Id> = making.site.blog_posts.keys().copied().collect();
    for (sort, id) in posts.into_iter().step_by(4).enumerate() {
        let restriction = one(making, cast, sort);
        making.site.restrict_blog_post(id, Some(restriction));
    }
}

fn restrict(making: &mut Making, id: Id, restriction: Restriction) {
    match making.site.branch(id).map(|branch| branch.kind()) {
        Some(ParentKind::Page) => making.site.restrict_page(id, Some(restriction)),
        _ => making.site.restrict_node(id, Some(restriction)),
    }
}

/// The crawler, and somebody for whom it makes a difference, or no longer does.
fn one(making: &mut Making, cast: &Cast, sort: usize) -> Restriction {
    let mut restriction = Restriction::to_users(&[CRAWLER]);
    let users = &mut restriction.users;
    match sort % SORTS {
        0 => users.push(making.author()),
        1 => restriction.groups.push(cast.team.clone()),
        2 => restriction.groups.push(CONTRACTORS.into()),
        3 => users.extend(cast.gone_people.first().cloned()),
        4 => users.extend([cast.deactivated.clone(), cast.abroad.clone()]),
        5 => users.extend(cast.unlicensed.iter().cloned()),
        6 => users.extend(cast.guests.iter().cloned()),
        _ => restriction.groups = vec![USERS_GROUP.into(), CONTRACTORS.into()],
    }
    restriction
}

/// More users, or more groups, than one answer holds; those who count come last.
fn crowd(making: &mut Making, cast: &Cast, of_people: bool) -> Restriction {
    let mut restriction = Restriction::to_users(&[CRAWLER]);
    if of_people {
        restriction.users.extend(cast.gone_people.iter().cloned());
        restriction.users.extend([making.author(), making.author()]);
    } else {
        restriction.groups.extend(cast.gone_groups.iter().cloned());
        restriction.groups.push(cast.team.clone());
    }
    restriction
}
