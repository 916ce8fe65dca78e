//! Signing in by OAuth 2.0: from a person's approval to a connection that keeps itself signed in.
//!
//! The order: [`Host::begin`] makes the address at which to approve, [`Host::grant`] trades what came
//! back for tokens, and [`Host::add_granted`] or [`Host::sign_in_granted`] keeps them.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use url::Url;

use super::connect::{login, new_connection};
use super::safe::{CLIENT, GRANT};
use super::{Added, Draft, Host, HostError};
use crate::gate::{Gate, Governors};
use crate::model::{Connection, ConnectionId, Grant as Flow, OAuth2, Origin, Route, Scheme};
use crate::secrets::oauth::{
    Client, Code, Consent, ConsentFault, Grant, GrantHealth, GrantLock, Keeper, Safe as _, Server,
    TokenFault, concerns, grant_health, sign_in_places,
};
use crate::secrets::{Credential, Fixed, Secret};

/// A sign-in that was begun. It is worth nothing before somebody approves.
pub struct Begun {
    pub client: Client,
    /// None if the client asks for itself.
    pub consent: Option<Arc<Consent>>,
    /// What to open in a browser: the consent's address, or the server that stands in for it.
    pub url: Option<Url>,
    scopes: Vec<String>,
    server: Server,
}

/// What a source granted, not kept yet.
#[derive(Clone)]
pub struct Granted {
    client: Client,
    grant: Grant,
    asked: Vec<String>,
}

impl Granted {
    /// What was asked for and not granted.
    pub fn missing_scopes(&self) -> Vec<String> {
        self.grant.missing_scopes(&self.asked)
    }
}

impl Host {
    /// Finds what is wrong with origins and routes before a person is asked to approve anything.
    ///
    /// # Errors
    ///
    /// As the gate has them, and if the login's addresses cannot be read.
    pub fn check_routes(
        &self,
        login: &OAuth2,
        origins: &[Origin],
        routes: &[Route],
    ) -> Result<(), HostError> {
        let routes = gate_routes(login, origins, routes)?;
        self.gate(origins, &routes, None, Governors::default()).map(|_| ())
    }

    /// Begins a sign-in. Nothing is sent and nothing is kept.
    ///
    /// # Errors
    ///
    /// When the login's addresses or parameters cannot be used.
    pub fn begin(
        &self,
        login: &OAuth2,
        client: Client,
        scopes: &[String],
        routes: &[Route],
    ) -> Result<Begun, HostError> {
        let doors = self.doors()?.clone();
        let chance = Arc::clone(&doors.chance);
        let server = Server::new(&client, routes, doors)?;
        let consent = match client.flow {
            Flow::ClientCredentials => None,
            Flow::AuthorizationCode(_) => {
                Some(Arc::new(Consent::new(&client, &login.parameters, scopes, chance.as_ref())?))
            }
        };
        let led = consent.as_deref().map(|consent| server.led(consent)).transpose();
        let url = led.map_err(TokenFault::Unreachable)?;
        Ok(Begun { client, consent, url, scopes: scopes.to_vec(), server })
    }

    /// Trades the code of an approval for tokens; without a consent the client asks for itself.
    ///
    /// # Errors
    ///
    /// [`HostError::Token`] with what to do.
    pub async fn grant(&self, begun: Begun, code: Option<Code>) -> Result<Granted, HostError> {
        let Begun { client, consent, scopes, server, .. } = begun;
        let tokens = match (consent, code) {
            (Some(consent), Some(code)) => server.exchange(&client, &consent, &code).await?,
            (None, _) => server.client_credentials(&client, &scopes).await?,
            (Some(_), None) => return Err(ConsentFault::NoConsent.into()),
        };
        let grant = Grant::new(tokens, &scopes, self.doors()?.clock.now());
        Ok(Granted { client, grant, asked: scopes })
    }

    /// Adds a connection with what was granted to it, after it has been proved to work.
    ///
    /// # Errors
    ///
    /// As [`Host::add_connection`].
    pub async fn add_granted(&self, draft: Draft, granted: Granted) -> Result<Added, HostError> {
        let connector = self.connector(&draft.connector).await?;
        let login = login(&connector, draft.login.as_deref())?.clone();
        let plan = connector.configure(&draft.settings, &login.name).await?.map_err(HostError::Settings)?;
        let Granted { client, grant, .. } = granted;
        let routes = gate_routes(oauth(&login.name, &login.scheme)?, &plan.origins, &draft.routes)?;
        let source = Fixed::source(Credential::bearer(&grant.access)?);
        let gate = self.gate(&plan.origins, &routes, Some(source), Governors::default())?;
        let signed_in = connector.authenticate(&gate, &plan.settings, &login.name).await;
        let account = signed_in.map_err(HostError::of_sign_in)?;
        let grant = Grant { user: account.user.clone(), ..grant };
        let draft = Draft { username: Some(client.id.clone()), ..draft };
        let (new, origins) = new_connection(draft, login.name, plan, account);
        let secrets = [(CLIENT, text(client.to_text())?), (GRANT, text(grant.to_text())?)];
        let connection = self.keep(&new, &secrets)?;
        Ok(Added { connection, origins })
    }

    /// Signs in again with a new grant; what was read stays. No renewal of the old grant runs
    /// meanwhile, here or in another process.
    ///
    /// # Errors
    ///
    /// [`HostError::OtherAccount`] if another account approved and `other_account` does not allow it;
    /// the old grant is kept then.
    pub async fn sign_in_granted(
        &self,
        name: &str,
        granted: Granted,
        other_account: bool,
    ) -> Result<Connection, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let Granted { client, grant, .. } = granted;
        let _turn = self
            .grant_lock(connection.id)
            .hold()
            .await
            .map_err(|source| HostError::GrantLock { connection: name.to_owned(), source })?;
        let source = Fixed::source(Credential::bearer(&grant.access)?);
        let governors = self.governors(connection.id)?;
        let gate = self.gate(&connection.origins, &own_routes(&connection), Some(source), governors)?;
        let signed_in = connector.authenticate(&gate, &connection.settings, &connection.login).await;
        let account = signed_in.map_err(HostError::of_sign_in)?;
        let before = self.kept_grant(&connection).ok().and_then(|(_, grant)| grant.user);
        let same = match (&before, &account.user) {
            (Some(before), Some(now)) => before == now,
            _ => connection.account == account.label,
        };
        if !same && !other_account {
            let (connection, was, is) = (connection.name, connection.account, account.label);
            return Err(HostError::OtherAccount { connection, was, is });
        }
        let grant = Grant { user: account.user, ..grant };
        self.safe(&connection)?.keep_both(&client, &grant)?;
        self.store.set_session(connection.id, &account.session, &account.label, Some(&client.id))?;
        Ok(self.store.connection(name)?)
    }

    /// The client and the grant of a connection, unsealed. For those who look at their times and
    /// scopes, and for a sign-in that uses the same client again.
    ///
    /// # Errors
    ///
    /// When there are none, or they do not open.
    pub fn kept_grant(&self, connection: &Connection) -> Result<(Client, Grant), HostError> {
        self.safe(connection)?.open().map_err(HostError::Grant)
    }

    /// How long the sign-in of a connection lasts; none if it has no grant that a person gave.
    ///
    /// # Errors
    ///
    /// As [`Host::kept_grant`].
    pub fn grant_health(&self, connection: &Connection) -> Result<Option<GrantHealth>, HostError> {
        if self.store.secret(connection.id, GRANT)?.is_none() {
            return Ok(None);
        }
        let (client, grant) = self.kept_grant(connection)?;
        let refresh = client.authorize_url().and(grant.refresh.as_ref());
        Ok(match refresh {
            Some(_) if grant.ended.is_some() => Some(GrantHealth::Ended { ended: grant.last_refresh }),
            Some(_) => Some(grant_health(self.now()?, grant.first_consent, grant.last_refresh)),
            None => None,
        })
    }

    /// Which of these scopes the sign-in of a connection was not granted; none of them if it has no
    /// grant at all.
    ///
    /// # Errors
    ///
    /// As [`Host::kept_grant`].
    pub fn lacking_scopes(
        &self,
        connection: &Connection,
        needed: &[String],
    ) -> Result<Vec<String>, HostError> {
        // Asked first, because looking for a grant where there is none would make a key for it.
        if self.store.secret(connection.id, GRANT)?.is_none() {
            return Ok(Vec::new());
        }
        Ok(self.kept_grant(connection)?.1.missing_scopes(needed))
    }

    /// The gate of a connection that keeps itself signed in.
    pub(super) fn gate_of_grant(&self, connection: &Connection) -> Result<Gate, HostError> {
        let safe = Arc::new(self.safe(connection)?);
        let doors = self.doors()?.clone();
        let keeper =
            Keeper::new(&connection.name, safe, self.grant_lock(connection.id), &connection.routes, doors);
        let governors = self.governors(connection.id)?;
        self.gate(&connection.origins, &own_routes(connection), Some(Arc::new(keeper)), governors)
    }

    fn grant_lock(&self, connection: ConnectionId) -> GrantLock {
        GrantLock::at(self.folder.join(format!("grant-{connection}.lock")))
    }

    /// The lock of a connection that is gone; its number is never used again.
    pub(super) fn forget_grant(&self, connection: ConnectionId) {
        let _absent = std::fs::remove_file(self.folder.join(format!("grant-{connection}.lock")));
    }
}

/// The routes of a gate: all but those that only concern where the host signs in. One that stands in
/// for nothing at all is left to the gate, which refuses it.
fn gate_routes(login: &OAuth2, origins: &[Origin], routes: &[Route]) -> Result<Vec<Route>, HostError> {
    let places = sign_in_places(login)?;
    let stays = |route: &&Route| concerns(route, origins) || !concerns(route, &places);
    Ok(routes.iter().filter(stays).cloned().collect())
}

/// The routes that concern the connector's requests. The others were checked when they were added,
/// and stand in for where the host signs in.
fn own_routes(connection: &Connection) -> Vec<Route> {
    connection.routes.iter().filter(|route| concerns(route, &connection.origins)).cloned().collect()
}

/// The OAuth 2.0 part of a login.
///
/// # Errors
///
/// [`HostError::NotOauth`].
fn oauth<'a>(login: &str, scheme: &'a Scheme) -> Result<&'a OAuth2, HostError> {
    match scheme {
        Scheme::Oauth2(oauth) => Ok(oauth),
        _ => Err(HostError::NotOauth { login: login.to_owned() }),
    }
}

fn text(text: Option<Secret>) -> Result<Secret, HostError> {
    text.ok_or(HostError::NotReady("the sealed sign-in"))
}
