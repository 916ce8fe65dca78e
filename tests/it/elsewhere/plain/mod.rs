//! In plain Wasmtime: its stock WASI and `wasi:http`, and nothing of Weir's sandbox, gate or generated types.

mod gate;
mod host;
mod written;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL, Running};
use serde_json::json;
use wasmtime::Store;
use wasmtime_wasi::p2::DynOutputStream;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use weir::host::CONFLUENCE;

use self::gate::Gate;
use self::host::contract::exports::weir::connector::sync::{Next, Position};
use self::host::contract::weir::connector::types::{Change, Connection, Error};
use self::host::{Host, State, contract};
use super::told::{self, Fetched, Told};
use super::{assert_faithful, site};
use crate::acme::{GATEWAY, MEDIA, SITE, company, generated, small};

/// More than a file of the simulated site has.
const FILE_BYTES_MAX: usize = 1 << 20;

/// A connector that was configured and agreed to, and signed in.
struct Connected {
    host: Host,
    gate: Gate,
    connection: Connection,
    told: Told,
}

/// From nothing to a connection, with `agreed` of the origins that the plan names.
async fn connected(site: &Running, agreed: &[&str]) -> Result<Connected, Error> {
    let host = Host::load(CONFLUENCE).unwrap();
    let (mut store, reader) = host.instance(Gate::default()).await.unwrap();
    let description = reader.weir_connector_setup().call_describe(&mut store).await.unwrap();
    let login = &description.logins[0].name;

    let (mut store, reader) = host.instance(Gate::default()).await.unwrap();
    let settings = json!({ "site": SITE }).to_string();
    let plan =
        reader.weir_connector_setup().call_configure(&mut store, &settings, login).await.unwrap().unwrap();

    let origins: Vec<String> = plan.origins.iter().map(|origin| origin.url.clone()).collect();
    let allowed = plan.origins.into_iter().filter(|origin| agreed.contains(&origin.url.as_str())).collect();
    let basic = STANDARD.encode(format!("{CRAWLER_EMAIL}:{API_TOKEN}"));
    let stand_ins = [SITE, GATEWAY, MEDIA].map(|origin| (origin.to_owned(), site.url()));
    let gate = Gate::new(allowed, format!("Basic {basic}").parse().unwrap(), stand_ins.into());

    let (mut store, reader) = host.instance(gate.clone()).await.unwrap();
    let account =
        reader.weir_connector_setup().call_authenticate(&mut store, &plan.settings, login).await.unwrap()?;
    let connection = Connection { settings: plan.settings, session: account.session };
    let told = Told {
        name: description.name,
        origins,
        label: account.label,
        users: 0,
        groups: 0,
        members: 0,
        items: BTreeMap::new(),
        again: BTreeMap::new(),
        file: Fetched { id: String::new(), media_type: None, bytes: Vec::new() },
    };
    let mut connected = Connected { host, gate, connection, told };
    for dataset in description.datasets {
        connected.read_all(&dataset.name).await;
    }
    Ok(connected)
}

impl Connected {
    async fn instance(&self) -> (Store<State>, contract::Reader) {
        self.host.instance(self.gate.clone()).await.unwrap()
    }

    /// Each partition of a dataset, page by page, each page in an instance of its own.
    async fn read_all(&mut self, dataset: &str) {
        let (mut store, reader) = self.instance().await;
        let listed = reader.weir_connector_sync().call_list_partitions(&mut store, &self.connection, dataset);
        for partition in listed.await.unwrap().unwrap() {
            let mut position = Position::Everything;
            loop {
                let (mut store, reader) = self.instance().await;
                let sync = reader.weir_connector_sync();
                let read = sync.call_read_page(&mut store, &self.connection, &partition, &position, 250);
                let page = read.await.unwrap().unwrap();
                page.changes.into_iter().for_each(|change| self.apply(change));
                let Next::More(cursor) = page.next else { break };
                position = Position::After(cursor);
            }
        }
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::User(_) => self.told.users += 1,
            Change::Group(_) => self.told.groups += 1,
            Change::Member(_) => self.told.members += 1,
            Change::Upsert(item) => {
                self.told.items.insert(item.id.clone(), written::item(item));
            }
            other => panic!("{other:?}"),
        }
    }

    async fn read_again(&mut self) {
        let (mut store, reader) = self.instance().await;
        let ids = told::first(&self.told.items);
        let read = reader.weir_connector_sync().call_read_items(&mut store, &self.connection, &ids);
        for change in read.await.unwrap().unwrap() {
            let Change::Upsert(item) = change else { panic!("{change:?}") };
            self.told.again.insert(item.id.clone(), written::item(item));
        }
    }

    async fn download(&mut self) {
        let (id, link) = told::first_file(&self.told.items);
        let (mut store, reader) = self.instance().await;
        let pipe = MemoryOutputPipe::new(FILE_BYTES_MAX);
        let sink: DynOutputStream = Box::new(pipe.clone());
        let sink = store.data_mut().table.push(sink).unwrap();
        let download =
            reader.weir_connector_content().call_download(&mut store, &self.connection, &link, sink);
        let receipt = download.await.unwrap().unwrap();
        self.told.file = Fetched { id, media_type: receipt.media_type, bytes: pipe.contents().to_vec() };
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_plain_wasmtime_reads_what_ours_reads() {
    let site = site(generated(1, &company())).await;
    let mut connected = connected(&site, &[SITE, GATEWAY, MEDIA]).await.unwrap();
    connected.read_again().await;
    connected.download().await;
    assert_faithful(&connected.told, &site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_agreed_to_is_not_sent_from_there_either() {
    let site = site(small()).await;
    let refused = connected(&site, &[MEDIA]).await.err().unwrap();
    assert!(format!("{refused:?}").contains("the host does not let requests out to there"), "{refused:?}");
    assert!(site.ledger().is_empty(), "{:?}", site.ledger().entries());
}
