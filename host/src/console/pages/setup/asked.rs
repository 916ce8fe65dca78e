//! What somebody typed into *Authenticate*, and the connector and login it is for.

use super::faulty::{self, CONNECTOR, LOGIN, NAME, ROUTES, USERNAME};
use super::origins;
use crate::console::Trouble;
use crate::console::pages::faults::Faults;
use crate::console::pages::schema::{self, Field, Typed};
use crate::console::pages::sent::Sent;
use crate::host::{BUILT_IN, Host};
use crate::model::{Description, Login};

/// What somebody typed. The secret is not in it, but its name on the shelf.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The name of an installed connector; empty for the built-in one.
    pub connector: String,
    pub name: String,
    pub login: String,
    pub username: String,
    pub typed: Typed,
    pub routes: String,
    pub agreed: String,
    pub kept: Option<String>,
}

impl Asked {
    pub fn of(sent: &Sent) -> Self {
        Self {
            connector: sent.owned(CONNECTOR),
            name: sent.owned(NAME),
            login: sent.owned(LOGIN),
            username: sent.owned(USERNAME),
            typed: sent.typed(),
            routes: sent.owned(ROUTES),
            agreed: sent.owned(origins::AGREED),
            kept: None,
        }
    }

    pub fn connector(&self) -> &str {
        if self.connector.is_empty() { BUILT_IN } else { &self.connector }
    }
}

/// The connector that was named; the built-in one, with a fault, if that cannot be had.
pub async fn described(host: &Host, asked: &Asked, faults: &mut Faults) -> Result<Description, Trouble> {
    match host.connector(asked.connector()).await {
        Ok(connector) => Ok(connector.description().clone()),
        Err(error) if !asked.connector.is_empty() => {
            faulty::add(faults, &error.into());
            Ok(host.connector(BUILT_IN).await?.description().clone())
        }
        Err(error) => Err(error.into()),
    }
}

/// The login that was chosen, or the first.
pub fn chosen<'a>(description: &'a Description, asked: &Asked) -> Result<&'a Login, Trouble> {
    let logins = &description.logins;
    let found = logins.iter().find(|login| login.name == asked.login).or_else(|| logins.first());
    found.ok_or_else(|| Trouble::Bad("this connector offers no way to sign in".to_owned()))
}

/// The settings without which nobody can sign in: those that say where, and those that must be. A connector that
/// marks none of them is asked about all.
pub fn first_fields(description: &Description) -> Vec<Field> {
    let fields = schema::fields(&description.settings_schema);
    let first = |field: &Field| field.identity || field.required;
    if fields.iter().any(first) { fields.into_iter().filter(first).collect() } else { fields }
}
