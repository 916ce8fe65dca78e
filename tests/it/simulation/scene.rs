//! The site a history begins with: a few spaces and people, and a handful of everything.
//!
//! The crawler may read all of it, always: what an account cannot see is another theme.

use confluence_simulator::{
    ADMINS_GROUP, API_TOKEN, CRAWLER_EMAIL, CommentKind, Container, FileKind, Id, Node, NodeKind, Operation,
    Page, Principal, Resolution, Restriction, RoleMode, Selection, Site,
};
use fastrand::Rng;

use super::clockwork::Time;
use super::states::Words;

pub const CRAWLER: &str = "crawler";
pub const PEOPLE: [&str; 6] = ["ada", "ben", "cleo", "dan", "eve", "finn"];
pub const GROUPS: [&str; 4] = ["cooks", "bakers", "guards", "clerks"];
pub const VIEWER: &str = "viewer";

pub fn email(person: &str) -> String {
    format!("{person}@acme.example")
}

pub fn site(rng: &mut Rng, time: &Time, words: &mut Words) -> Site {
    let mut site = Site::new(time.of_site());
    site.add_person(CRAWLER, "Crawler", CRAWLER_EMAIL);
    site.set_api_token(CRAWLER, Some(API_TOKEN));
    site.add_group_member(ADMINS_GROUP, CRAWLER);
    for person in PEOPLE {
        match person {
            "finn" if rng.bool() => site.add_guest(person, person, &email(person)),
            _ => site.add_person(person, person, &email(person)),
        };
    }
    for group in GROUPS {
        let members: Vec<&str> = PEOPLE.into_iter().filter(|_| rng.u8(..3) == 0).collect();
        site.add_group(group, group, &members);
    }
    if rng.u8(..4) == 0 {
        site.add_role(VIEWER, "Viewer", true, &[Operation::read_space()]);
        site.role_mode =
            Some(rng.choice([RoleMode::PreRoles, RoleMode::Transition, RoleMode::Roles]).unwrap());
    }
    site.anonymous_access = rng.u8(..5) == 0;
    for _ in 0..rng.usize(2..4) {
        space(rng, &mut site, words);
    }
    for _ in 0..rng.usize(16..36) {
        time.pass(rng.i64(1..600_000));
        thing(rng, &mut site, words);
    }
    for id in branches(&site) {
        if rng.u8(..6) == 0 {
            let few = few(rng);
            site.restrict_page(id, Some(few));
        }
    }
    time.pass(rng.i64(1..3_600_000));
    site
}

/// Somebody a space lets in.
pub fn reader(rng: &mut Rng) -> Principal {
    match rng.u8(..6) {
        0 | 1 => Principal::all_licensed_users(),
        2 => Principal::user(rng.choice(PEOPLE).unwrap()),
        3 if rng.u8(..4) == 0 => Principal::anonymous_users(),
        _ => Principal::group(rng.choice(GROUPS).unwrap()),
    }
}

/// Whom a restriction lets through; the crawler is always among them.
pub fn few(rng: &mut Rng) -> Restriction {
    let mut restriction = Restriction::to_users(&[CRAWLER]);
    for _ in 0..rng.usize(0..3) {
        match rng.bool() {
            true => restriction.users.push(rng.choice(PEOPLE).unwrap().into()),
            false => restriction.groups.push(rng.choice(GROUPS).unwrap().into()),
        }
    }
    restriction
}

pub fn space(rng: &mut Rng, site: &mut Site, words: &mut Words) -> Id {
    let key = format!("S{}", site.spaces.len() + 1);
    let readers = [Principal::user(CRAWLER), reader(rng)];
    let space = site.add_space(&key, &words.title(), &readers);
    if site.role_mode.is_some() {
        site.assign_role(space, Principal::user(CRAWLER), VIEWER);
        let other = reader(rng);
        site.assign_role(space, other, VIEWER);
    }
    space
}

/// Something new somewhere, and its name.
pub fn thing(rng: &mut Rng, site: &mut Site, words: &mut Words) -> String {
    let space = rng.choice(site.spaces.keys().copied().collect::<Vec<_>>()).unwrap();
    let above = if rng.u8(..4) == 0 { None } else { rng.choice(current(site)) };
    let space = above.and_then(|id| site.branch(id)).map_or(space, |above| above.space());
    match rng.u8(..12) {
        0..=4 => format!("page {}", site.add_page(space, above, &words.title(), &words.body())),
        5 => format!("folder {}", site.add_folder(space, above, &words.title())),
        6 => {
            let kind = rng.choice(NodeKind::ALL).unwrap();
            format!("{} {}", kind.name(), site.add_node(kind, space, above, &words.title()))
        }
        7 => format!("blog post {}", site.add_blog_post(space, &words.title(), &words.body())),
        8 => match container(rng, site) {
            Some(on) => format!(
                "attachment {}",
                site.add_attachment(on, &format!("{}.txt", words.title()), FileKind::Text)
            ),
            None => "nothing".into(),
        },
        _ => comment(rng, site, words),
    }
}

fn comment(rng: &mut Rng, site: &mut Site, words: &mut Words) -> String {
    let Some(on) = container(rng, site) else { return "nothing".into() };
    let answered: Vec<Id> = site
        .comments
        .values()
        .filter(|it| it.container == on && it.parent.is_none())
        .map(|it| it.id)
        .collect();
    let above = if rng.bool() { rng.choice(answered) } else { None };
    let kind = match above.and_then(|id| site.comments.get(&id)).map(|it| it.kind.clone()) {
        Some(kind) => kind,
        None if rng.bool() => CommentKind::Footer,
        None => CommentKind::Inline(Selection {
            text: "Some words".into(),
            marker: format!("marker-{}", site.comments.len()),
            resolution: Resolution::Open,
            resolved_by: None,
        }),
    };
    format!("comment {}", site.add_comment(on, above, kind, &words.body()))
}

/// A page or blog post that is there.
pub fn container(rng: &mut Rng, site: &Site) -> Option<Container> {
    let pages = site.pages.values().filter(|it| is_current(it)).map(|it| Container::Page(it.id));
    let posts = site.blog_posts.values().filter(|it| !it.trashed).map(|it| Container::BlogPost(it.id));
    rng.choice(pages.chain(posts).collect::<Vec<_>>())
}

pub fn is_current(page: &Page) -> bool {
    page.status == confluence_simulator::PageStatus::Current
}

fn is_current_node(node: &Node) -> bool {
    node.status == confluence_simulator::PageStatus::Current
}

/// Pages and nodes in use.
pub fn current(site: &Site) -> Vec<Id> {
    let pages = site.pages.values().filter(|it| is_current(it)).map(|it| it.id);
    pages.chain(site.nodes.values().filter(|it| is_current_node(it)).map(|it| it.id)).collect()
}

pub fn branches(site: &Site) -> Vec<Id> {
    site.pages.keys().chain(site.nodes.keys()).copied().collect()
}
