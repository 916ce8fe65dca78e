//! `weir runs [N]`: what was read when, with what result, in numbers.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::connection::open;
use super::screen::{Screen, length, moment, plain};
use super::table::table;
use crate::store::Run;

#[derive(Debug, Args)]
#[command(after_help = "\
The columns: `readers` counts items whose readers changed and nothing else, `left out` what the settings
leave out now, `skipped` parts that were not read to their end, `points` what the run cost in the source's
own measure. With --json there are more. The last 1,000 runs of a connection are remembered.

Examples:
  weir runs
  weir runs acme --limit 5
  weir runs acme --json")]
pub struct Runs {
    /// The connection's name; without it, all of them.
    name: Option<String>,
    /// How many runs at most, the latest first.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

/// One run as a row: where it stands, and its text. A heading that begins with a blank is a number's.
type Column = (&'static str, fn(&str, &Run) -> String);

const COLUMNS: [Column; 22] = [
    ("connection", |name, _| plain(name)),
    (" run", |_, run| run.id.to_string()),
    ("started", |_, run| moment(run.started)),
    (" took", |_, run| took(run).map_or_else(|| "-".to_owned(), length)),
    ("by", |_, run| run.trigger.as_str().to_owned()),
    ("mode", |_, run| run.mode.as_str().to_owned()),
    ("outcome", |_, run| run.outcome.map_or("-", |outcome| outcome.as_str()).to_owned()),
    (" added", |_, run| run.counts.added.to_string()),
    (" changed", |_, run| run.counts.changed.to_string()),
    (" moved", |_, run| run.counts.moved.to_string()),
    (" readers", |_, run| run.counts.access_changed.to_string()),
    (" archived", |_, run| run.counts.archived.to_string()),
    (" binned", |_, run| run.counts.binned.to_string()),
    (" restored", |_, run| run.counts.restored.to_string()),
    (" deleted", |_, run| run.counts.deleted.to_string()),
    (" left out", |_, run| run.counts.left_out.to_string()),
    (" skipped", |_, run| run.counts.skipped.to_string()),
    (" failed", |_, run| run.counts.failed.to_string()),
    (" requests", |_, run| format!("{} ({} retried)", run.counts.requests, run.counts.retries)),
    (" points", |_, run| run.counts.points.to_string()),
    (" kB", |_, run| (run.counts.bytes / 1_000).to_string()),
    ("message", |_, run| run.message.as_deref().map(plain).unwrap_or_default()),
];

pub fn run(data: &Path, command: &Runs, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connections = match &command.name {
        Some(name) => vec![host.store().connection(name)?],
        None => host.store().connections()?,
    };
    let mut runs = Vec::new();
    for connection in connections {
        let of_one = host.store().runs(connection.id, command.limit)?;
        runs.extend(of_one.into_iter().map(|run| (connection.name.clone(), run)));
    }
    // Later runs have larger numbers, whichever connection's they are.
    runs.sort_by_key(|(_, run)| std::cmp::Reverse(run.id));
    runs.truncate(command.limit as usize);
    if runs.is_empty() {
        screen.talk("no runs yet; start one with `weir sync`");
        return Ok(ExitCode::SUCCESS);
    }
    let heading = COLUMNS.map(|(heading, _)| heading);
    let row = |(name, run): &(String, Run)| COLUMNS.iter().map(|(_, cell)| cell(name, run)).collect();
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    let mut lines = table(&heading, &rows).into_iter();
    screen.words(&lines.next().unwrap_or_default());
    for ((name, run), line) in runs.iter().zip(lines) {
        screen.record(&record(name, run), || line);
    }
    Ok(ExitCode::SUCCESS)
}

/// None while it goes on.
pub fn took(run: &Run) -> Option<Duration> {
    run.finished.map(|finished| Duration::from_millis(finished.saturating_sub(run.started)))
}

fn record(name: &str, run: &Run) -> Value {
    json!({
        "connection": name,
        "run": run,
        "milliseconds": run.finished.map(|finished| finished.saturating_sub(run.started)),
    })
}
