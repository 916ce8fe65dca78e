//! One sync in a process of its own, and what it cost.

use std::sync::Arc;

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
    /// The most memory the process ever held.
    pub memory_mb: f64,
    pub requests: u64,
    pub points: u64,
    /// In the store afterwards.
    pub items: u64,
}

/// Syncs once, into a folder that may hold what an earlier one read.
pub fn sync(url: &str, folder: &str, mode: &str) -> anyhow::Result<Synced> {
    let mode = match mode {
        "since" => Mode::Since,
        "inventory" => Mode::Inventory,
        other => bail!("there is no mode {other}"),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let host = Host::open(folder.as_ref(), None)?;
    if host.store().connections()?.is_empty() {
        runtime.block_on(host.add_connection(draft(url)))?;
    }
    let synced = runtime.block_on(host.sync("acme", SyncOptions::by_hand(mode), Arc::new(Silent)))?;
    if !synced.report.is_complete() {
        bail!("the sync is incomplete: {:?}", synced.report.run.message);
    }
    let connection = host.store().connection("acme")?;
    Ok(Synced {
        seconds: synced.took.as_secs_f64(),
        memory_mb: peak_memory_mb()?,
        requests: synced.traffic.requests,
        points: synced.report.run.counts.points,
        items: host.store().present_count(connection.id)?,
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

/// `VmHWM` of `/proc/self/status`, in megabytes; see proc(5).
fn peak_memory_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_000.0)
}
