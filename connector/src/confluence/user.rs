//! Users: `GET /wiki/rest/api/user/current`, `/search/user` and the members of a group.

use super::answer::Refusal;
use super::site::Site;
use crate::error::Error;
use crate::transport::Transport;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// None for a visitor who did not sign in.
    pub account_id: Option<String>,
    /// `atlassian`, `app`, `customer`, …
    pub account_type: Option<String>,
    /// `active`, `inactive`, `closed`, …; not documented, often absent.
    pub account_status: Option<String>,
    /// Empty or null when the user's profile hides it.
    pub email: Option<String>,
    pub display_name: Option<String>,
    pub public_name: Option<String>,
    /// The older name of `is_guest`.
    pub is_external_collaborator: Option<bool>,
    pub is_guest: Option<bool>,
    /// The zone that dates in searches are read in; only an account's own is told.
    pub time_zone: Option<String>,
}

/// A row of `/search/user`.
#[derive(Debug, Deserialize)]
pub struct FoundUser {
    pub user: UserRow,
}

/// Who the credential belongs to. Any refusal that is about entry or existence means that it is not accepted:
/// everybody who is signed in may ask this, provided the scope for it.
pub fn current<T: Transport>(site: &Site<'_, T>) -> Result<UserRow, Refusal> {
    let answer: Result<UserRow, Refusal> = site.get_one(&site.v1(&["user", "current"], &[]));
    answer.map_err(rejected)
}

/// What a refusal of `/user/current` means.
pub fn rejected(refusal: Refusal) -> Refusal {
    let lacks_scope = refusal.lacks_scope();
    let error = match refusal.error {
        Error::Forbidden(message) if refusal.status.is_some() && !lacks_scope => {
            Error::Unauthenticated(message)
        }
        Error::NotFound(message) => Error::Unauthenticated(message),
        error => error,
    };
    Refusal { error, ..refusal }
}
