//! Accounts and groups.

use std::collections::BTreeSet;

/// Atlassian's account id, as `712020:…`.
pub type AccountId = String;
/// A group's id: a UUID. Names may change, ids do not.
pub type GroupId = String;

#[derive(Clone, Debug)]
pub struct User {
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
    /// False when the profile hides the address: v2 then says `""`, v1 leaves it out.
    pub email_visible: bool,
    pub account_type: AccountType,
    pub status: AccountStatus,
    /// `isExternalCollaborator`: reads only what names them.
    pub guest: bool,
    pub time_zone: TimeZone,
    /// An unscoped API token. With the e-mail it is the account's credential.
    pub api_token: Option<String>,
    pub personal_space: Option<super::Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountType {
    Person,
    App,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    /// Deactivated by an administrator, and perhaps reactivated one day.
    Inactive,
    Closed,
}

/// A zone without summer time, so that no table of zones is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone {
    pub name: &'static str,
    pub minutes_east: i64,
}

impl TimeZone {
    pub const UTC: TimeZone = TimeZone { name: "Etc/UTC", minutes_east: 0 };
    pub const ISTANBUL: TimeZone = TimeZone { name: "Europe/Istanbul", minutes_east: 180 };
    pub const KOLKATA: TimeZone = TimeZone { name: "Asia/Kolkata", minutes_east: 330 };
    pub const BOGOTA: TimeZone = TimeZone { name: "America/Bogota", minutes_east: -300 };
}

#[derive(Clone, Debug)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub access: GroupAccess,
    pub members: BTreeSet<AccountId>,
}

impl Group {
    pub(crate) fn new(id: &str, name: &str, access: GroupAccess) -> Self {
        Group { id: id.into(), name: name.into(), access, members: BTreeSet::new() }
    }
}

/// What membership gives beyond being named: `/group?accessType=` lists by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupAccess {
    None,
    /// Members may use Confluence.
    User,
    /// Members may use and administer it.
    Admin,
}
