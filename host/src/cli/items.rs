//! `weir items`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Items;
use super::connection::open;
use super::screen::{Screen, plain};
use super::search::explain_unknown;
use crate::host::Host;

pub fn run(data: &Path, command: &Items, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connection = host.store().connection(&command.connection)?.id;
    let forests = host.forests()?;
    let searchable = forests.searchable(connection);
    let mut listed = 0_u64;
    host.each_item(&command.connection, command.kind.as_deref(), command.person.as_deref(), |line| {
        let record = json!({
            "id": line.id,
            "kind": line.kind,
            "title": line.title,
            "url": line.url,
            "updated": line.updated,
            "searchable": searchable.is_some_and(|all| all.items().contains(line.num)),
            "file": line.file,
        });
        screen.record(&record, || {
            format!(
                "{}\t{}\t{}\t{}",
                plain(&line.id),
                plain(&line.kind),
                plain(&line.title),
                plain(&line.url)
            )
        });
        listed += 1;
        true
    })?;
    if listed == 0 {
        explain_nothing(&host, command, screen)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// An empty list has a reason: an unknown kind, an unknown person, or nothing read yet.
fn explain_nothing(host: &Host, command: &Items, screen: &Screen) -> anyhow::Result<()> {
    let connection = host.store().connection(&command.connection)?;
    let kinds = host.store().counts_by_kind(connection.id)?;
    let names: Vec<&str> = kinds.keys().map(String::as_str).collect();
    if names.is_empty() {
        let name = plain(&connection.name);
        screen.talk(&format!("nothing has been read from {name} yet; run `weir sync {name}`"));
        return Ok(());
    }
    screen.talk(&format!("no such items; the kinds are {}", names.join(", ")));
    match &command.person {
        Some(person) => explain_unknown(host, person, screen),
        None => Ok(()),
    }
}
