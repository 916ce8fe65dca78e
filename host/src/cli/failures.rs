//! `weir failures [N]`, and `retry`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, count, moment, plain};
use crate::host::Host;
use crate::store::FailedItem;

/// Lines taken from the store at a time.
const BATCH: u32 = 1_000;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
An item that could not be read stops nothing else. It is asked about again by later syncs, after 5 minutes,
an hour, 6 hours, and so on up to a week. One that a limit of this program refused is asked about again when
its version changes.

Examples:
  weir failures acme
  weir failures --json | jq .reason
  weir failures retry acme                  with the next sync, whatever their patience
  weir failures retry acme page:98765"
)]
pub struct Failures {
    #[command(subcommand)]
    action: Option<Action>,
    /// The connection's name; without it, all of them.
    name: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Let the next sync ask about items again, whenever they would be due.
    Retry {
        /// The connection's name.
        name: String,
        /// The ids of items; without any, all that failed.
        ids: Vec<String>,
    },
}

pub fn run(data: &Path, command: Failures, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command.action {
        Some(Action::Retry { name, ids }) => {
            let items = host.store().retry_failures(host.store().connection(&name)?.id, &ids)?;
            screen.record(&json!({ "connection": name, "due": items }), || {
                format!("{}: {} asked about with the next sync", plain(&name), count(items, "item"))
            });
        }
        None => list(&host, command.name, screen)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(host: &Host, name: Option<String>, screen: &Screen) -> anyhow::Result<()> {
    let connections = match name {
        Some(name) => vec![host.store().connection(&name)?],
        None => host.store().connections()?,
    };
    let mut listed = false;
    for connection in connections {
        let mut after: Option<String> = None;
        loop {
            let failed = host.store().failures(connection.id, after.as_deref(), BATCH)?;
            let Some(last) = failed.last() else { break };
            after = Some(last.id.clone());
            listed = true;
            failed.iter().for_each(|one| line(&connection.name, one, screen));
        }
    }
    if !listed {
        screen.talk("everything could be read");
    }
    Ok(())
}

fn line(name: &str, failed: &FailedItem, screen: &Screen) {
    let mut record = json!(failed);
    if let Some(fields) = record.as_object_mut() {
        fields.insert("connection".to_owned(), name.into());
    }
    screen.record(&record, || {
        let title = failed.title.as_ref().or(failed.url.as_ref()).map_or("-".to_owned(), |text| plain(text));
        let next = match (failed.refused, failed.next) {
            (true, _) => "when its version changes".to_owned(),
            (false, 0) => "with the next sync".to_owned(),
            (false, next) => format!("after {}", moment(next)),
        };
        format!(
            "{}\t{}\t{}\t{title}\t{}\tsince {}, {}, again {next}",
            plain(name),
            plain(&failed.id),
            failed.kind.as_deref().unwrap_or("-"),
            plain(&failed.reason),
            moment(failed.since),
            count(failed.attempts.into(), "attempt"),
        )
    });
}
