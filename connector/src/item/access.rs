//! Who may read, from restrictions and space permissions.
//!
//! A page's view restriction narrows what its parent allows: Confluence asks a reader to satisfy the
//! restrictions of the page and of every ancestor. A space allows whom its permissions name, and nobody else.

use crate::confluence::permission::PermissionRow;
use crate::confluence::restriction::Readers;
use crate::model::{Access, Principal};
use std::collections::BTreeSet;

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

/// Access to a space, and the kinds of principal that were not understood and got nothing.
pub fn of_space(rows: &[PermissionRow]) -> (Access, BTreeSet<String>) {
    let mut readers = Vec::new();
    let mut strangers = BTreeSet::new();
    for row in rows.iter().filter(|row| row.reads_space()) {
        let (kind, id) = (row.principal.kind.as_str(), row.principal.id.as_str());
        match (kind, id) {
            ("user", _) => readers.push(Principal::User(id.to_owned())),
            ("group", _) => readers.push(Principal::Group(id.to_owned())),
            ("access-class", "ALL_LICENSED_USERS") => readers.push(Principal::Members),
            ("access-class", _) => _ = strangers.insert(format!("{kind} {id}")),
            _ => _ = strangers.insert(kind.to_owned()),
        }
    }
    readers.sort_unstable();
    readers.dedup();
    (Access::Replaced(readers), strangers)
}
