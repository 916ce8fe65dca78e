//! Users of a site.

use crate::confluence::user::UserRow;
use crate::model::{Standing, User};

/// How much a row is trusted to say whether somebody is a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The list of all users: who is not called a guest is none.
    ByDirectory,
    /// A member of a group, whose row may leave the question open: then they are taken for a guest, until the
    /// directory says better.
    ByGroup,
}

/// None for a visitor without an account.
pub fn user(row: UserRow, told: Told) -> Option<User> {
    let id = row.account_id.clone().filter(|id| !id.is_empty())?;
    let standing = standing(&row, told);
    let names = [row.display_name, row.public_name];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    Some(User {
        name: name.unwrap_or_else(|| id.clone()),
        id,
        email: row.email.filter(|email| !email.is_empty()),
        standing,
    })
}

fn standing(row: &UserRow, told: Told) -> Standing {
    let guest = row.is_external_collaborator.or(row.is_guest);
    // Apps are not people: the right of "all licensed users" is not theirs.
    let app = row.account_type.as_deref() == Some("app");
    match row.account_status.as_deref() {
        Some("inactive" | "closed" | "deactivated") => Standing::Closed,
        _ if app || row.is_guest == Some(true) => Standing::Guest,
        _ => match (guest, told) {
            (Some(true), _) | (None, Told::ByGroup) => Standing::Guest,
            (Some(false), _) | (None, Told::ByDirectory) => Standing::Member,
        },
    }
}
