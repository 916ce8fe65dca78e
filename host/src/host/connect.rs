//! Adding a connection: settings checked, origins agreed, signed in, kept.

use std::sync::Arc;

use super::{Host, HostError};
use crate::gate::{Gate, GatePlan, Governors};
use crate::model::{Account, Connection, Login, Origin, Plan, Route, Scheme};
use crate::sandbox::Connector;
use crate::secrets::{Credential, Credentials, Fixed, Secret};
use crate::store::NewConnection;

/// The name under which the one secret of a basic or token login is sealed.
const SECRET: &str = "credential";

/// What a user has said about a connection to be. Its secret is shown nowhere.
#[derive(Debug, Clone)]
pub struct Draft {
    /// `confluence`, or the name of an installed one.
    pub connector: String,
    pub name: String,
    /// A JSON object as a text.
    pub settings: String,
    /// The first one that the connector offers, if none is named.
    pub login: Option<String>,
    /// With OAuth 2.0 the client's id.
    pub username: Option<String>,
    /// With OAuth 2.0 the client's secret.
    pub secret: Secret,
    pub routes: Vec<Route>,
    /// Somebody goes on setting it up: it is kept, and not read before [`Host::finish_setup`].
    pub setting_up: bool,
}

/// A connection that was added.
pub struct Added {
    pub connection: Connection,
    pub origins: Vec<Origin>,
}

impl Host {
    /// Checks everything there is to check before anything is kept. Adding a connection is
    /// the user's agreement to the origins that its connector asked for; the caller shows them.
    ///
    /// # Errors
    ///
    /// [`HostError::Settings`] with each fault and where it is, [`HostError::SignIn`] with what
    /// the source said; nothing is kept then.
    pub async fn add_connection(&self, draft: Draft) -> Result<Added, HostError> {
        let connector = self.connector(&draft.connector).await?;
        let login = login(&connector, draft.login.as_deref())?.clone();
        let plan = connector.configure(&draft.settings, &login.name).await?.map_err(HostError::Settings)?;
        let credential = Credential::new(&login.scheme, draft.username.as_deref(), Some(&draft.secret))?;
        let gate =
            self.gate(&plan.origins, &draft.routes, credential.map(Fixed::source), Governors::default())?;
        let signed_in = connector.authenticate(&gate, &plan.settings, &login.name).await;
        let account = signed_in.map_err(HostError::of_sign_in)?;
        let secret = draft.secret.clone();
        let (new, origins) = new_connection(draft, login.name, plan, account);
        let connection = self.keep(&new, &[(SECRET, secret)])?;
        Ok(Added { connection, origins })
    }

    /// Keeps the connection and its secrets; without the secrets the connection goes again.
    pub(super) fn keep(
        &self,
        new: &NewConnection,
        secrets: &[(&'static str, Secret)],
    ) -> Result<Connection, HostError> {
        let vault = self.vault()?;
        let seal =
            |(name, secret): &(&'static str, Secret)| Ok((*name, vault.seal(&new.name, name, secret)?));
        let sealed = secrets.iter().map(seal).collect::<Result<Vec<_>, HostError>>()?;
        let sealed: Vec<(&str, &[u8])> =
            sealed.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let connection = self.store.add_connection(new, self.now()?)?;
        if let Err(error) = self.store.put_secrets(connection.id, &sealed) {
            self.remove_connection(&connection.name)?;
            return Err(error.into());
        }
        Ok(connection)
    }

    /// Signs in again, with another secret and perhaps under another name; what was read stays.
    ///
    /// # Errors
    ///
    /// [`HostError::SignIn`] with what the source said; the old secret is kept then.
    pub async fn sign_in(
        &self,
        name: &str,
        username: Option<&str>,
        secret: &Secret,
    ) -> Result<Connection, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let login = login(&connector, Some(&connection.login))?.clone();
        let username = username.or(connection.username.as_deref());
        let credential = Credential::new(&login.scheme, username, Some(secret))?;
        let governors = self.governors(connection.id)?;
        let gate =
            self.gate(&connection.origins, &connection.routes, credential.map(Fixed::source), governors)?;
        let signed_in = connector.authenticate(&gate, &connection.settings, &login.name).await;
        let account = signed_in.map_err(HostError::of_sign_in)?;
        let sealed = self.vault()?.seal(name, SECRET, secret)?;
        self.store.put_secret(connection.id, SECRET, &sealed)?;
        self.store.set_session(connection.id, &account.session, &account.label, username)?;
        Ok(self.store.connection(name)?)
    }

    /// The gate of a connection, with its secret unsealed.
    pub(super) fn gate_of(&self, connection: &Connection, connector: &Connector) -> Result<Gate, HostError> {
        let login = login(connector, Some(&connection.login))?;
        if matches!(login.scheme, Scheme::Oauth2(_)) {
            return self.gate_of_grant(connection);
        }
        let missing = || HostError::NoSecret { connection: connection.name.clone() };
        let sealed = self.store.secret(connection.id, SECRET)?.ok_or_else(missing)?;
        let secret = self.vault()?.open(&connection.name, SECRET, &sealed)?;
        let credential = Credential::new(&login.scheme, connection.username.as_deref(), Some(&secret))?;
        let governors = self.governors(connection.id)?;
        self.gate(&connection.origins, &connection.routes, credential.map(Fixed::source), governors)
    }

    pub(super) fn gate(
        &self,
        origins: &[Origin],
        routes: &[Route],
        credential: Option<Arc<dyn Credentials>>,
        governors: Governors,
    ) -> Result<Gate, HostError> {
        let plan = GatePlan {
            origins: origins.to_vec(),
            routes: routes.to_vec(),
            credential,
            governors,
            ..GatePlan::default()
        };
        Ok(Gate::new(plan, self.doors()?.clone())?)
    }
}

/// What is kept of a draft, and the origins that were agreed to with it.
pub(super) fn new_connection(
    draft: Draft,
    login: String,
    plan: Plan,
    account: Account,
) -> (NewConnection, Vec<Origin>) {
    let Plan { settings, origins, .. } = plan;
    let new = NewConnection {
        name: draft.name,
        connector: draft.connector,
        settings,
        session: account.session,
        login,
        username: draft.username,
        account: account.label,
        origins: origins.clone(),
        routes: draft.routes,
        setting_up: draft.setting_up,
    };
    (new, origins)
}

/// The login of that name, or the first one.
pub(super) fn login<'a>(connector: &'a Connector, asked: Option<&str>) -> Result<&'a Login, HostError> {
    let logins = &connector.description().logins;
    let found = match asked {
        Some(name) => logins.iter().find(|login| login.name == name),
        None => logins.first(),
    };
    found.ok_or_else(|| HostError::UnknownLogin {
        asked: asked.unwrap_or_default().to_owned(),
        offered: logins.iter().map(|login| login.name.clone()).collect(),
    })
}
