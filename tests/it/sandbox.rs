//! A connector that misbehaves in one way at a time: it is stopped, what it tried comes to
//! nothing, the words say which limit it hit, and its neighbours notice nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use weir::gate::limits::SPENT_AT_ONCE_MAX;
use weir::gate::{BoxFuture, Departure, Doors, Failure, Gate, GatePlan, RawBody, Transport};
use weir::host::CONFLUENCE;
use weir::model::{Connection, Origin, Partition, Position, Scheme, Token};
use weir::sandbox::limits::{CALLS_MAX, LOG_ENTRIES_MAX};
use weir::sandbox::{Connector, Times};
use weir::secrets::{Credential, Fixed, Secret};

use crate::acme::{Hands, Middle, engine};
use crate::command::snapshots;
use crate::wasm::{renamed, test_connector};

/// Answers 200 to everything, and remembers what got out.
#[derive(Default)]
struct Outside(Mutex<Vec<Departure>>);

impl Transport for Outside {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<http::Response<RawBody>, Failure>> {
        self.0.lock().unwrap().push(departure);
        let body: RawBody = Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
        Box::pin(std::future::ready(Ok(http::Response::new(body))))
    }
}

/// The test connector, loaded, and everything it can reach.
struct Cage {
    connector: Connector,
    gate: Gate,
    outside: Arc<Outside>,
}

const AGREED: &str = "https://agreed.example";

impl Cage {
    async fn new() -> Self {
        Self::with_times(Times::default()).await
    }

    async fn with_times(times: Times) -> Self {
        let connector = Connector::load(&engine().with_times(times), test_connector()).await.unwrap();
        let outside = Arc::<Outside>::default();
        let doors = Doors {
            transport: Arc::clone(&outside) as _,
            clock: Arc::<Hands>::default(),
            chance: Arc::new(Middle),
        };
        let header = Token { label: "Token".into(), header: "x-test-key".into(), prefix: String::new() };
        let credential = Credential::new(&Scheme::Token(header), None, Some(&Secret::new("swordfish")));
        let origin = Origin { url: AGREED.into(), credential: true, post: false, purpose: "test".into() };
        let plan = GatePlan {
            origins: vec![origin],
            credential: credential.unwrap().map(Fixed::source),
            ..GatePlan::default()
        };
        Self { connector, gate: Gate::new(plan, doors).unwrap(), outside }
    }

    /// What the connector answers, or why there is no answer.
    async fn told_to(&self, behaviour: &str) -> String {
        let settings = format!(r#"{{"behaviour":"{behaviour}"}}"#);
        match self.connector.authenticate(&self.gate, &settings, "token").await {
            Ok(account) => account.session,
            Err(error) => format!("error: {error}"),
        }
    }

    fn departures(&self) -> usize {
        self.outside.0.lock().unwrap().len()
    }
}

fn connection(behaviour: &str) -> Connection {
    Connection {
        id: 1,
        name: "test".into(),
        connector: "test".into(),
        settings: format!(r#"{{"behaviour":"{behaviour}"}}"#),
        session: String::new(),
        login: "token".into(),
        username: None,
        account: String::new(),
        origins: Vec::new(),
        routes: Vec::new(),
        created: 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn computing_and_waiting_for_ever_is_cut_short() {
    let short = Duration::from_millis(200);
    let computes = Cage::with_times(Times { computing_max: short, ..Times::default() }).await;
    insta::assert_snapshot!(computes.told_to("loops").await, @"error: the connector computed for more than 200ms in `authenticate` and was stopped; report it to its author");
    let waits = Cage::with_times(Times { call_max: short, ..Times::default() }).await;
    insta::assert_snapshot!(waits.told_to("waits").await, @"error: `authenticate` took more than 200ms, most of it waiting for the source; try again later");
    for cage in [computes, waits] {
        assert_eq!(cage.told_to("behaves").await, "behaved");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hoarding_recursing_and_crashing_end_the_call_alone() {
    let cage = Cage::new().await;
    let neighbour = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let mut said = Vec::new();
    for behaviour in ["hoards-memory", "hoards-handles", "recurses", "crashes"] {
        said.push(format!("{behaviour}: {}", cage.told_to(behaviour).await));
        assert_eq!(cage.told_to("behaves").await, "behaved", "after {behaviour}");
        assert!(neighbour.describe().await.is_ok(), "after {behaviour}");
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        hoards-memory: error: the connector used more than 256 MB of memory in `authenticate` and was stopped; report it to its author
        hoards-handles: error: the connector crashed in `authenticate` (resource table has no free keys); report it to its author
        recurses: error: the connector crashed in `authenticate` (wasm trap: out of bounds memory access); report it to its author
        crashes: error: the connector crashed in `authenticate` (wasm trap: wasm `unreachable` instruction executed); report it to its author
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_pool_wait_for_their_turn() {
    let cage = Arc::new(Cage::new().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS_MAX * 2 {
        let cage = Arc::clone(&cage);
        calls.spawn(async move { cage.told_to("dials https://agreed.example/").await });
    }
    while let Some(said) = calls.join_next().await {
        assert_eq!(said.unwrap(), "status 200");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_words_is_cut_off_and_counted() {
    let cage = Cage::new().await;
    let partition = Partition { id: "all".into(), label: "All".into(), token: String::new() };
    let connection = connection("floods-the-log");
    let read = cage.connector.read_page(&cage.gate, &connection, &partition, &Position::Everything, 10);
    let (page, journal) = read.await;
    assert!(page.unwrap().changes.is_empty());
    assert_eq!((journal.entries.len(), journal.dropped), (LOG_ENTRIES_MAX, 100_000 - LOG_ENTRIES_MAX as u64));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_it_spent_is_counted_within_reason() {
    let cage = Cage::new().await;
    assert_eq!(cage.told_to("spends 251").await, "spent");
    assert_eq!(cage.gate.ledger().traffic().points, 251);
    assert_eq!(cage.told_to("spends 18446744073709551615").await, "spent");
    assert_eq!(cage.gate.ledger().traffic().points, 251 + SPENT_AT_ONCE_MAX);
    let amounts = cage.connector.estimate(&cage.gate, &connection("behaves")).await.unwrap();
    assert_eq!((amounts[0].what.as_str(), amounts[0].items, amounts[0].rough), ("behaved", 7, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn around_it_there_is_nothing() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("looks-around").await, @"arguments=0 variables=0 file=false folder=false dial=false listen=false");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_agreed_origins_are_reached() {
    let cage = Cage::new().await;
    let mut said = Vec::new();
    for url in [
        "https://evil.example/",
        "http://agreed.example/",
        "https://agreed.example:8443/",
        "https://agreed.example.evil.example/",
        "https://agreed.example@evil.example/",
        "https://127.0.0.1/",
        "http://127.0.0.1:8790/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
    ] {
        said.push(format!("{url}\n  {}", cage.told_to(&format!("dials {url}")).await));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        https://evil.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://evil.example, which is not among the origins agreed for this connection (https://agreed.example))
        http://agreed.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://agreed.example, which is not among the origins agreed for this connection (https://agreed.example))
        https://agreed.example:8443/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://agreed.example:8443, which is not among the origins agreed for this connection (https://agreed.example))
        https://agreed.example.evil.example/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://agreed.example.evil.example, which is not among the origins agreed for this connection (https://agreed.example))
        https://agreed.example@evil.example/
          error: ErrorCode::HttpRequestUriInvalid (refused by the host: the connector asked for (hidden), which is refused: it carries a user or password, which only a login may give)
        https://127.0.0.1/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for https://127.0.0.1, which is not among the origins agreed for this connection (https://agreed.example))
        http://127.0.0.1:8790/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://127.0.0.1:8790, which is not among the origins agreed for this connection (https://agreed.example))
        http://[::1]/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://[::1], which is not among the origins agreed for this connection (https://agreed.example))
        http://169.254.169.254/latest/meta-data
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://169.254.169.254, which is not among the origins agreed for this connection (https://agreed.example))
        http://localhost/
          error: ErrorCode::HttpRequestDenied (refused by the host: the connector asked for http://localhost, which is not among the origins agreed for this connection (https://agreed.example))
    ");
    assert_eq!(cage.departures(), 0);
    assert_eq!(cage.told_to("dials https://agreed.example/").await, "status 200");
    let sent = cage.outside.0.lock().unwrap().remove(0);
    assert_eq!(sent.headers["x-test-key"], "swordfish", "added outside the sandbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headers_that_are_the_host_s_cannot_be_set() {
    let cage = Cage::new().await;
    let mut said = Vec::new();
    for name in ["authorization", "Cookie", "host", "X-Test-Key", "x_test_key", "proxy-authorization"] {
        said.push(format!("{name}: {}", cage.told_to(&format!("sets-header {name}")).await));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
        authorization: error: header authorization: HeaderError::Forbidden
        Cookie: error: header Cookie: HeaderError::Forbidden
        host: error: header host: HeaderError::Forbidden
        X-Test-Key: error: header X-Test-Key: HeaderError::Forbidden
        x_test_key: error: header x_test_key: HeaderError::Forbidden
        proxy-authorization: error: header proxy-authorization: HeaderError::Forbidden
    ");
    assert_eq!(cage.departures(), 0);
    assert_eq!(cage.told_to("sets-header x-anything-else").await, "status 200");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_agreed_methods_are_sent() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("posts https://agreed.example/").await, @"error: ErrorCode::HttpRequestDenied (refused by the host: the connector sent POST to https://agreed.example; a connector may send GET and HEAD, and POST only where that was agreed)");
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_of_requests_is_ended() {
    let cage = Cage::new().await;
    insta::assert_snapshot!(cage.told_to("dials-for-ever https://agreed.example/").await, @"error: ErrorCode::ConnectionLimitReached (refused by the host: the connector sent more than 1000 requests in one call; this is a defect of the connector)");
    assert_eq!(cage.departures(), 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn configuring_sends_nothing() {
    let cage = Cage::new().await;
    let answer = cage.connector.configure(r#"{"behaviour":"impure"}"#, "token").await.unwrap();
    insta::assert_snapshot!(answer.unwrap_err()[0].message, @"ErrorCode::HttpRequestDenied");
    assert_eq!(cage.departures(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_stops_where_the_host_has_enough() {
    let cage = Cage::new().await;
    let got = cage.connector.download(&cage.gate, &connection("behaves"), "endless", 10_000).await;
    insta::assert_snapshot!(got.unwrap_err(), @"the file is larger than the limit of 10000 bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_connectors() {
    let half = CONFLUENCE.get(..CONFLUENCE.len() / 2).unwrap();
    let later = renamed("weir:connector/setup@0.2.0", "weir:connector/setup@0.3.0");
    let nameless = renamed("weir:connector/setup@0.2.0", "weir:connector/satup@0.2.0");
    let greedy = renamed("weir:connector/log@0.2.0", "weir:connector/key@0.2.0");
    let files: [(&str, &[u8]); 7] = [
        ("empty", b""),
        ("a text", b"#!/bin/sh\n"),
        ("a core module", b"\0asm\x01\0\0\0"),
        ("half a component", half),
        ("another version", &later),
        ("without setup", &nameless),
        ("wants more", &greedy),
    ];
    let mut said = Vec::new();
    for (name, wasm) in files {
        let refused = Connector::load(&engine(), wasm).await.err().unwrap();
        said.push(format!("{name}: {refused}"));
    }
    snapshots(|| {
        insta::assert_snapshot!(said.join("\n"), @r"
        empty: it is not a WebAssembly component but an empty file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        a text: it is not a WebAssembly component but some other file: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        a core module: it is not a WebAssembly component but a core module: build it for wasm32-wasip2, or wrap the module with `wasm-tools component new`
        half a component: it could not be compiled (failed to parse WebAssembly module: wasm component contains an invalid module section: section is cut off): it may be damaged or use a feature this host does not run
        another version: it speaks weir:connector@0.3.0, and this host speaks weir:connector@0.2.0 and @0.1.0: build it against one of these, or use a host that speaks its own
        without setup: it speaks no version of weir:connector, and this host speaks weir:connector@0.2.0 and @0.1.0: build it against one of these, or use a host that speaks its own
        wants more: it asks for or lacks something the contract does not have (component imports instance `weir:connector/key@0.2.0`, but a matching implementation was not found in the linker: instance export `write` has the wrong type: function implementation is missing): see wit/README.md
    ")
    });
}
