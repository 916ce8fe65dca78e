//! A connector that misbehaves in one way at a time: it is stopped, what it tried comes to nothing, the words say which
//! limit it hit, and its neighbours notice nothing. `docs/security.md` lists what is tried here; `table` keeps it true.

mod access;
mod answers;
mod computing;
mod credential;
mod memory;
mod network;
mod table;
mod together;
mod words;

use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt as _, Full};
use tempfile::TempDir;
use weir::gate::{BoxFuture, Departure, Doors, Failure, Gate, GatePlan, RawBody, Transport};
use weir::host::{Draft, Host, SyncOptions, Synced};
use weir::model::{Connection, Origin, Partition, Scheme, Token};
use weir::sandbox::{Connector, Times};
use weir::secrets::{Credential, Fixed, Secret};
use weir::store::Mode;
use weir::sync::Silent;

use crate::acme::{Hands, Middle, engine, installed};
use crate::wasm::test_connector;

type Answer = Box<dyn Fn(&Departure) -> Response<RawBody> + Send + Sync>;

/// Answers whatever a test says, and remembers what got out.
struct Outside {
    sent: Mutex<Vec<Departure>>,
    answer: Answer,
}

impl Outside {
    fn answering(answer: impl Fn(&Departure) -> Response<RawBody> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { sent: Mutex::default(), answer: Box::new(answer) })
    }
}

impl Transport for Outside {
    fn send(&self, departure: Departure) -> BoxFuture<'_, Result<Response<RawBody>, Failure>> {
        let answer = (self.answer)(&departure);
        self.sent.lock().unwrap().push(departure);
        Box::pin(std::future::ready(Ok(answer)))
    }
}

fn body(text: impl Into<Bytes>) -> RawBody {
    Full::new(text.into()).map_err(|never| match never {}).boxed_unsync()
}

/// The test connector, loaded, and everything it can reach.
struct Cage {
    connector: Connector,
    gate: Gate,
    outside: Arc<Outside>,
}

const AGREED: &str = "https://agreed.example";

/// Agreed to without the credential.
const BESIDE: &str = "https://beside.example";

const SECRET: &str = "swordfish";

impl Cage {
    async fn new() -> Self {
        Self::with_times(Times::default()).await
    }

    async fn with_times(times: Times) -> Self {
        Self::made(times, Outside::answering(|_| Response::new(body("")))).await
    }

    async fn answering(answer: impl Fn(&Departure) -> Response<RawBody> + Send + Sync + 'static) -> Self {
        Self::made(Times::default(), Outside::answering(answer)).await
    }

    async fn made(times: Times, outside: Arc<Outside>) -> Self {
        let connector = Connector::load(&engine().with_times(times), test_connector()).await.unwrap();
        Self { connector, gate: gate(Arc::clone(&outside) as _), outside }
    }

    /// What the connector answers, or why there is no answer.
    async fn told_to(&self, behaviour: &str) -> String {
        self.told_through(&self.gate, behaviour).await
    }

    async fn told_through(&self, gate: &Gate, behaviour: &str) -> String {
        match self.connector.authenticate(gate, &settings(behaviour), "token").await {
            Ok(account) => account.session,
            Err(error) => format!("error: {error}"),
        }
    }

    /// What comes of each, a line each.
    async fn told_each(&self, behaviours: &[&str]) -> String {
        let mut said = Vec::new();
        for behaviour in behaviours {
            said.push(format!("{behaviour}: {}", self.told_to(behaviour).await));
        }
        said.join("\n")
    }

    fn departures(&self) -> usize {
        self.outside.sent.lock().unwrap().len()
    }
}

/// A connection's gate: one origin with its credential, another without.
fn gate(transport: Arc<dyn Transport>) -> Gate {
    let doors = Doors { transport, clock: Arc::<Hands>::default(), chance: Arc::new(Middle) };
    let header = Token { label: "Token".into(), header: "x-test-key".into(), prefix: String::new() };
    let credential = Credential::new(&Scheme::Token(header), None, Some(&Secret::new(SECRET)));
    let origin =
        |url: &str, credential| Origin { url: url.into(), credential, post: false, purpose: "test".into() };
    let plan = GatePlan {
        origins: vec![origin(AGREED, true), origin(BESIDE, false)],
        credential: credential.unwrap().map(Fixed::source),
        ..GatePlan::default()
    };
    Gate::new(plan, doors).unwrap()
}

fn settings(behaviour: &str) -> String {
    format!(r#"{{"behaviour":"{behaviour}"}}"#)
}

fn all() -> Partition {
    Partition { id: "all".into(), label: "All".into(), token: String::new() }
}

fn connection(behaviour: &str) -> Connection {
    Connection {
        id: 1,
        name: "test".into(),
        connector: "test".into(),
        settings: settings(behaviour),
        session: String::new(),
        login: "token".into(),
        username: None,
        account: String::new(),
        origins: Vec::new(),
        routes: Vec::new(),
        created: 0,
    }
}

/// A host with connections through that connector.
struct Home {
    host: Host,
    folder: TempDir,
}

impl Home {
    /// One connection, which behaves so once it is added.
    async fn with(name: &str, behaviour: &str) -> Self {
        Self::with_times(name, behaviour, Times::default()).await
    }

    async fn with_times(name: &str, behaviour: &str, times: Times) -> Self {
        let folder = TempDir::new().unwrap();
        let transport = Outside::answering(|_| Response::new(body("")));
        let doors = Doors { transport, clock: Arc::<Hands>::default(), chance: Arc::new(Middle) };
        let host = Host::with_doors(folder.path(), doors).unwrap().with_engine(engine().with_times(times));
        let home = Self { host, folder };
        home.add(name, behaviour).await;
        home
    }

    async fn add(&self, name: &str, behaviour: &str) {
        add(&self.host, self.folder.path(), name, behaviour).await;
    }

    /// Reads it once, as it behaves.
    async fn sync(&self, name: &str) -> Synced {
        self.host.sync(name, SyncOptions::by_hand(Mode::Everything), Arc::new(Silent)).await.unwrap()
    }

    /// Why the last sync was not whole.
    async fn shortfall(&self, name: &str) -> String {
        self.sync(name).await.report.run.message.unwrap_or_default()
    }

    fn finds(&self, word: &str) -> Vec<(String, String)> {
        let found = self.host.search(word, "ana@acme.example", 100).unwrap();
        found.hits.into_iter().map(|hit| (hit.connection, hit.id)).collect()
    }
}

/// Adds a connection while it behaves, and lets it behave so from then on.
async fn add(host: &Host, folder: &Path, name: &str, behaviour: &str) {
    let wasm = folder.join("test-connector.wasm");
    std::fs::write(&wasm, test_connector()).unwrap();
    let draft = Draft {
        connector: installed(host, &wasm).await.unwrap(),
        name: name.to_owned(),
        settings: settings("behaves"),
        login: Some("token".to_owned()),
        username: None,
        secret: Secret::new(SECRET),
        routes: Vec::new(),
        setting_up: false,
    };
    host.add_connection(draft).await.unwrap();
    behaves(host, name, behaviour);
}

fn behaves(host: &Host, name: &str, behaviour: &str) {
    let connection = host.store().connection(name).unwrap();
    let Connection { id, session, account, origins, .. } = connection;
    host.store().set_settings(id, &settings(behaviour), &session, &account, &origins).unwrap();
}
