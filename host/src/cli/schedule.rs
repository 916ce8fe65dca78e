//! `weir schedule [N]`, `weir schedule set`, `weir pause | resume | cancel N`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::connection::open;
use super::screen::{Screen, moment, plain};
use super::table::table;
use crate::host::{Doing, Host, Turn};
use crate::schedule::{Every, State, When};
use crate::store::Outcome;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Connections are scheduled every hour from the start; `weir serve` runs what is due. What was missed while
nothing served is caught up once.

Examples:
  weir schedule
  weir schedule set acme --every 30m
  weir schedule set acme --manual"
)]
pub struct Schedule {
    #[command(subcommand)]
    command: Option<Command>,
    /// The connection's name; without it, all of them.
    name: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say how a connection is read.
    Set(Set),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  weir schedule set acme --every 30m          an interval from 5m to 31d
  weir schedule set acme --manual             only when somebody says `weir sync acme`
  weir schedule set acme --scheduled --every 1d")]
struct Set {
    /// The connection's name.
    name: String,
    /// How often, as 30m, 2h or 1d.
    #[arg(long, value_name = "INTERVAL")]
    every: Option<Every>,
    /// Only when somebody asks for it.
    #[arg(long, conflicts_with = "scheduled")]
    manual: bool,
    /// On schedule again.
    #[arg(long)]
    scheduled: bool,
}

#[derive(Debug, Args)]
pub struct One {
    /// The connection's name.
    pub name: String,
}

pub fn run(data: &Path, command: Schedule, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command.command {
        Some(Command::Set(set)) => {
            let manual = match (set.manual, set.scheduled) {
                (false, false) if set.every.is_none() => {
                    anyhow::bail!("say what to change: --every INTERVAL, --manual or --scheduled")
                }
                (false, false) => None,
                (manual, _) => Some(manual),
            };
            host.set_schedule(&set.name, manual, set.every)?;
            show(&host, &[host.turn(&set.name)?], screen)?;
        }
        None => {
            let turns = match &command.name {
                Some(name) => vec![host.turn(name)?],
                None => host.turns()?,
            };
            if turns.is_empty() {
                screen.talk("no connections yet; see `weir connection add --help`");
                return Ok(ExitCode::SUCCESS);
            }
            show(&host, &turns, screen)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn pause(data: &Path, command: &One, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    host.set_paused(&command.name, true)?;
    let name = plain(&command.name);
    screen.talk(&format!(
        "{name} is not read on schedule any more, until `weir resume {name}`; a run under way goes on unless it is \
         canceled: weir cancel {name}"
    ));
    Ok(ExitCode::SUCCESS)
}

pub fn resume(data: &Path, command: &One, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    host.set_paused(&command.name, false)?;
    let turn = host.turn(&command.name)?;
    screen.talk(&format!("{}: {}, {}", plain(&turn.name), turn.state.as_str(), next(&turn)));
    Ok(ExitCode::SUCCESS)
}

pub fn cancel(data: &Path, command: &One, screen: &Screen) -> anyhow::Result<ExitCode> {
    let name = plain(&command.name);
    match open(data)?.cancel(&command.name)? {
        Some(run) => screen.talk(&format!(
            "run {run} of {name} was asked to stop; it ends after the pages under way, and keeps what it has read"
        )),
        None => screen.talk(&format!("no run of {name} is under way")),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(host: &Host, turns: &[Turn], screen: &Screen) -> anyhow::Result<()> {
    let rows: Vec<Vec<String>> = turns.iter().map(columns).collect();
    let lines = table(&["connection", "mode", "every", "state", "next run", "last run"], &rows);
    let mut lines = lines.into_iter();
    screen.words(&lines.next().unwrap_or_default());
    for (turn, line) in turns.iter().zip(lines) {
        screen.record(&record(turn), || line);
    }
    let served = host.holder()?.is_some_and(|holder| holder.doing == Doing::Serve);
    if !served && turns.iter().any(|turn| !matches!(turn.when, When::Never(_))) {
        screen.talk("nothing serves this data folder: what is due is read while `weir serve` runs");
    }
    Ok(())
}

fn columns(turn: &Turn) -> Vec<String> {
    let last = turn.last.map(|last| {
        let outcome = match last.outcome {
            None if turn.state == State::Syncing => "under way",
            None => "cut off",
            Some(outcome) => outcome.as_str(),
        };
        format!("{} {outcome}", moment(last.started))
    });
    vec![
        plain(&turn.name),
        mode(turn).to_owned(),
        turn.schedule.every.to_string(),
        turn.state.as_str().to_owned(),
        next(turn),
        last.unwrap_or_else(|| "none".to_owned()),
    ]
}

fn mode(turn: &Turn) -> &'static str {
    if turn.schedule.manual { "manual" } else { "scheduled" }
}

/// When a connection is read next, in a few words.
pub fn next(turn: &Turn) -> String {
    match turn.when {
        _ if turn.wanted.is_some() => "asked for".to_owned(),
        When::Never(_) => "none".to_owned(),
        When::At(time) => moment(time),
        When::Now if turn.state == State::Syncing => "under way".to_owned(),
        When::Now => "due".to_owned(),
    }
}

fn record(turn: &Turn) -> Value {
    json!({
        "connection": turn.name,
        "mode": mode(turn),
        "every_minutes": turn.schedule.every.as_minutes(),
        "paused": turn.schedule.paused,
        "needs_sign_in": turn.schedule.needs_sign_in,
        "failures": turn.schedule.failures,
        "state": turn.state,
        "next": next_record(turn),
        "last": turn.last.map(|last| json!({ "started": last.started, "outcome": last.outcome.map(Outcome::as_str) })),
    })
}

/// A moment; `due`; or nothing.
pub fn next_record(turn: &Turn) -> Value {
    match turn.when {
        When::Never(_) => Value::Null,
        When::At(time) => json!(time),
        When::Now => json!("due"),
    }
}
