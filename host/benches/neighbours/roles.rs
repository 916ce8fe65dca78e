//! One first sync in a process of its own, and who computes beside it.

use std::sync::Arc;

use anyhow::{Context, bail};
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::task::JoinSet;
use weir::gate::{Client, Doors, Gate, GatePlan};
use weir::host::{Draft, Host, SyncOptions};
use weir::model::Route;
use weir::sandbox::{Connector, Engine};
use weir::secrets::Secret;
use weir::store::Mode;
use weir::sync::Silent;

use crate::wasm::test_connector;

/// Who is beside it.
pub struct Beside {
    /// Calls that compute until they are stopped, and are made again then.
    pub spinning: usize,
    /// Syncs of the same site.
    pub honest: usize,
}

#[derive(Serialize, Deserialize)]
pub struct Synced {
    /// From the start of the run until all of it could be found.
    pub seconds: f64,
    /// The most memory the process ever held.
    pub memory_mb: f64,
}

pub fn sync(url: &str, beside: &Beside) -> anyhow::Result<Synced> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let engine = Engine::new(None)?;
        let mut neighbours = JoinSet::new();
        if beside.spinning > 0 {
            let connector = Connector::load(&engine, test_connector()).await?;
            for _ in 0..beside.spinning {
                let connector = connector.clone();
                neighbours.spawn(async move { spin(&connector).await });
            }
        }
        let mut hosts = Vec::new();
        for _ in 0..=beside.honest {
            let folder = TempDir::new()?;
            let host = Host::open(folder.path(), None)?.with_engine(engine.clone());
            host.add_connection(draft(url)).await?;
            hosts.push((Arc::new(host), folder));
        }
        let (first, _folder) = hosts.first().context("a host")?;
        for (host, _) in hosts.iter().skip(1) {
            let host = Arc::clone(host);
            neighbours.spawn(async move { drop(read(&host).await) });
        }
        let seconds = read(first).await?;
        neighbours.shutdown().await;
        Ok(Synced { seconds, memory_mb: peak_memory_mb()? })
    })
}

async fn spin(connector: &Connector) {
    let doors = Doors::real(Arc::new(Client::default()));
    let Ok(gate) = Gate::new(GatePlan::default(), doors) else { return };
    loop {
        // It is always stopped.
        let _stopped = connector.authenticate(&gate, r#"{"behaviour":"loops"}"#, "token").await;
    }
}

async fn read(host: &Host) -> anyhow::Result<f64> {
    let synced = host.sync("acme", SyncOptions::by_hand(Mode::Since), Arc::new(Silent)).await?;
    if !synced.report.is_complete() {
        bail!("the sync is incomplete: {:?}", synced.report.run.message);
    }
    Ok(synced.took.as_secs_f64())
}

fn draft(url: &str) -> Draft {
    let site = "https://acme.atlassian.net";
    Draft {
        connector: "confluence".to_owned(),
        name: "acme".to_owned(),
        settings: serde_json::json!({ "site": site }).to_string(),
        login: Some("api-token".to_owned()),
        username: Some(CRAWLER_EMAIL.to_owned()),
        secret: Secret::new(API_TOKEN),
        routes: vec![Route { from: site.to_owned(), to: url.to_owned() }],
        setting_up: false,
    }
}

/// `VmHWM` of `/proc/self/status`, in megabytes; see proc(5).
fn peak_memory_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_000.0)
}
