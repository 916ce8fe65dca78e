//! Users of a site.

use crate::confluence::user::UserRow;
use crate::model::{Standing, User};

/// None for a visitor without an account.
///
/// `listed` is what the list that the row stands in says of everybody in it; the row may only say less.
pub fn user(row: UserRow, listed: Standing) -> Option<User> {
    let id = row.account_id.clone().filter(|id| !id.is_empty())?;
    let standing = standing(&row, listed);
    let names = [row.display_name, row.public_name];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    Some(User {
        name: name.unwrap_or_else(|| id.clone()),
        id,
        email: row.email.filter(|email| !email.is_empty()),
        standing,
    })
}

fn standing(row: &UserRow, listed: Standing) -> Standing {
    // Apps are not people: the right of "all licensed users" is not theirs.
    let app = row.account_type.as_deref() == Some("app");
    let guest = row.is_guest == Some(true) || row.is_external_collaborator == Some(true);
    match row.account_status.as_deref() {
        Some("inactive" | "closed" | "deactivated") => Standing::Closed,
        _ if app || guest => Standing::Guest,
        _ => listed,
    }
}
