//! Weir's connector, run natively, signs in to the simulated site in each way and reads through it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use confluence::confluence::site::Site as Asked;
use confluence::error::Error;
use confluence::model::{Change, Connection, Position};
use confluence::setup::scopes::{Wanted, needed};
use confluence::setup::{Chosen, Verdict, authenticate, diagnose, open};
use confluence::transport::{Level, Log, Response, Transport, TransportError};
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, OTHER_SITE, Running, SCOPED_TOKEN, SCOPES, Size, generate,
};
use url::Url;

use crate::client::{Client, NOON, start};

/// The host's part: the credential for the site and the gateway, and the route to the simulator.
struct Wire<'a> {
    client: Client<'a>,
    anonymous: Client<'a>,
}

impl<'a> Wire<'a> {
    fn new(running: &'a Running, authorization: &str) -> Self {
        let client = Client::with_header(running, Some(authorization));
        Wire { client, anonymous: Client::with_header(running, None) }
    }
}

impl Transport for Wire<'_> {
    type Pending = Response;

    fn send(&self, url: &Url) -> Response {
        let origin = url.origin().ascii_serialization();
        let trusted = ["https://acme.atlassian.net", "https://api.atlassian.com"].contains(&origin.as_str());
        let client = if trusted { &self.client } else { &self.anonymous };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let reply = client.get(&format!("{}{query}", url.path()));
        Response { status: reply.status, headers: reply.headers, body: reply.body }
    }

    fn wait(&self, pending: Response) -> Result<Response, TransportError> {
        Ok(pending)
    }
}

impl Log for Wire<'_> {
    fn write(&self, _: Level, _: &str, _: &[(&str, &str)]) {}
}

const SETTINGS: &str = r#"{"site":"https://acme.atlassian.net"}"#;

fn basic(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{CRAWLER_EMAIL}:{token}")))
}

async fn acme() -> (Running, Clock) {
    let clock = Clock::standing_at(NOON);
    (start(generate(1, &Size::demo(), clock.clone())).await, clock)
}

fn crawler(running: &Running) -> String {
    running.read(|site| site.user_by_email(CRAWLER_EMAIL).unwrap().account_id.clone())
}

fn sign_in(wire: &Wire<'_>, login: &str) -> Result<Connection, Error> {
    let site = Asked::new(Url::parse("https://acme.atlassian.net").unwrap(), wire, wire);
    let account = authenticate(&site, login)?;
    Ok(Connection { settings: SETTINGS.to_owned(), session: account.session })
}

/// A line for each thing that the two datasets deliver, in order.
fn read(wire: &Wire<'_>, connection: &Connection) -> Vec<String> {
    let opened = open(connection).unwrap();
    let site = Asked::new(opened.site, wire, wire);
    let mut found = Vec::new();
    let datasets = ["directory", "content"];
    let wanted = confluence::filter::Wanted::default();
    let list = |dataset| confluence::reading::list_partitions(&site, &wanted, dataset).unwrap();
    for partition in datasets.into_iter().flat_map(list) {
        let mut position = Position::Everything;
        loop {
            let page = confluence::reading::read_page(&site, &wanted, &partition, &position, 250).unwrap();
            found.extend(page.changes.into_iter().map(|change| match change {
                Change::Upsert(item) => format!("{} {:?}", item.id, item.access),
                other => format!("{other:?}"),
            }));
            let Some(cursor) = page.next else { break };
            position = Position::After(cursor);
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn all_ways_to_sign_in_read_the_same() {
    let (running, _) = acme().await;
    let plain = Wire::new(&running, &basic(API_TOKEN));
    let scoped = Wire::new(&running, &basic(SCOPED_TOKEN));
    // No more than the connector says that it needs.
    let needed: Vec<&str> = needed(&Wanted::USUAL).map(|scope| scope.name).collect();
    let account = crawler(&running);
    let tokens = running.change(|site| site.grant(&account, &needed));
    let app = Wire::new(&running, &format!("Bearer {}", tokens.access));
    let all = read(&plain, &sign_in(&plain, "api-token").unwrap());
    assert!(all.len() > 100, "{} items", all.len());
    assert_eq!(read(&scoped, &sign_in(&scoped, "api-token").unwrap()), all);
    assert_eq!(read(&app, &sign_in(&app, "oauth").unwrap()), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_every_login_are_told_apart() {
    let (running, clock) = acme().await;
    let account = crawler(&running);
    let grant = |scopes: &[&str]| {
        let tokens = running.change(|site| site.grant(&account, scopes));
        Wire::new(&running, &format!("Bearer {}", tokens.access))
    };
    assert!(matches!(
        sign_in(&Wire::new(&running, &basic("wrong")), "api-token"),
        Err(Error::Unauthenticated(_))
    ));
    running.change(|site| site.add_api_token(&account, "few", Some(&["read:confluence-user"]), None));
    let Err(Error::Forbidden(few)) = sign_in(&Wire::new(&running, &basic("few")), "api-token") else {
        panic!()
    };
    assert!(few.contains("read:space:confluence is missing"), "{few}");
    let few = sign_in(&grant(&["read:space:confluence"]), "oauth");
    assert!(
        matches!(&few, Err(Error::Forbidden(said)) if said.contains("read:confluence-user is missing")),
        "{few:?}"
    );
    let guest = running.change(|site| {
        let guest = site.users.values().find(|user| user.guest).unwrap().account_id.clone();
        site.grant(&guest, &SCOPES)
    });
    let guest = sign_in(&Wire::new(&running, &format!("Bearer {}", guest.access)), "oauth");
    assert!(matches!(&guest, Err(Error::Forbidden(said)) if said.contains("a guest of")), "{guest:?}");
    let elsewhere = running.change(|site| {
        let consent = confluence_simulator::Consent {
            client_id: confluence_simulator::OAUTH_CLIENT_ID.into(),
            account_id: account.clone(),
            scopes: SCOPES.iter().map(|scope| scope.to_string()).collect(),
            site_url: OTHER_SITE.into(),
        };
        let code = site.approve(consent, "x", None);
        site.exchange(confluence_simulator::OAUTH_CLIENT_ID, &code, "x", None).unwrap()
    });
    let elsewhere = sign_in(&Wire::new(&running, &format!("Bearer {}", elsewhere.access)), "oauth");
    assert!(matches!(&elsewhere, Err(Error::Forbidden(said)) if said.contains(OTHER_SITE)), "{elsewhere:?}");
    let ended = grant(&SCOPES);
    clock.advance(3_600_000);
    assert!(matches!(sign_in(&ended, "oauth"), Err(Error::Unauthenticated(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_diagnosis_finds_the_scopes_that_a_token_lacks() {
    let (running, _) = acme().await;
    let account = crawler(&running);
    let lacked =
        ["read:comment:confluence", "readonly:content.attachment:confluence", "read:attachment:confluence"];
    let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| !lacked.contains(scope)).collect();
    running.change(|site| site.add_api_token(&account, "most", Some(&scopes), None));
    let wire = Wire::new(&running, &basic("most"));
    let connection = sign_in(&wire, "api-token").unwrap();
    let opened = open(&connection).unwrap();
    let site = Asked::new(opened.site.clone(), &wire, &wire);
    let chosen = Chosen { wanted: Wanted::USUAL, space_keys: vec!["NOPE".to_owned()] };
    let findings = diagnose(&site, &opened, &chosen).unwrap();
    let bad: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Bad)
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        bad,
        [
            "the settings name spaces that the account does not see: NOPE",
            "the API token lacks read:comment:confluence (comments and replies), read:attachment:confluence (names and \
             sizes of attachments), readonly:content.attachment:confluence (what is in attachments)",
        ]
    );
}
