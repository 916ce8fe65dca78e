//! Who may read, from restrictions, space permissions and space roles.
//!
//! A page's view restriction narrows what its parent allows: Confluence asks a reader to satisfy the
//! restrictions of the page and of every ancestor. A space allows whom its permissions or roles name, and nobody
//! else; what is not understood names nobody.

use crate::confluence::permission::PermissionRow;
use crate::confluence::restriction::Readers;
use crate::confluence::role::AssignmentRow;
use crate::filled::filled;
use crate::model::{Access, Principal};
use std::collections::BTreeSet;

/// A group of ours, whose members `reading::directory` delivers: the groups that administer Confluence.
pub const PRODUCT_ADMINS: &str = "class:product-admins";

/// How a site decides who sees its spaces: `/space-role-mode`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// By permissions alone, as all sites did before 2026.
    #[default]
    PreRoles,
    /// By both. Atlassian: the roles beta "supports both roles and permissions for managing space access"; what
    /// has no role yet keeps its permissions as "custom access" (support.atlassian.com, "Custom access and how
    /// to transition to roles").
    Transition,
    /// By roles alone.
    Roles,
    /// By something that this connector does not know.
    Unknown,
}

/// Whom one list of a space names, and what it names that was not understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Granted {
    pub readers: BTreeSet<Principal>,
    pub strangers: BTreeSet<String>,
}

/// Access to a page. Somebody who was named and no longer exists still restricts it, to nobody.
pub fn of_page(readers: Readers) -> Access {
    if !readers.restricted {
        return Access::Inherited;
    }
    let users = readers.users.into_iter().map(Principal::User);
    let groups = readers.groups.into_iter().map(Principal::Group);
    let mut named: Vec<Principal> = users.chain(groups).collect();
    named.sort_unstable();
    named.dedup();
    Access::Narrowed(named)
}

/// Access to a space, of what each list grants; none for a list that could not be read.
///
/// A list that counts and could not be read makes it `unknown`. In a mode that nobody knows, only those get in
/// whom both lists would let in.
pub fn of_space(mode: Mode, permissions: Option<&Granted>, roles: Option<&Granted>) -> Access {
    let readers: Option<BTreeSet<Principal>> = match mode {
        Mode::PreRoles => permissions.map(|granted| granted.readers.clone()),
        Mode::Roles => roles.map(|granted| granted.readers.clone()),
        Mode::Transition => {
            permissions.zip(roles).map(|(one, other)| filled(one.readers.union(&other.readers).cloned()))
        }
        Mode::Unknown => permissions
            .zip(roles)
            .map(|(one, other)| filled(one.readers.intersection(&other.readers).cloned())),
    };
    readers.map_or(Access::Unknown, |readers| Access::Replaced(readers.into_iter().collect()))
}

impl Granted {
    /// By the right to see the space. `anonymous`: whether the anonymous may use the site at all.
    pub fn by_permissions(rows: &[PermissionRow], anonymous: bool) -> Granted {
        let mut granted = Granted::default();
        for row in rows.iter().filter(|row| row.reads_space()) {
            granted.add(&row.principal.kind, &row.principal.id, anonymous);
        }
        granted
    }

    /// By the roles that hold the right to see the space: `reading` names them.
    pub fn by_roles(rows: &[AssignmentRow], reading: &BTreeSet<String>, anonymous: bool) -> Granted {
        let mut granted = Granted::default();
        for row in rows.iter().filter(|row| reading.contains(&row.role_id)) {
            granted.add(&row.principal.principal_type, &row.principal.principal_id, anonymous);
        }
        granted
    }

    /// Adds what further rows of the same list grant.
    pub fn add_all(&mut self, further: Granted) {
        self.readers.extend(further.readers);
        self.strangers.extend(further.strangers);
    }

    /// The two lists write kinds and classes in two ways: `access-class ALL_LICENSED_USERS` and
    /// `ACCESS_CLASS all-licensed-users`.
    fn add(&mut self, kind: &str, id: &str, anonymous: bool) {
        let alike = |name: &str| name.to_ascii_lowercase().replace('_', "-");
        let kind = alike(kind);
        let reader = match kind.as_str() {
            "user" => Some(Principal::User(id.to_owned())),
            "group" => Some(Principal::Group(id.to_owned())),
            "access-class" => class(&alike(id), anonymous),
            _ => None,
        };
        match reader {
            Some(reader) => _ = self.readers.insert(reader),
            None if kind == "access-class" => _ = self.strangers.insert(format!("{kind} {id}")),
            None => _ = self.strangers.insert(kind),
        }
    }
}

/// Whom an access class stands for.
///
/// "Authenticated users" leaves guests out: they read the one space they were given and what is open to the
/// anonymous, and nothing else (support.atlassian.com, "What can guests see and do on Confluence?"). Project
/// administrators of Jira Service Management need no Confluence account, and nothing tells who they are.
fn class(name: &str, anonymous: bool) -> Option<Principal> {
    match name {
        "all-licensed-users" | "authenticated-users" => Some(Principal::Members),
        "all-product-admins" => Some(Principal::Group(PRODUCT_ADMINS.to_owned())),
        "anonymous-users" if anonymous => Some(Principal::Anyone),
        _ => None,
    }
}
