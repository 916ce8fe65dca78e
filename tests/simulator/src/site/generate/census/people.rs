//! The people whom a rule is likely to get wrong.

use super::super::Making;
use crate::site::{ADMINS_GROUP, AccountId, GroupAccess, USERS_GROUP};

/// A group that restrictions and a space name, and that is deleted in the end.
pub(super) const CONTRACTORS: &str = "33333333-cccc-4ccc-8ccc-000000000001";
/// A second group that gives a licence.
const ABROAD: &str = "33333333-cccc-4ccc-8ccc-000000000002";

/// So many accounts and groups are long gone, and still named by two restrictions:
/// more than one answer of the API holds (200).
const GONE: usize = 230;

pub(super) struct Cast {
    /// External collaborators: the first is alone in a space, the others share one.
    pub guests: Vec<AccountId>,
    /// Accounts without a licence; the first is in a team all the same.
    pub unlicensed: Vec<AccountId>,
    pub deactivated: AccountId,
    /// Licensed by no other group than the second.
    pub abroad: AccountId,
    pub team: String,
    pub gone_people: Vec<AccountId>,
    pub gone_groups: Vec<String>,
}

pub(super) fn hire(making: &mut Making) -> Cast {
    let site = &mut making.site;
    let account = |nth: usize| format!("712020:cc000000-0000-4000-8000-{nth:012x}");
    let team = site.group_by_name("engineering").map(|group| group.id.clone()).unwrap_or_default();
    let mut cast = Cast {
        guests: Vec::new(),
        unlicensed: Vec::new(),
        deactivated: account(20),
        abroad: account(21),
        team: team.clone(),
        gone_people: (0..GONE).map(|nth| account(0xdead_0000 + nth)).collect(),
        gone_groups: (0..GONE).map(|nth| format!("44444444-dddd-4ddd-8ddd-{nth:012x}")).collect(),
    };
    for (nth, name) in ["Gwen Adeyemi", "Gil Baptiste", "Gia Conti"].into_iter().enumerate() {
        let email = format!("guest{nth}@agency.example");
        cast.guests.push(site.add_guest(&account(nth), name, &email));
    }
    for (nth, name) in ["Ursa Novak", "Ulf Pereira"].into_iter().enumerate() {
        let id = site.add_person(&account(10 + nth), name, &format!("unlicensed{nth}@acme.example"));
        site.remove_group_member(USERS_GROUP, &id);
        cast.unlicensed.push(id);
    }
    site.add_group_member(&team, &account(10));
    site.add_person(&cast.deactivated, "Dario Quiroga", "deactivated@acme.example");
    site.add_group_member(&team, &cast.deactivated);
    site.deactivate_account(&cast.deactivated);
    let admin = site.add_person(&account(22), "Ada Rahman", "admin@acme.example");
    site.add_group_member(ADMINS_GROUP, &admin);
    site.add_person(&cast.abroad, "Abel Sokolov", "abroad@acme.example");
    site.remove_group_member(USERS_GROUP, &cast.abroad);
    site.add_group(ABROAD, "confluence-users-abroad", &[&cast.abroad]);
    if let Some(group) = site.groups.get_mut(ABROAD) {
        group.access = GroupAccess::User;
    }
    let contractors = [cast.abroad.as_str(), cast.deactivated.as_str()];
    site.add_group(CONTRACTORS, "contractors", &contractors);
    cast
}
