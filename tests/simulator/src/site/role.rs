//! Space roles, the newer way to say who may do what in a space: a role is a
//! named set of permissions, and an assignment gives it to somebody.

use super::{Id, Operation, Principal};

/// A role's id: a UUID.
pub type RoleId = String;

/// Which of the two ways decides. A site without any has no role routes at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleMode {
    /// Permissions alone, as ever.
    PreRoles,
    /// Both: whoever either lets in may come in.
    Transition,
    /// Roles alone. Permission rows from before grant nothing any more.
    Roles,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceRole {
    pub id: RoleId,
    /// One of Atlassian's own; the others are the site's.
    pub system: bool,
    pub name: String,
    pub permissions: Vec<Operation>,
}

impl SpaceRole {
    /// Whether the role lets its holders see the space. Not every role does.
    pub fn reads(&self) -> bool {
        self.permissions.contains(&Operation::read_space())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    pub id: Id,
    pub principal: Principal,
    pub role: RoleId,
}
