//! What people do to the site, one deed at a time, as the seed has it.

use confluence_simulator::{Container, Id, Operation, PageStatus, Parent, Principal, Restriction, Site};
use fastrand::Rng;

use super::scene::{self, CRAWLER, GROUPS, PEOPLE, VIEWER};
use super::states::Words;

/// A deed in words, and whether accounts or groups changed by it.
pub struct Deed {
    pub told: String,
    pub people: bool,
}

fn contents(told: String) -> Deed {
    Deed { told, people: false }
}

fn people(told: String) -> Deed {
    Deed { told, people: true }
}

/// Something happens; now and then it comes to nothing, as there was nothing to do it to.
pub fn one(rng: &mut Rng, site: &mut Site, words: &mut Words) -> Deed {
    match rng.u8(..20) {
        0..=3 => contents(write(rng, site, words)),
        4..=6 => contents(shift(rng, site)),
        7..=10 => contents(restrict(rng, site)),
        11..=12 => people(meet(rng, site)),
        13..=14 => contents(admit(rng, site)),
        15..=17 => contents(discard(rng, site)),
        18 => contents(set_aside(rng, site)),
        _ => {
            let made = if rng.u8(..8) == 0 {
                format!("space {}", scene::space(rng, site, words))
            } else {
                scene::thing(rng, site, words)
            };
            contents(format!("{made} is made"))
        }
    }
}

fn choose(rng: &mut Rng, ids: impl Iterator<Item = Id>) -> Option<Id> {
    rng.choice(ids.collect::<Vec<_>>())
}

/// New words under an old name, or a new name.
fn write(rng: &mut Rng, site: &mut Site, words: &mut Words) -> String {
    let page = choose(rng, site.pages.values().filter(|it| scene::is_current(it)).map(|it| it.id));
    match rng.u8(..8) {
        0..=2 => on(page, |id| {
            site.edit_page(id, &words.body());
            format!("page {id} is edited")
        }),
        3 => on(page, |id| {
            site.rename_page(id, &words.title());
            format!("page {id} is renamed")
        }),
        4 => on(choose(rng, site.nodes.keys().copied()), |id| {
            site.rename_node(id, &words.title());
            format!("node {id} is renamed")
        }),
        5 => on(choose(rng, site.blog_posts.values().filter(|it| !it.trashed).map(|it| it.id)), |id| {
            site.edit_blog_post(id, &words.body());
            format!("blog post {id} is edited")
        }),
        6 => on(choose(rng, site.comments.keys().copied()), |id| {
            site.edit_comment(id, &words.body());
            format!("comment {id} is edited")
        }),
        _ => on(page, |id| {
            let label = rng.choice(["draft", "final", "old"]).unwrap();
            if rng.bool() {
                site.label_page(id, label);
                format!("page {id} is labelled {label}")
            } else {
                site.unlabel_page(id, label);
                format!("page {id} is no more labelled {label}")
            }
        }),
    }
}

fn on(id: Option<Id>, deed: impl FnOnce(Id) -> String) -> String {
    id.map_or_else(|| "nothing".into(), deed)
}

/// A branch goes elsewhere with all below it.
fn shift(rng: &mut Rng, site: &mut Site) -> String {
    let Some(id) = rng.choice(scene::current(site)) else { return "nothing".into() };
    let below = site.branch_and_descendants(id);
    let elsewhere = scene::current(site).into_iter().filter(|other| !below.contains(other));
    match choose(rng, elsewhere).filter(|_| rng.u8(..5) > 0) {
        Some(above) => {
            site.move_page(id, Some(above));
            format!("{id} is moved under {above}")
        }
        None => {
            let space = choose(rng, site.spaces.keys().copied()).unwrap();
            site.move_to_space(id, space);
            format!("{id} is moved to the top of space {space}")
        }
    }
}

/// A restriction comes, goes, or changes places between a parent and its child.
fn restrict(rng: &mut Rng, site: &mut Site) -> String {
    let restricted = |site: &Site, id: &Id| site.branch(*id).is_some_and(|it| it.restriction().is_some());
    match rng.u8(..9) {
        0..=2 => on(rng.choice(scene::branches(site)), |id| {
            let few = scene::few(rng);
            let told = format!("{id} is restricted to {}", names(&few));
            site.restrict_page(id, Some(few));
            told
        }),
        3..=4 => {
            let ids: Vec<Id> = scene::branches(site).into_iter().filter(|id| restricted(site, id)).collect();
            on(rng.choice(ids), |id| {
                site.restrict_page(id, None);
                format!("{id} is opened")
            })
        }
        5 => on(choose(rng, site.blog_posts.keys().copied()), |id| {
            let few = rng.bool().then(|| scene::few(rng));
            let told = few.as_ref().map_or("opened".into(), |few| format!("restricted to {}", names(few)));
            site.restrict_blog_post(id, few);
            format!("blog post {id} is {told}")
        }),
        6 => trade(rng, site),
        _ => swap(rng, site),
    }
}

/// A page is opened at the moment at which its space is closed to many, or at which it goes elsewhere: whoever
/// puts the new word beside the old place shows it to those who could read it neither before nor after.
fn trade(rng: &mut Rng, site: &mut Site) -> String {
    let held: Vec<Id> = scene::current(site)
        .into_iter()
        .filter(|id| site.branch(*id).is_some_and(|it| it.restriction().is_some()))
        .collect();
    let Some(id) = rng.choice(held) else { return "nothing".into() };
    let space = site.branch(id).map(|it| it.space()).unwrap();
    site.restrict_page(id, None);
    if rng.bool() {
        let elsewhere = choose(rng, site.spaces.keys().copied().filter(|other| *other != space));
        return on(elsewhere, |space| {
            site.move_to_space(id, space);
            format!("{id} is moved to the top of space {space} and opened at once")
        });
    }
    let crawler = Principal::user(CRAWLER);
    let rows: Vec<Principal> =
        site.spaces[&space].permissions.iter().map(|row| row.principal.clone()).collect();
    for who in rows.iter().filter(|who| **who != crawler) {
        site.remove_space_permission(space, who, &Operation::read_space());
    }
    format!("{id} is opened and space {space} closed at once")
}

/// What was said of the parent is said of the child, and the other way round: at no moment may
/// more read the child than before or after.
fn swap(rng: &mut Rng, site: &mut Site) -> String {
    let held = |site: &Site, id: Id| site.branch(id).and_then(|it| it.parent());
    let ids: Vec<Id> = scene::current(site).into_iter().filter(|id| held(site, *id).is_some()).collect();
    let Some(child) = rng.choice(ids) else { return "nothing".into() };
    let Some(Parent { id: parent, .. }) = held(site, child) else { return "nothing".into() };
    let of = |site: &Site, id| site.branch(id).and_then(|it| it.restriction().cloned());
    let (above, below) = (of(site, parent), of(site, child));
    site.restrict_page(parent, below);
    site.restrict_page(child, above);
    format!("the restrictions of {parent} and its child {child} change places")
}

fn names(few: &Restriction) -> String {
    let named: Vec<&str> = few.users.iter().chain(&few.groups).map(String::as_str).collect();
    named.join(", ")
}

/// People come to groups, leave them, and leave the company.
fn meet(rng: &mut Rng, site: &mut Site) -> String {
    let (group, person) = (rng.choice(GROUPS).unwrap(), rng.choice(PEOPLE).unwrap());
    match rng.u8(..13) {
        0..=4 => {
            site.add_group_member(group, person);
            format!("{person} joins the {group}")
        }
        5..=8 => {
            let member = site.groups.get(group).and_then(|it| rng.choice(it.members.iter().cloned()));
            let Some(member) = member else { return "nothing".into() };
            site.remove_group_member(group, &member);
            format!("{member} leaves the {group}")
        }
        9 => {
            let other = rng.choice(GROUPS).unwrap();
            site.remove_group_member(group, person);
            site.add_group_member(other, person);
            format!("{person} goes from the {group} to the {other}")
        }
        10 => {
            site.delete_group(group);
            format!("the {group} are no more")
        }
        11 => {
            site.close_account(person);
            format!("{person}'s account is closed")
        }
        _ => {
            site.reactivate_account(person);
            format!("{person}'s account is opened again")
        }
    }
}

/// A space lets somebody in, or no more.
fn admit(rng: &mut Rng, site: &mut Site) -> String {
    let space = choose(rng, site.spaces.keys().copied()).unwrap();
    let who = scene::reader(rng);
    let crawler = Principal::user(CRAWLER);
    let by_role = site.role_mode.is_some() && rng.bool();
    if rng.bool() {
        match by_role {
            true => site.assign_role(space, who.clone(), VIEWER),
            false => site.add_space_permission(space, who.clone(), Operation::read_space()),
        }
        return format!("space {space} lets {who:?} in{}", if by_role { " by a role" } else { "" });
    }
    let found = &site.spaces[&space];
    let rows: Vec<Principal> = match by_role {
        true => found.roles.iter().map(|row| row.principal.clone()).filter(|it| *it != crawler).collect(),
        false => {
            found.permissions.iter().map(|row| row.principal.clone()).filter(|it| *it != crawler).collect()
        }
    };
    let Some(who) = rng.choice(rows) else { return "nothing".into() };
    match by_role {
        true => site.unassign_role(space, &who, VIEWER),
        false => site.remove_space_permission(space, &who, &Operation::read_space()),
    }
    format!("space {space} lets {who:?} in no more{}", if by_role { " by a role" } else { "" })
}

/// To the bin, out of it, and away for good.
fn discard(rng: &mut Rng, site: &mut Site) -> String {
    let binned = |site: &Site| -> Vec<Id> {
        let all = site.branches().filter(|it| it.status() == PageStatus::Trashed);
        all.map(|it| it.id()).collect()
    };
    match rng.u8(..12) {
        0..=2 => on(rng.choice(scene::current(site)), |id| {
            site.trash_page(id);
            format!("{id} goes to the bin")
        }),
        3..=4 => on(rng.choice(binned(site)), |id| {
            site.restore_page(id);
            format!("{id} comes out of the bin")
        }),
        5 => on(rng.choice(scene::branches(site)), |id| {
            if site.pages.contains_key(&id) {
                site.purge_page(id)
            } else {
                site.purge_node(id)
            }
            format!("{id} is purged")
        }),
        6..=7 => on(choose(rng, site.comments.keys().copied()), |id| {
            if rng.u8(..3) == 0 {
                site.resolve_comment(id, CRAWLER);
                return format!("comment {id} is resolved");
            }
            site.delete_comment(id);
            format!("comment {id} is deleted")
        }),
        8 => on(choose(rng, site.blog_posts.keys().copied()), |id| {
            match site.blog_posts[&id].trashed {
                true => site.restore_blog_post(id),
                false => site.trash_blog_post(id),
            }
            format!("blog post {id} goes to the bin or comes out of it")
        }),
        _ => on(choose(rng, site.attachments.keys().copied()), |id| match rng.u8(..3) {
            0 => {
                site.restore_attachment(id);
                format!("attachment {id} comes out of the bin")
            }
            1 => {
                site.replace_attachment(id, rng.u64(..));
                format!("attachment {id} has other bytes")
            }
            _ => {
                site.trash_attachment(id);
                format!("attachment {id} goes to the bin")
            }
        }),
    }
}

/// Archived, and in use again.
fn set_aside(rng: &mut Rng, site: &mut Site) -> String {
    if rng.u8(..3) == 0 {
        let space = choose(rng, site.spaces.keys().copied()).unwrap();
        return match site.spaces[&space].archived {
            true => {
                site.unarchive_space(space);
                format!("space {space} is in use again")
            }
            false => {
                site.archive_space(space);
                format!("space {space} is archived")
            }
        };
    }
    let kept = site.branches().filter(|it| it.status() != PageStatus::Trashed).map(|it| it.id());
    on(choose(rng, kept), |id| match site.branch(id).map(|it| it.status()) {
        Some(PageStatus::Archived) => {
            site.unarchive_page(id);
            format!("{id} is in use again")
        }
        _ => {
            site.archive_page(id);
            format!("{id} is archived")
        }
    })
}

/// Where something hangs, as an id; for those who compare.
pub fn container_id(container: Container) -> String {
    match container {
        Container::Page(id) => format!("page:{id}"),
        Container::BlogPost(id) => format!("blogpost:{id}"),
    }
}
