//! The contract goes on, and what was built before it did runs on: a component of 0.1.0, kept as it was built, is
//! added, read and searched by this host, which speaks later versions too.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use weir::host::{Draft, Host, SyncOptions};
use weir::model::Kind;
use weir::sandbox::{Connector, SPOKEN};
use weir::secrets::Secret;
use weir::store::Mode;
use weir::sync::Silent;

use crate::acme::{engine, installed};

const KEPT: &[u8] = include_bytes!("../components/kept/kept.wasm");

/// Where it is kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../components/kept/kept.wasm");

#[tokio::test(flavor = "multi_thread")]
async fn a_component_of_an_older_contract_is_read_and_searched() {
    let folder = TempDir::new().unwrap();
    let host = Host::open(folder.path(), None).unwrap().with_engine(engine());
    let draft = Draft {
        connector: installed(&host, Path::new(FILE)).await.unwrap(),
        name: "notes".to_owned(),
        settings: "{}".to_owned(),
        login: None,
        username: None,
        secret: Secret::new(""),
        routes: Vec::new(),
        setting_up: false,
    };
    host.add_connection(draft).await.unwrap();
    for mode in [Mode::Since, Mode::Inventory] {
        let synced = host.sync("notes", SyncOptions::by_hand(mode), Arc::new(Silent)).await.unwrap();
        assert!(synced.report.is_complete(), "{:?}", synced.report);
    }
    let titles = |person: &str| -> Vec<String> {
        let found = host.search("river", person, 10).unwrap();
        found.hits.into_iter().map(|hit| hit.title).collect()
    };
    assert_eq!(titles("ana@acme.com"), ["Kept note"]);
    assert_eq!(titles("ben@acme.com"), Vec::<String>::new());
}

/// What 0.1.0 has no word for is taken as it was then: no bounds, and kinds with readers of their own may widen.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_contract_cannot_say_is_taken_as_it_was_then() {
    let inspection = Connector::inspect(&engine(), KEPT).unwrap();
    assert_eq!(inspection.contract(), Some("0.1.0"));
    assert_eq!(SPOKEN, ["0.2.0", "0.1.0"], "the newest first, and no version is forgotten");
    let connector = Connector::load(&engine(), KEPT).await.unwrap();
    let description = connector.description();
    assert_eq!(description.bounds, None);
    let widening = |kind: &Kind| (kind.name.clone(), kind.widens);
    let kinds: Vec<_> = description.kinds.iter().map(widening).collect();
    assert_eq!(kinds, [("notebook".to_owned(), true), ("note".to_owned(), false)]);
}
