//! Grants in a data folder: two processes, a lost key, routes, and the end told ahead.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

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
        setting_up: false,
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
        assert!(!file.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is sealed");
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
