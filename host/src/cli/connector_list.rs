//! `weir connector list`: the built-in connector and those that are installed.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::connection::open;
use super::screen::{Screen, plain};
use super::table::table;
use crate::host::BUILT_IN;
use crate::installed::{Installed, as_json, short};
use crate::model::Connection;

pub async fn run(data: &Path, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let built_in = Installed {
        name: BUILT_IN.to_owned(),
        key: None,
        current: host.built_in().await?,
        former: Vec::new(),
    };
    let mut rows = Vec::new();
    let mut records = Vec::new();
    for one in std::iter::once(built_in).chain(host.store().installed()?) {
        let connections = host.connections_of(&one.name)?;
        records.push(record(&one, &connections));
        rows.push(row(&one, &connections));
    }
    let heading = ["name", "title", "version", "sha256", "contract", "signed by", "from", "connections"];
    let mut lines = table(&heading, &rows).into_iter();
    screen.words(&lines.next().unwrap_or_default());
    for (record, line) in records.iter().zip(lines) {
        screen.record(record, || line);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is kept of a connector.
pub fn record(installed: &Installed, connections: &[Connection]) -> Value {
    let mut record = as_json(&installed.current);
    let former = installed.former.iter().map(|version| {
        json!({ "version": version.description.version, "sha256": version.sha256, "from": version.from,
                "signed_by": version.signed_by, "agreed": version.agreed })
    });
    record["name"] = installed.name.as_str().into();
    record["key"] = installed.key.as_ref().map(|key| key.fingerprint.clone()).into();
    record["connections"] = names(connections);
    record["former"] = former.collect();
    record
}

fn names(connections: &[Connection]) -> Value {
    connections.iter().map(|connection| connection.name.clone()).collect()
}

fn row(installed: &Installed, connections: &[Connection]) -> Vec<String> {
    let current = &installed.current;
    let signed = match &current.signed_by {
        Some(fingerprint) => short(fingerprint),
        None => "-",
    };
    let connections: Vec<&str> = connections.iter().map(|connection| connection.name.as_str()).collect();
    let connections = if connections.is_empty() { "-".to_owned() } else { connections.join(", ") };
    let cells = [
        installed.name.as_str(),
        &current.description.title,
        &current.description.version,
        short(&current.sha256),
        &current.contract,
        signed,
        &current.from,
        &connections,
    ];
    cells.map(plain).to_vec()
}
