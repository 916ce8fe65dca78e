//! Spaces and the rows that say who may do what in them.

use super::{AccountId, GroupId, Id};
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpaceKind {
    Global,
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
    /// `ALL_LICENSED_USERS`, `ALL_PRODUCT_ADMINS`: in no published schema, and on nearly every real space.
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
