//! Atlassian's access classes that our own words do not cover, as groups that the source does not have.
//!
//! "All product admins" is whoever belongs to a group that administers Confluence. "Authenticated users" is
//! everybody who signs in to use it: licensed users and guests. Apps are not people and belong to neither.

use super::directory::{ROWS, log_unreadable, page_of};
use crate::confluence::group::GroupRow;
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access::{AUTHENTICATED_USERS, PRODUCT_ADMINS};
use crate::model::{Change, Group, Membership, Principal};
use crate::transport::{Level, Transport};

/// The group of those who sign in, with all licensed users in it.
pub fn authenticated() -> [Change; 2] {
    let name = "All who sign in to Confluence".to_owned();
    [Change::Group(Group { id: AUTHENTICATED_USERS.to_owned(), name }), signs_in(Principal::Members)]
}

/// Somebody in the group of those who sign in.
pub fn signs_in(member: Principal) -> Change {
    Change::Member(Membership { group: AUTHENTICATED_USERS.to_owned(), member })
}

/// A page of the groups that administer Confluence, and where the next one is. Where the site does not tell
/// them, nobody administers it as far as anybody's reading is concerned.
pub fn admins<T: Transport>(
    site: &Site<'_, T>,
    link: Option<String>,
) -> Result<(Vec<Change>, Option<String>), Error> {
    let mut changes = Vec::new();
    if link.is_none() {
        let name = "All who administer Confluence".to_owned();
        changes.push(Change::Group(Group { id: PRODUCT_ADMINS.to_owned(), name }));
    }
    let base = site.v1(&["group"], &[("accessType", "admin"), ("start", "0"), ("limit", ROWS)]);
    let list = match site.get_list::<GroupRow>(&page_of(site, base, link)?) {
        Ok(list) => list,
        Err(refusal) if refusal.concerns_everything() => return Err(refusal.error),
        Err(refusal) => {
            let reason = refusal.error.message();
            let message = "it is not known who administers Confluence; nobody may read as an administrator";
            site.log(Level::Warn, message, &[("reason", &reason)]);
            return Ok((changes, None));
        }
    };
    log_unreadable(site, &list.unreadable);
    let next = list.next.filter(|_| !list.rows.is_empty());
    let groups = list.rows.into_iter().filter(|row| !row.id.is_empty());
    changes.extend(groups.map(|row| {
        let member = Principal::Group(row.id);
        Change::Member(Membership { group: PRODUCT_ADMINS.to_owned(), member })
    }));
    Ok((changes, next.as_ref().map(next::relative)))
}
