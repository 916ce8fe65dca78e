//! Proving that a credential works, and finding the way it works: the site itself, or the gateway.

use super::session::Session;
use super::{API_TOKEN, OAUTH, app};
use crate::confluence::answer::{Refusal, attempt};
use crate::confluence::cloud::{self, CloudId};
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::confluence::user::{self, UserRow};
use crate::error::Error;
use crate::transport::{Level, Transport};

const CAUSES: &str = "check that the e-mail is the one of the account the token was made for, that the token was \
                      copied whole, and that it has not expired or been revoked";

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// JSON.
    pub session: String,
    pub label: String,
    pub user: Option<String>,
}

/// Signs in, with the credential that the host adds: who is it, and is there anything to see? One request after the
/// other, so that a wrong token is tried only once.
pub fn authenticate<T: Transport>(site: &Site<'_, T>, login: &str) -> Result<Account, Error> {
    match login {
        API_TOKEN => with_token(site),
        OAUTH => with_app(site),
        _ => Err(Error::Unexpected(format!("there is no login {login:?}"))),
    }
}

/// A token without scopes works on the site. One with scopes the site refuses with 401, which a wrong token of the other
/// sort never meets, and then the gateway decides.
fn with_token<T: Transport>(site: &Site<'_, T>) -> Result<Account, Error> {
    let refused = match user::current(site) {
        Ok(row) => return account(site, row, API_TOKEN, None, &with_causes),
        Err(refusal) if refusal.status == Some(401) => refusal,
        Err(refusal) => return Err(with_causes(site.host(), refusal)),
    };
    let cloud = cloud::tenant(site).map_err(|refusal| about_site(site.host(), refusal.error))?;
    let message = refused.error.message();
    site.log(Level::Info, "the site refused the token; trying it at the gateway", &[("refusal", &message)]);
    let gateway = site.behind_gateway(&cloud)?;
    let row = user::current(&gateway).map_err(|refusal| with_causes(site.host(), refusal))?;
    account(&gateway, row, API_TOKEN, Some(cloud), &with_causes)
}

/// An app reaches a site through the gateway, as one of those that somebody granted it.
fn with_app<T: Transport>(site: &Site<'_, T>) -> Result<Account, Error> {
    let granted = app::granted(site).map_err(|refusal| app::ended(site.host(), refusal.error))?;
    let cloud = app::choose(&granted, &site.origin())?.id.clone();
    let gateway = site.behind_gateway(&cloud)?;
    let row = user::current(&gateway).map_err(|refusal| app::explain(site.host(), refusal))?;
    account(&gateway, row, OAUTH, Some(cloud), &app::explain)
}

/// The account of a credential that works, provided it sees something.
fn account<T: Transport>(
    site: &Site<'_, T>,
    row: UserRow,
    login: &str,
    cloud_id: Option<CloudId>,
    explain: &dyn Fn(&str, Refusal) -> Error,
) -> Result<Account, Error> {
    let Some(account) = row.account_id.clone().filter(|id| !id.is_empty()) else {
        let nobody = format!("{} answered as if nobody had signed in", site.host());
        return Err(explain(site.host(), Refusal::about(Error::Unauthenticated(nobody))));
    };
    let name = name(&row, site.host());
    let first = site.v2(&["spaces"], &[("limit", "1")]);
    let spaces = site.get_list::<SpaceRow>(&first).map_err(|refusal| explain(site.host(), refusal))?;
    if spaces.rows.is_empty() && spaces.unreadable.is_empty() {
        let asked = attempt(&first);
        site.log(Level::Warn, "no space is visible", &[("account", &account)]);
        return Err(Error::Forbidden(format!(
            "{name} can sign in but sees no space; ask a Confluence administrator to give this account access to the \
             spaces that shall be searched ({asked} and got none)"
        )));
    }
    let session =
        Session { account_id: account.clone(), site: site.origin(), cloud_id, login: login.to_owned() };
    Ok(Account {
        session: serde_json::to_string(&session)
            .map_err(|error| Error::Unexpected(format!("could not write the session: {error}")))?,
        label: name,
        user: Some(account),
    })
}

/// "Ada Lovelace (ada@acme.example) on acme.atlassian.net".
pub(super) fn name(row: &UserRow, host: &str) -> String {
    let names = [&row.display_name, &row.public_name, &row.account_id];
    let known = names.into_iter().flatten().find(|name| !name.is_empty());
    let name = known.map_or("somebody", String::as_str);
    match row.email.as_deref().filter(|email| !email.is_empty()) {
        Some(email) => format!("{name} ({email}) on {host}"),
        None => format!("{name} on {host}"),
    }
}

fn with_causes(host: &str, refusal: Refusal) -> Error {
    match refusal.error {
        Error::Unauthenticated(message) => Error::Unauthenticated(format!(
            "{host} did not accept the e-mail and the API token; {CAUSES} ({message})"
        )),
        error => about_site(host, error),
    }
}

/// What the site itself may have to do with a failure.
pub(super) fn about_site(host: &str, error: Error) -> Error {
    match error {
        Error::Unexpected(message) => Error::Unexpected(format!(
            "{host} does not answer as Confluence does; check the address, and that Confluence is part of the site's plan \
             ({message})"
        )),
        Error::Unavailable(message) => Error::Unavailable(format!(
            "no usable answer came from {host}; check the address, and if it is right, try again later ({message})"
        )),
        error => error,
    }
}
