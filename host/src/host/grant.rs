//! Signing in by OAuth 2.0: from a person's approval to a connection that keeps itself signed in.
//!
//! The order: [`Host::begin`] makes the address at which to approve, [`Host::grant`] trades what came
//! back for tokens, and [`Host::add_granted`] or [`Host::sign_in_granted`] keeps them.

use std::sync::Arc;

use url::Url;

use super::connect::{login, new_connection};
use super::safe::{CLIENT, GRANT};
use super::{Added, Draft, Host, HostError};
use crate::gate::Gate;
use crate::model::{Connection, ConnectionId, Grant as Flow, OAuth2, Route, Scheme};
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
        let places = sign_in_places(oauth(&login.name, &login.scheme)?)?;
        let plan = connector.configure(&draft.settings, &login.name).await?.map_err(HostError::Settings)?;
        let Granted { client, grant, .. } = granted;
        // A route that stands in for nothing at all is still the gate's to refuse.
        let elsewhere = |route: &&Route| concerns(route, &plan.origins) || !concerns(route, &places);
        let routes: Vec<Route> = draft.routes.iter().filter(elsewhere).cloned().collect();
        let source = Fixed::source(Credential::bearer(&grant.access)?);
        let gate = self.gate(&plan.origins, &routes, Some(source))?;
        let signed_in = connector.authenticate(&gate, &plan.settings, &login.name).await;
        let account = signed_in.map_err(HostError::SignIn)?;
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
        let gate = self.gate(&connection.origins, &own_routes(&connection), Some(source))?;
        let signed_in = connector.authenticate(&gate, &connection.settings, &connection.login).await;
        let account = signed_in.map_err(HostError::SignIn)?;
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

    /// The gate of a connection that keeps itself signed in.
    pub(super) fn gate_of_grant(&self, connection: &Connection) -> Result<Gate, HostError> {
        let safe = Arc::new(self.safe(connection)?);
        let doors = self.doors()?.clone();
        let keeper =
            Keeper::new(&connection.name, safe, self.grant_lock(connection.id), &connection.routes, doors);
        self.gate(&connection.origins, &own_routes(connection), Some(Arc::new(keeper)))
    }

    fn grant_lock(&self, connection: ConnectionId) -> GrantLock {
        GrantLock::at(self.folder.join(format!("grant-{connection}.lock")))
    }

    /// The lock of a connection that is gone; its number is never used again.
    pub(super) fn forget_grant(&self, connection: ConnectionId) {
        let _absent = std::fs::remove_file(self.folder.join(format!("grant-{connection}.lock")));
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, Mutex};
    use std::time::{Duration, SystemTime};

    use bytes::Bytes;
    use http::Response;
    use http_body_util::{BodyExt as _, Full};

    use super::*;
    use crate::gate::{BoxFuture, CallBudget, Chance, Clock, Departure, Doors, Failure, RawBody, Transport};
    use crate::model::{Encoding, Origin};
    use crate::store::NewConnection;

    const API: &str = "https://api.example";
    const AUTH: &str = "https://auth.example";

    /// Gives out numbered tokens, and answers everything else; remembers who was asked with what.
    #[derive(Default)]
    struct Web(Mutex<Vec<String>>);

    impl Transport for Web {
        fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
            let header = departure.headers.get("authorization").map(|value| value.to_str().unwrap());
            let mut asked = self.0.lock().unwrap();
            asked.push(format!("{} {}", departure.url, header.unwrap_or("-")));
            let tokens = asked.iter().filter(|line| line.contains("/token")).count();
            let body = match departure.url.path() {
                "/token" => format!(
                    r#"{{"access_token":"access-{tokens}-0123","refresh_token":"refresh-{tokens}","expires_in":3600}}"#
                ),
                _ => "{}".to_owned(),
            };
            let body = Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync();
            Box::pin(std::future::ready(Ok(Response::new(body))))
        }
    }

    struct At(SystemTime);

    impl Clock for At {
        fn now(&self) -> SystemTime {
            self.0
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'_, ()> {
            Box::pin(std::future::ready(()))
        }
    }

    struct Middle;

    impl Chance for Middle {
        fn unit(&self) -> f64 {
            0.5
        }
    }

    const DAY: u64 = 24 * 60 * 60;

    /// A host of its own on the folder, as another process would have it, at a time after the consent.
    fn host(folder: &Path, web: &Arc<Web>, seconds: u64) -> Host {
        let clock = Arc::new(At(SystemTime::UNIX_EPOCH + Duration::from_secs(DAY + seconds)));
        let doors = Doors { transport: Arc::clone(web) as _, clock, chance: Arc::new(Middle) };
        Host::with_doors(folder, doors).unwrap()
    }

    fn login() -> OAuth2 {
        OAuth2 {
            grant: Flow::AuthorizationCode(format!("{AUTH}/authorize")),
            token_url: format!("{AUTH}/token"),
            encoding: Encoding::Json,
            scopes: vec!["read".into()],
            parameters: vec![("audience".into(), "api.example".into())],
        }
    }

    fn client() -> Client {
        Client::new(&login(), "app", Secret::new("client-secret"), "http://127.0.0.1:8737/callback")
    }

    async fn granted(host: &Host, routes: &[Route]) -> Granted {
        let begun = host.begin(&login(), client(), &["read".to_owned()], routes).unwrap();
        let consent = Arc::clone(begun.consent.as_ref().unwrap());
        let state = consent.url().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let code = consent.code(&format!("code=the-code&state={state}")).unwrap();
        host.grant(begun, Some(code)).await.unwrap()
    }

    /// A connection with a grant, kept as `add_granted` keeps it once its connector has agreed.
    async fn added(host: &Host, routes: Vec<Route>) -> Connection {
        let Granted { client, grant, .. } = granted(host, &routes).await;
        let origin = Origin { url: API.into(), credential: true, post: false, purpose: "read".into() };
        let new = NewConnection {
            name: "acme".into(),
            connector: "confluence".into(),
            settings: "{}".into(),
            session: String::new(),
            login: "oauth".into(),
            username: Some("app".into()),
            account: "Ada at acme".into(),
            origins: vec![origin],
            routes,
        };
        let secrets = [(CLIENT, client.to_text().unwrap()), (GRANT, grant.to_text().unwrap())];
        host.keep(&new, &secrets).unwrap()
    }

    async fn reads(host: &Host, connection: &Connection) {
        let gate = host.gate_of_grant(connection).unwrap();
        let request = http::Request::get(format!("{API}/pages")).body(Bytes::new()).unwrap();
        gate.send(request, &CallBudget::default()).await.unwrap();
    }

    #[tokio::test]
    async fn two_hosts_on_one_folder_renew_once_and_both_read() {
        let (folder, web) = (tempfile::tempdir().unwrap(), Arc::new(Web::default()));
        let connection = added(&host(folder.path(), &web, 0), vec![]).await;
        let hosts: Vec<Host> = (0..4).map(|_| host(folder.path(), &web, 3_600)).collect();
        tokio::join!(
            reads(&hosts[0], &connection),
            reads(&hosts[1], &connection),
            reads(&hosts[2], &connection),
            reads(&hosts[3], &connection),
        );
        let mut asked = web.0.lock().unwrap().clone();
        asked.sort();
        insta::assert_snapshot!(asked.join("\n"), @"
        https://api.example/pages Bearer access-2-0123
        https://api.example/pages Bearer access-2-0123
        https://api.example/pages Bearer access-2-0123
        https://api.example/pages Bearer access-2-0123
        https://auth.example/token -
        https://auth.example/token -
        ");
        let file = std::fs::read(folder.path().join("weir.db")).unwrap();
        for secret in ["client-secret", "refresh-2", "access-2"] {
            assert!(
                !file.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret} is sealed"
            );
        }
    }

    #[tokio::test]
    async fn without_its_key_nothing_is_asked() {
        let (folder, web) = (tempfile::tempdir().unwrap(), Arc::new(Web::default()));
        let connection = added(&host(folder.path(), &web, 0), vec![]).await;
        web.0.lock().unwrap().clear();
        std::fs::remove_file(folder.path().join("key")).unwrap();
        let host = host(folder.path(), &web, 3_600);
        let gate = host.gate_of_grant(&connection).unwrap();
        let request = http::Request::get(format!("{API}/pages")).body(Bytes::new()).unwrap();
        let refusal = gate.send(request, &CallBudget::default()).await.unwrap_err();
        insta::assert_snapshot!(refusal, @"nothing was asked, because the sign-in kept for acme cannot be used: it could not be read: the secret `oauth-client` of the connection `acme` does not open with this key: it was damaged, moved here from another connection, or sealed with another key; restore the key, or sign in again");
        assert!(web.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_route_of_the_sign_in_moves_the_browser_and_the_tokens_and_nothing_else() {
        let (folder, web) = (tempfile::tempdir().unwrap(), Arc::new(Web::default()));
        let host = host(folder.path(), &web, 0);
        let routes = vec![Route { from: AUTH.into(), to: "http://127.0.0.1:8790".into() }];
        let begun = host.begin(&login(), client(), &[], &routes).unwrap();
        assert!(begun.url.unwrap().as_str().starts_with("http://127.0.0.1:8790/authorize?audience="));
        let unrouted = host.begin(&login(), client(), &[], &[]).unwrap();
        assert!(unrouted.url.unwrap().as_str().starts_with("https://auth.example/authorize?"));
        let connection = added(&host, routes).await;
        reads(&host, &connection).await;
        let asked = web.0.lock().unwrap().join("\n");
        assert_eq!(asked, "http://127.0.0.1:8790/token -\nhttps://api.example/pages Bearer access-1-0123");
    }

    #[tokio::test]
    async fn the_end_of_a_sign_in_is_told_ahead() {
        let (folder, web) = (tempfile::tempdir().unwrap(), Arc::new(Web::default()));
        let connection = added(&host(folder.path(), &web, 0), vec![]).await;
        let health =
            |days: u64| host(folder.path(), &web, days * DAY).grant_health(&connection).unwrap().unwrap();
        assert_eq!(health(1), GrantHealth::Good);
        assert_eq!(health(80), GrantHealth::IdleEndsSoon { ends: 91 * DAY * 1_000 });
        assert!(matches!(health(91), GrantHealth::Ended { .. }));
        reads(&host(folder.path(), &web, 80 * DAY), &connection).await;
        assert_eq!(health(81), GrantHealth::Good, "a sync has used it");
    }

    #[tokio::test]
    async fn a_connection_that_is_gone_takes_its_lock_and_its_secrets_with_it() {
        let (folder, web) = (tempfile::tempdir().unwrap(), Arc::new(Web::default()));
        let host = host(folder.path(), &web, 0);
        let connection = added(&host, vec![]).await;
        reads(&host, &connection).await;
        assert!(folder.path().join(format!("grant-{}.lock", connection.id)).exists());
        host.remove_connection("acme").unwrap();
        assert!(!folder.path().join(format!("grant-{}.lock", connection.id)).exists());
        assert!(matches!(host.kept_grant(&connection), Err(HostError::Grant(_))));
        assert_eq!(host.grant_health(&connection).unwrap(), None);
    }
}
