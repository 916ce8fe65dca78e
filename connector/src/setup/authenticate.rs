//! Proving that a credential works.

use super::API_TOKEN;
use super::session::Session;
use crate::confluence::answer::attempt;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::confluence::user::{self, UserRow};
use crate::error::Error;
use crate::transport::{Level, Transport};

const CAUSES: &str = "check that the e-mail is the one of the account the token was made for, that the token was \
                      copied whole and made without scopes, and that it has not expired or been revoked";

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// JSON.
    pub session: String,
    pub label: String,
    pub user: Option<String>,
}

/// Signs in, with the credential that the host adds: who is it, and is there anything to see? Two requests, one
/// after the other, so that a wrong token is tried only once.
pub fn authenticate<T: Transport>(site: &Site<'_, T>, login: &str) -> Result<Account, Error> {
    if login != API_TOKEN {
        return Err(Error::Unexpected(format!("there is no login {login:?}")));
    }
    let row = user::current(site).map_err(|error| explain(site.host(), error))?;
    let Some(account) = row.account_id.clone().filter(|id| !id.is_empty()) else {
        return Err(Error::Unauthenticated(format!(
            "{} answered as if nobody had signed in; {CAUSES}",
            site.host()
        )));
    };
    let name = name(&row, site.host());
    let first = site.v2(&["spaces"], &[("limit", "1")]);
    let spaces = site.get_list::<SpaceRow>(&first);
    let spaces = spaces.map_err(|refusal| explain(site.host(), refusal.error))?;
    if spaces.rows.is_empty() && spaces.unreadable.is_empty() {
        let asked = attempt(&first);
        site.log(Level::Warn, "no space is visible", &[("account", &account)]);
        return Err(Error::Forbidden(format!(
            "{asked} and got none: {name} can sign in but sees no space; ask a Confluence administrator to give \
             this account access to the spaces that shall be searched"
        )));
    }
    let session = Session { account_id: account.clone(), site: site.origin() };
    Ok(Account {
        session: serde_json::to_string(&session)
            .map_err(|error| Error::Unexpected(format!("could not write the session: {error}")))?,
        label: name,
        user: Some(account),
    })
}

/// "Ada Lovelace (ada@acme.example) on acme.atlassian.net".
fn name(row: &UserRow, host: &str) -> String {
    let names = [&row.display_name, &row.public_name, &row.account_id];
    let known = names.into_iter().flatten().find(|name| !name.is_empty());
    let name = known.map_or("somebody", String::as_str);
    match row.email.as_deref().filter(|email| !email.is_empty()) {
        Some(email) => format!("{name} ({email}) on {host}"),
        None => format!("{name} on {host}"),
    }
}

fn explain(host: &str, error: Error) -> Error {
    match error {
        Error::Unauthenticated(message) => Error::Unauthenticated(format!(
            "{host} did not accept the e-mail and the API token ({message}); {CAUSES}"
        )),
        Error::Unexpected(message) => Error::Unexpected(format!(
            "{message}; is {host} a Confluence Cloud site, and is Confluence part of its plan?"
        )),
        Error::Unavailable(message) => {
            Error::Unavailable(format!("{message}; check the address, and if it is right, try again later"))
        }
        error => error,
    }
}
