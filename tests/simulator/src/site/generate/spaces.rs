//! The spaces of the company, and the rows that open them.

use super::people::CRAWLER;
use super::story::DEMO_PEOPLE;
use super::{Making, Size};
use crate::site::{ADMINS_GROUP, Id, Operation, Principal, SpaceKind};

/// The spaces with a part to play, and all that receive generated pages.
pub(super) struct Spaces {
    pub open: Id,
    pub engineering: Id,
    pub private: Id,
    pub partners: Id,
    /// Closed long ago: what is in it must be read page by page, so it is kept small.
    pub archive: Option<Id>,
    /// The others, with how often each is chosen for a page.
    pub all: Vec<(Id, usize)>,
}

impl Spaces {
    /// The index of a space in `all`, by weight.
    pub fn choose(&self, rng: &mut fastrand::Rng) -> usize {
        let total: usize = self.all.iter().map(|(_, weight)| weight).sum();
        let mut left = rng.usize(0..total.max(1));
        for (index, (_, weight)) in self.all.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}

/// The spaces with a part to play. A site with fewer has one, for everybody.
const PARTS: usize = 6;

pub(super) fn make(making: &mut Making, size: &Size) -> Spaces {
    let group = |making: &Making, name: &str| {
        Principal::Group(making.site.group_by_name(name).map(|group| group.id.clone()).unwrap_or_default())
    };
    let everybody = || Principal::all_licensed_users();
    let engineers = group(making, "engineering");
    let people_team = group(making, "people-team");
    let [_, ben, chloe] = DEMO_PEOPLE;
    let open = space(making, "HANDBOOK", "Company Handbook", &[everybody()]);
    let mut spaces = Spaces {
        open,
        engineering: open,
        private: open,
        partners: open,
        archive: None,
        all: vec![(open, 30)],
    };
    if size.spaces < PARTS {
        return spaces;
    }
    spaces.engineering = space(making, "ENG", "Engineering", &[everybody(), engineers]);
    spaces.private = space(making, "PEOPLE", "People Team", &[people_team]);
    spaces.partners =
        space(making, "PARTNERS", "Agency Collaboration", &[everybody(), Principal::user(chloe.account_id)]);
    let personal = personal(making, ben.account_id, ben.name);
    let archive = space(making, "ARCHIVE", "Old Intranet", &[everybody()]);
    making.site.archive_space(archive);
    spaces.archive = Some(archive);
    spaces.all.extend([(spaces.engineering, 36), (spaces.private, 10), (spaces.partners, 8), (personal, 3)]);
    for index in PARTS..size.spaces {
        let key = format!("TEAM{}", index - 5);
        let id = space(making, &key, &format!("Team Space {}", index - 5), &[everybody()]);
        spaces.all.push((id, 12));
    }
    spaces
}

pub(super) fn personal(making: &mut Making, owner: &str, name: &str) -> Id {
    let key = format!("~{}", owner.replace([':', '-'], ""));
    let readers = [Principal::user(owner), Principal::user(CRAWLER)];
    let id = space(making, &key, name, &readers);
    if let Some(space) = making.site.spaces.get_mut(&id) {
        space.kind = SpaceKind::Personal;
        space.author = owner.into();
    }
    if let Some(user) = making.site.users.get_mut(owner) {
        user.personal_space = Some(id);
    }
    id
}

/// A space with the rows a real one has: readers, writers, administrators.
pub(super) fn space(making: &mut Making, key: &str, name: &str, readers: &[Principal]) -> Id {
    let id = making.site.add_space(key, name, readers);
    for reader in readers {
        for (operation, target) in [("create", "page"), ("create", "comment"), ("create", "attachment")] {
            making.site.add_space_permission(id, reader.clone(), Operation::new(operation, target));
        }
    }
    for (operation, target) in [("read", "space"), ("administer", "space"), ("archive_space", "space")] {
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
