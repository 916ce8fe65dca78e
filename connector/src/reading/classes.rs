//! The access class "all product admins", which our own words do not cover, as a group that the source does not
//! have: whoever belongs to a group that administers Confluence.
//!
//! Groups that administer the whole site (`accessType=site-admin`) are not asked for: nothing says that they
//! belong to the class.

use super::directory::{ROWS, log_unreadable, page_of};
use crate::confluence::group::GroupRow;
use crate::confluence::next;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::access::PRODUCT_ADMINS;
use crate::model::{Change, Group, Membership, Principal};
use crate::transport::{Level, Transport};

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
