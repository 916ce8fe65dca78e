//! `weir items`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Items;
use super::connection::open;
use super::screen::{Screen, plain};

pub fn run(data: &Path, command: &Items, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    host.each_item(&command.connection, command.kind.as_deref(), command.person.as_deref(), |line| {
        let record = json!({
            "id": line.id,
            "kind": line.kind,
            "title": line.title,
            "url": line.url,
            "updated": line.updated,
        });
        screen.record(&record, || {
            format!("{}\t{}\t{}\t{}", line.id, line.kind, plain(&line.title), plain(&line.url))
        });
        true
    })?;
    Ok(ExitCode::SUCCESS)
}
