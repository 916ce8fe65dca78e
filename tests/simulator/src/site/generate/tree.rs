//! Spaces, the trees of pages in them, blog posts, and who is kept out.

use super::people::CRAWLER;
use super::story::DEMO_PEOPLE;
use super::{Making, Size, as_mentions};
use crate::prose;
use crate::site::{ADMINS_GROUP, Id, Operation, Principal, Restriction, SpaceKind, Version};

/// The spaces with a part to play, and all that receive generated pages.
pub(super) struct Spaces {
    pub open: Id,
    pub engineering: Id,
    pub private: Id,
    pub partners: Id,
    /// With how often each is chosen for a page.
    pub all: Vec<(Id, usize)>,
}

/// Pages stand at most this deep below the root of their space.
const DEPTH_MAX: usize = 6;

pub(super) fn spaces(making: &mut Making, size: &Size) -> Spaces {
    let group = |making: &Making, name: &str| {
        Principal::Group(
            making
                .site
                .group_by_name(name)
                .map(|group| group.id.clone())
                .unwrap_or_default(),
        )
    };
    let everybody = || Principal::all_licensed_users();
    let engineers = group(making, "engineering");
    let people_team = group(making, "people-team");
    let [_, ben, chloe] = DEMO_PEOPLE;
    let open = space(making, "HANDBOOK", "Company Handbook", &[everybody()]);
    let engineering = space(making, "ENG", "Engineering", &[everybody(), engineers]);
    let private = space(making, "PEOPLE", "People Team", &[people_team]);
    let partners = space(
        making,
        "PARTNERS",
        "Agency Collaboration",
        &[everybody(), Principal::user(chloe.account_id)],
    );
    let personal_key = format!("~{}", ben.account_id.replace([':', '-'], ""));
    let personal = space(
        making,
        &personal_key,
        ben.name,
        &[Principal::user(ben.account_id), Principal::user(CRAWLER)],
    );
    let archive = space(making, "ARCHIVE", "Old Intranet", &[everybody()]);
    if let Some(space) = making.site.spaces.get_mut(&personal) {
        space.kind = SpaceKind::Personal;
        space.author = ben.account_id.into();
    }
    if let Some(user) = making.site.users.get_mut(ben.account_id) {
        user.personal_space = Some(personal);
    }
    making.site.archive_space(archive);
    let mut all = vec![
        (open, 30),
        (engineering, 36),
        (private, 10),
        (partners, 8),
        (personal, 3),
        (archive, 5),
    ];
    for index in 6..size.spaces {
        let key = format!("TEAM{}", index - 5);
        let id = space(
            making,
            &key,
            &format!("Team Space {}", index - 5),
            &[everybody()],
        );
        all.push((id, 12));
    }
    Spaces {
        open,
        engineering,
        private,
        partners,
        all,
    }
}

/// A space with the rows a real one has: readers, writers, administrators.
fn space(making: &mut Making, key: &str, name: &str, readers: &[Principal]) -> Id {
    let id = making.site.add_space(key, name, readers);
    for reader in readers {
        for (operation, target) in [
            ("create", "page"),
            ("create", "comment"),
            ("create", "attachment"),
        ] {
            making
                .site
                .add_space_permission(id, reader.clone(), Operation::new(operation, target));
        }
    }
    for (operation, target) in [
        ("read", "space"),
        ("administer", "space"),
        ("archive_space", "space"),
    ] {
        making.site.add_space_permission(
            id,
            Principal::group(ADMINS_GROUP),
            Operation::new(operation, target),
        );
    }
    making.site.add_space_permission(
        id,
        Principal::all_product_admins(),
        Operation::new("manage_users", "space"),
    );
    let (created, author) = (making.instant() - 400 * 86_400_000, making.author());
    if let Some(space) = making.site.spaces.get_mut(&id) {
        space.created = created;
        space.author = author;
    }
    id
}

/// Fills up to the size's pages, one in fifty archived, and adds one in fifty to the bin.
pub(super) fn pages(making: &mut Making, size: &Size, spaces: &Spaces) {
    let people = making.mentions();
    for &(space, _) in &spaces.all {
        if making.site.pages.len() < size.pages {
            let home = page(making, space, None, &people);
            if let Some(space) = making.site.spaces.get_mut(&space) {
                space.homepage = Some(home);
            }
        }
    }
    // Pages that may still take children, with their depth, by space.
    let mut trees: Vec<Vec<(Id, usize)>> = spaces
        .all
        .iter()
        .map(|(space, _)| {
            making
                .site
                .spaces
                .get(space)
                .and_then(|it| it.homepage)
                .map(|id| (id, 1))
                .into_iter()
                .collect()
        })
        .collect();
    let missing = size.pages.saturating_sub(making.site.pages.len());
    let in_bin = size.pages / 50;
    for index in 0..missing + in_bin {
        let chosen = weighted(making, spaces);
        let (Some(&(space, _)), Some(tree)) = (spaces.all.get(chosen), trees.get_mut(chosen))
        else {
            continue;
        };
        let place = making.rng.usize(0..tree.len().max(1));
        let parent = tree.get(place).copied();
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

pub(super) fn blog_posts(making: &mut Making, size: &Size, spaces: &Spaces) {
    let people = making.mentions();
    for _ in 0..size.blog_posts {
        let chosen = weighted(making, spaces);
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
    let teams: Vec<String> = making
        .site
        .groups
        .keys()
        .filter(|id| id.starts_with("2222"))
        .cloned()
        .collect();
    let free = |page: &&crate::site::Page| page.restriction.is_none() && page.parent.is_some();
    let ids: Vec<Id> = making
        .site
        .pages
        .values()
        .filter(free)
        .map(|page| page.id)
        .collect();
    for id in ids {
        if making.rng.usize(0..25) != 0 {
            continue;
        }
        let mut restriction = Restriction::to_users(&[CRAWLER]);
        restriction.users.push(making.author());
        if making.rng.bool() {
            restriction
                .groups
                .extend(making.rng.choice(&teams).cloned());
        }
        making.site.restrict_page(id, Some(restriction));
    }
}

fn page(making: &mut Making, space: Id, parent: Option<Id>, people: &[(String, String)]) -> Id {
    let topic = making.rng.usize(0..prose::TOPICS);
    let draft = prose::draft(&mut making.rng, topic, &as_mentions(people));
    let id = making
        .site
        .add_page(space, parent, &draft.title, &draft.body);
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
fn history(making: &mut Making) -> (Vec<Version>, String) {
    let mut at = making.instant();
    let author = making.author();
    let mut versions = vec![Version {
        number: 1,
        at,
        author: author.clone(),
        message: String::new(),
        minor: false,
    }];
    for number in 2..=making.rng.u32(1..=4) {
        at = making.soon_after(at);
        let (author, minor) = (making.author(), making.rng.usize(0..4) == 0);
        let message = if minor {
            "Typo".to_string()
        } else {
            String::new()
        };
        versions.push(Version {
            number,
            at,
            author,
            message,
            minor,
        });
    }
    (versions, author)
}

fn weighted(making: &mut Making, spaces: &Spaces) -> usize {
    let total: usize = spaces.all.iter().map(|(_, weight)| weight).sum();
    let mut left = making.rng.usize(0..total.max(1));
    for (index, (_, weight)) in spaces.all.iter().enumerate() {
        if left < *weight {
            return index;
        }
        left -= weight;
    }
    0
}
