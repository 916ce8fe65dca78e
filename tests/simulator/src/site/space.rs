//! Spaces and the rows that say who may do what in them.

use super::{AccountId, GroupId, Id, RoleAssignment};
use crate::clock::Millis;

#[derive(Clone, Debug)]
pub struct Space {
    pub id: Id,
    pub key: String,
    pub name: String,
    pub kind: SpaceKind,
    /// Archived spaces are still listed by v2, and invisible to CQL.
    pub archived: bool,
    pub author: AccountId,
    pub created: Millis,
    pub homepage: Option<Id>,
    pub description: String,
    pub permissions: Vec<SpacePermission>,
    /// Count where the site's [`RoleMode`](super::RoleMode) lets them.
    pub roles: Vec<RoleAssignment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpaceKind {
    Global,
    Collaboration,
    KnowledgeBase,
    Personal,
}

/// One principal, one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacePermission {
    pub id: Id,
    pub principal: Principal,
    pub operation: Operation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    User(AccountId),
    Group(GroupId),
    /// `ALL_LICENSED_USERS`, `ALL_PRODUCT_ADMINS`: in no schema of permissions, and on nearly every real
    /// space. Roles write the same classes as `all-licensed-users`; here they are kept in one spelling.
    AccessClass(String),
    /// A type nobody has heard of yet. It grants nothing.
    Other {
        kind: String,
        id: String,
    },
}

impl Principal {
    pub fn user(id: &str) -> Self {
        Principal::User(id.into())
    }

    pub fn group(id: &str) -> Self {
        Principal::Group(id.into())
    }

    pub fn all_licensed_users() -> Self {
        Principal::AccessClass("ALL_LICENSED_USERS".into())
    }

    pub fn all_product_admins() -> Self {
        Principal::AccessClass("ALL_PRODUCT_ADMINS".into())
    }

    /// Everybody who signs in to use Confluence; not guests, who have the space that names them.
    pub fn authenticated_users() -> Self {
        Principal::AccessClass("AUTHENTICATED_USERS".into())
    }

    /// People without an account, as far as the site lets them in at all.
    pub fn anonymous_users() -> Self {
        Principal::AccessClass("ANONYMOUS_USERS".into())
    }

    /// Whom Jira Service Management lets in without a Confluence licence. No such
    /// product is on this site, so it is nobody.
    pub fn jsm_project_admins() -> Self {
        Principal::AccessClass("JSM_PROJECT_ADMINS".into())
    }
}

/// An open pair: sites send keys that Atlassian's document does not list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub key: String,
    pub target: String,
}

impl Operation {
    pub fn new(key: &str, target: &str) -> Self {
        Operation { key: key.into(), target: target.into() }
    }

    /// The one operation that lets a principal see a space and what is in it.
    pub fn read_space() -> Self {
        Operation::new("read", "space")
    }
}
