//! Who may see which space.
//!
//! A request for each 250 rows of each space: its permissions where a site has no roles, its role assignments
//! where it has nothing else, both in between. One more for each space where the anonymous may use the site and
//! permissions count, since v2 does not tell which spaces are open to them.

use super::rights::Rights;
use crate::confluence::anonymous::SpaceWithPermissions;
use crate::confluence::answer::{self, Refusal};
use crate::confluence::id::Id;
use crate::confluence::list;
use crate::confluence::permission::PermissionRow;
use crate::confluence::role::AssignmentRow;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::filled::filled;
use crate::item::access::{self, Granted, Mode};
use crate::item::space::Space;
use crate::model::{Access, Principal};
use crate::transport::{Level, Response, Transport};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// A space whose readers cannot be read is `unknown`: shown to nobody.
pub fn of_spaces<T: Transport>(
    site: &Site<'_, T>,
    rights: &Rights,
    spaces: &[Space],
) -> Result<BTreeMap<Id, Access>, Error> {
    let permissions = by_permissions(site, rights, spaces)?;
    let roles = by_roles(site, rights, spaces)?;
    let granted = permissions.values().chain(roles.values());
    let strangers = granted.flat_map(|granted| &granted.strangers).map(String::as_str);
    // Where there are roles, permissions repeat what each role may do; who has it is told by the assignments.
    let known = |name: &str| name == "role" && rights.mode != Mode::PreRoles;
    let strangers: BTreeSet<String> = filled(strangers.filter(|name| !known(name)).map(str::to_owned));
    if !strangers.is_empty() {
        let names = strangers.into_iter().collect::<Vec<_>>().join(", ");
        let message = "principals of a kind that grants nothing";
        site.log(Level::Warn, message, &[("principals", &names)]);
    }
    let access = |space: &Space| {
        let access = access::of_space(rights.mode, permissions.get(&space.id), roles.get(&space.id));
        (space.id.clone(), access)
    };
    Ok(filled(spaces.iter().map(access)))
}

fn by_permissions<T: Transport>(
    site: &Site<'_, T>,
    rights: &Rights,
    spaces: &[Space],
) -> Result<BTreeMap<Id, Granted>, Error> {
    if rights.mode == Mode::Roles {
        return Ok(BTreeMap::new());
    }
    let grant = |rows: &[PermissionRow]| Granted::by_permissions(rows, rights.anonymous);
    let mut granted = granted(site, spaces, "permissions", &grant)?;
    if rights.anonymous {
        for id in open_to_anonymous(site, spaces)? {
            granted.entry(id).and_modify(|granted| _ = granted.readers.insert(Principal::Anyone));
        }
    }
    Ok(granted)
}

fn by_roles<T: Transport>(
    site: &Site<'_, T>,
    rights: &Rights,
    spaces: &[Space],
) -> Result<BTreeMap<Id, Granted>, Error> {
    let Some(reading) = rights.reading_roles.as_ref().filter(|_| rights.mode != Mode::PreRoles) else {
        return Ok(BTreeMap::new());
    };
    let grant = |rows: &[AssignmentRow]| Granted::by_roles(rows, reading, rights.anonymous);
    granted(site, spaces, "role-assignments", &grant)
}

/// What the rows of each space grant; a space whose rows could not all be read is missing.
fn granted<R: DeserializeOwned, T: Transport>(
    site: &Site<'_, T>,
    spaces: &[Space],
    what: &str,
    grant: &dyn Fn(&[R]) -> Granted,
) -> Result<BTreeMap<Id, Granted>, Error> {
    let mut granted: BTreeMap<Id, Granted> = BTreeMap::new();
    let mut unread: Vec<Id> = Vec::new();
    let questions = spaces.iter().map(|space| {
        let path = ["spaces", space.id.as_str(), what];
        (space.id.clone(), site.v2(&path, &[("limit", "250")]))
    });
    let take = |id: Id, url: &Url, answer: Result<Response, Refusal>| match answer
        .and_then(|response| list::read::<R>(url, &response))
    {
        Ok(list) => {
            for odd in &list.unreadable {
                let fields = [("space", id.as_str()), ("reason", &odd.reason)];
                site.log(Level::Warn, "a permission of an unknown shape grants nothing", &fields);
            }
            granted.entry(id.clone()).or_default().add_all(grant(&list.rows));
            Ok(list.next.map(|next| (id, next)))
        }
        Err(refusal) if refusal.concerns_everything() => Err(refusal.error),
        Err(refusal) => {
            let reason = refusal.error.message();
            let fields = [("space", id.as_str()), ("reason", &reason)];
            site.log(Level::Warn, "the permissions of a space could not be read", &fields);
            unread.push(id);
            Ok(None)
        }
    };
    site.get_many(questions, take)?;
    granted.retain(|id, _| !unread.contains(id));
    Ok(granted)
}

/// The spaces that v1 says the anonymous may see. One that v1 does not tell of is not among them.
fn open_to_anonymous<T: Transport>(site: &Site<'_, T>, spaces: &[Space]) -> Result<Vec<Id>, Error> {
    let questions = spaces.iter().map(|space| {
        let url = site.v1(&["space", &space.key], &[("expand", "permissions")]);
        (space.id.clone(), url)
    });
    let mut open = Vec::new();
    let take = |id: Id, url: &Url, answer: Result<Response, Refusal>| {
        match answer.and_then(|response| answer::parse::<SpaceWithPermissions>(url, &response)) {
            Ok(space) if space.read_by_anonymous() => open.push(id),
            Ok(_) => {}
            Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
            Err(refusal) => {
                let reason = refusal.error.message();
                let fields = [("space", id.as_str()), ("reason", &reason)];
                site.log(
                    Level::Info,
                    "not shown to the anonymous, since it is not known whether it may be",
                    &fields,
                );
            }
        }
        Ok(None)
    };
    site.get_many(questions, take)?;
    Ok(open)
}
