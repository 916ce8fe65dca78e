//! `weir acts`: what was done in the console and over the API, and by whom.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::connection::open;
use super::screen::{Screen, moment, plain};
use super::table::table;
use crate::store::{Act, ActFilter};

#[derive(Debug, Args)]
#[command(after_help = "\
Each act was noted before it was done. `not ended` is one that goes on, or was cut off. What is done with this
command and not in the console is not among them, but for connectors: which code runs is always noted.

Examples:
  weir acts
  weir acts --by ana@acme.com --limit 200
  weir acts --connection acme --json")]
pub struct Acts {
    /// Only what somebody did whose e-mail or token has this in it.
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// Only what concerns this connection; it may have been removed.
    #[arg(long, value_name = "NAME")]
    connection: Option<String>,
    /// How many acts at most, the latest first.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

pub fn run(data: &Path, command: Acts, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let filter = ActFilter { actor: command.by, connection: command.connection };
    let acts = host.store().acts_of(&filter, None, command.limit)?;
    if acts.is_empty() {
        screen.talk("nothing of this was done in the console");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = acts.iter().map(row).collect();
    let mut lines = table(&["when", "who", "what", "connection", "about", "outcome"], &rows).into_iter();
    screen.words(&lines.next().unwrap_or_default());
    for (act, line) in acts.iter().zip(lines) {
        screen.record(act, || line);
    }
    Ok(ExitCode::SUCCESS)
}

fn row(act: &Act) -> Vec<String> {
    let or_dash = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), plain);
    vec![
        moment(act.at),
        plain(&act.actor),
        act.act.clone(),
        or_dash(act.connection.as_deref()),
        plain(&act.about),
        act.outcome.as_deref().unwrap_or("not ended").to_owned(),
    ]
}
