//! What Weir's own sandbox and gate read, call by call, to hold the others against.

use std::collections::BTreeMap;
use std::sync::Arc;

use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Running};
use serde_json::{Value, json};
use weir::gate::{Client, Doors, Gate, GatePlan};
use weir::host::CONFLUENCE;
use weir::model::{Access, Change, Connection, Item, Next, Plan, Position, Principal};
use weir::sandbox::Connector;
use weir::secrets::{Credential, Fixed, Secret};

use super::told::{self, Fetched, Told};
use crate::acme::{Hands, Middle, SITE, draft, engine};

/// More than a file of the simulated site has.
const FILE_BYTES_MAX: usize = 1 << 20;

pub async fn read(site: &Running) -> Told {
    let connector = Connector::load(&engine(), CONFLUENCE).await.unwrap();
    let login = connector.description().logins[0].clone();
    let settings = json!({ "site": SITE }).to_string();
    let plan = connector.configure(&settings, &login.name).await.unwrap().unwrap();
    let credential =
        Credential::new(&login.scheme, Some(CRAWLER_EMAIL), Some(&Secret::new(API_TOKEN))).unwrap();
    let gate = gate(site, &plan, credential);
    let account = connector.authenticate(&gate, &plan.settings, &login.name).await.unwrap();
    let connection = Connection {
        id: 1,
        name: "acme".into(),
        connector: "confluence".into(),
        settings: plan.settings,
        session: account.session,
        login: login.name,
        username: None,
        account: String::new(),
        origins: Vec::new(),
        routes: Vec::new(),
        created: 0,
    };
    let mut told = Told {
        name: connector.description().name.clone(),
        origins: plan.origins.into_iter().map(|origin| origin.url).collect(),
        label: account.label,
        users: 0,
        groups: 0,
        members: 0,
        items: BTreeMap::new(),
        again: BTreeMap::new(),
        file: Fetched { id: String::new(), media_type: None, bytes: Vec::new() },
    };
    read_all(&connector, &gate, &connection, &mut told).await;
    let again = connector.read_items(&gate, &connection, &told::first(&told.items)).await.0.unwrap();
    told.again = again.into_iter().map(upserted).collect();
    let (id, link) = told::first_file(&told.items);
    let (bytes, media_type) = connector.download(&gate, &connection, &link, FILE_BYTES_MAX).await.unwrap();
    told.file = Fetched { id, media_type, bytes };
    told
}

fn gate(site: &Running, plan: &Plan, credential: Option<Credential>) -> Gate {
    let credential = credential.map(Fixed::source);
    let plan = GatePlan {
        origins: plan.origins.clone(),
        routes: draft(site).routes,
        credential,
        ..GatePlan::default()
    };
    let doors = Doors {
        transport: Arc::new(Client::default()),
        clock: Arc::<Hands>::default(),
        chance: Arc::new(Middle),
    };
    Gate::new(plan, doors).unwrap()
}

async fn read_all(connector: &Connector, gate: &Gate, connection: &Connection, told: &mut Told) {
    for dataset in &connector.description().datasets {
        for partition in connector.list_partitions(gate, connection, &dataset.name).await.0.unwrap() {
            let mut position = Position::Everything;
            loop {
                let page = connector.read_page(gate, connection, &partition, &position, 250).await.0.unwrap();
                for change in page.changes {
                    apply(change, told);
                }
                let Next::More(cursor) = page.next else { break };
                position = Position::After(cursor);
            }
        }
    }
}

fn apply(change: Change, told: &mut Told) {
    match change {
        Change::User(_) => told.users += 1,
        Change::Group(_) => told.groups += 1,
        Change::Member(_) => told.members += 1,
        item => {
            let (id, item) = upserted(item);
            told.items.insert(id, item);
        }
    }
}

/// The simulated site has nothing that cannot be read.
fn upserted(change: Change) -> (String, Value) {
    let Change::Upsert(item) = change else { panic!("{change:?}") };
    (item.id.clone(), written(*item))
}

fn written(item: Item) -> Value {
    told::item([
        ("id", json!(item.id)),
        ("kind", json!(item.kind)),
        ("parent", json!(item.parent)),
        ("version", json!(item.version)),
        ("title", json!(item.title)),
        ("url", json!(item.url)),
        ("body", json!(item.body.map(|body| body.value))),
        ("file", json!(item.file.map(|file| file.link))),
        ("access", json!(access(&item.access))),
        ("author", json!(item.author)),
        ("editor", json!(item.editor)),
        ("created", json!(item.created)),
        ("updated", json!(item.updated)),
        ("properties", json!(item.properties)),
    ])
}

fn access(access: &Access) -> String {
    let (case, principals) = match access {
        Access::Inherited => ("inherited", &[][..]),
        Access::Narrowed(principals) => ("narrowed", &principals[..]),
        Access::Widened(principals) => ("widened", &principals[..]),
        Access::Replaced(principals) => ("replaced", &principals[..]),
        Access::Unknown => ("unknown", &[][..]),
    };
    principals.iter().fold(case.to_owned(), |words, one| format!("{words} {}", principal(one)))
}

fn principal(principal: &Principal) -> String {
    match principal {
        Principal::User(id) => format!("user:{id}"),
        Principal::Group(id) => format!("group:{id}"),
        Principal::Members => "members".to_owned(),
        Principal::Anyone => "anyone".to_owned(),
    }
}
