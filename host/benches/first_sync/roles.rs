//! What the processes of the benchmark do, and what they report as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use confluence_simulator::{API_TOKEN, CRAWLER_EMAIL};
use serde::{Deserialize, Serialize};
use weir::host::{Draft, Host, SyncOptions};
use weir::model::Route;
use weir::secrets::Secret;
use weir::store::Mode;
use weir::sync::Silent;

/// What a sync cost.
#[derive(Serialize, Deserialize)]
pub struct Synced {
    /// From the start of the run until all of it could be found.
    pub seconds: f64,
    /// The most memory the process ever held, of which the sync's part is nearly all.
    pub memory_mb: f64,
    pub requests: u64,
    pub by_endpoint: BTreeMap<String, u64>,
    pub items: u64,
}

/// What a client needs that only fetches.
#[derive(Serialize, Deserialize)]
pub struct Bare {
    pub seconds: f64,
    pub bytes: u64,
}

/// Adds the connection and syncs it once, into a folder that stays for whoever asked.
pub fn sync(url: &str, folder: &str) -> anyhow::Result<Synced> {
    let runtime = tokio::runtime::Runtime::new()?;
    let host = Host::open(folder.as_ref(), None)?;
    runtime.block_on(host.add_connection(draft(url)))?;
    let synced =
        runtime.block_on(host.sync("acme", SyncOptions::by_hand(Mode::Everything), Arc::new(Silent)))?;
    if !synced.report.is_complete() {
        bail!("the sync is incomplete: {:?}", synced.report.run.message);
    }
    let requests_of = |(name, endpoint): (&String, &weir::gate::Endpoint)| (name.clone(), endpoint.requests);
    Ok(Synced {
        seconds: synced.took.as_secs_f64(),
        memory_mb: peak_memory_mb()?,
        requests: synced.traffic.requests,
        by_endpoint: synced.traffic.by_endpoint.iter().map(requests_of).collect(),
        items: synced.report.run.counts.added,
    })
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

/// Fetches the same addresses, as many at a time as the gate does, and throws them away.
pub fn bare(url: &str, targets: &str) -> anyhow::Result<Bare> {
    let targets: Vec<String> = serde_json::from_str(targets)?;
    // The gate's client installs the same, for its own requests.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let queue = Arc::new(tokio::sync::Mutex::new(targets.into_iter()));
    let runtime = tokio::runtime::Runtime::new()?;
    let began = Instant::now();
    let bytes = runtime.block_on(async {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..weir::gate::limits::WIDTH {
            let (queue, client, url) = (Arc::clone(&queue), client.clone(), url.to_owned());
            workers.spawn(async move {
                let mut bytes = 0;
                loop {
                    let Some(target) = queue.lock().await.next() else { return anyhow::Ok(bytes) };
                    let request = client.get(format!("{url}{target}"));
                    let answer = request.basic_auth(CRAWLER_EMAIL, Some(API_TOKEN)).send().await?;
                    // Sites without roles have no role mode, and say so.
                    let answer = if answer.status() == 404 { answer } else { answer.error_for_status()? };
                    bytes += answer.bytes().await?.len() as u64;
                }
            });
        }
        let mut all = 0;
        while let Some(worker) = workers.join_next().await {
            all += worker??;
        }
        anyhow::Ok(all)
    })?;
    Ok(Bare { seconds: began.elapsed().as_secs_f64(), bytes })
}

/// `VmHWM` of `/proc/self/status`, in megabytes; see proc(5).
fn peak_memory_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_000.0)
}
