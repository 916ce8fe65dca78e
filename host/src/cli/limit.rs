//! `weir connection limit N`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, plain};
use crate::gate::limits::{QUOTA_PERCENT_MAX, WIDTH, WIDTH_MAX};
use crate::model::Allowance;

#[derive(Debug, Args)]
#[command(after_help = "\
Points are what a source charges for its answers, by the hour of UTC: Atlassian gives an app 65,000
an hour, shared by all who use it, and charges API tokens nothing. Without a limit of your own, a
connection stops at 90 % of what the source says it gives, and goes on in the next hour.

Examples:
  weir connection limit acme                            what holds now
  weir connection limit acme --points-per-hour 40000    leave the rest to other apps
  weir connection limit acme --width 3                  at most three requests at once
  weir connection limit acme --none                     back to the host's own choice")]
pub struct Limit {
    /// The connection's name.
    pub name: String,
    /// Points that may be spent in an hour.
    #[arg(long, value_name = "POINTS")]
    pub points_per_hour: Option<u64>,
    /// Requests in flight at once to one origin, up to 20.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=WIDTH_MAX as i64))]
    pub width: Option<u32>,
    /// Take back what was set.
    #[arg(long, conflicts_with_all = ["points_per_hour", "width"])]
    pub none: bool,
}

pub fn run(data: &Path, command: &Limit, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let name = command.name.as_str();
    let before = host.allowance(name)?;
    let after = if command.none { Allowance::default() } else { changed(before, command) };
    if after != before || command.none {
        host.allow(name, after)?;
    }
    let spent = host.points_spent(name)?;
    let record = json!({
        "connection": name,
        "width": after.width,
        "points_per_hour": after.points_per_hour,
        "points_spent": spent,
    });
    screen.record(&record, || words(name, after, spent));
    Ok(ExitCode::SUCCESS)
}

/// What is not named stays.
fn changed(before: Allowance, command: &Limit) -> Allowance {
    Allowance {
        width: command.width.map(|width| width as usize).or(before.width),
        points_per_hour: command.points_per_hour.or(before.points_per_hour),
    }
}

fn words(name: &str, allowance: Allowance, spent: u64) -> String {
    let width = match allowance.width {
        Some(width) => format!("{width}"),
        None => format!("{WIDTH}, the host's own choice"),
    };
    let points = match allowance.points_per_hour {
        Some(points) => format!("{points} an hour"),
        None => format!("{QUOTA_PERCENT_MAX} % of what the source gives an hour, if it says what"),
    };
    format!("{}\n  at once  {width}\n  points   {points}; {spent} spent in this hour", plain(name))
}
