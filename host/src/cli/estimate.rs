//! `weir estimate N`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::connection::open;
use super::screen::{Screen, about, count, length, plain};
use crate::gate::limits::QUOTA_PERCENT_MAX;
use crate::host::Estimate as Estimated;

#[derive(Debug, Args)]
#[command(after_help = "\
It asks a dozen times, and reads nothing. Numbers after a ~ are partly guessed. The words inside files
are read after everything else and are not counted: two requests and a point for each.

Examples:
  weir estimate acme
  weir estimate acme --json")]
pub struct Estimate {
    /// The connection's name.
    pub name: String,
}

pub async fn run(data: &Path, command: &Estimate, screen: &Screen) -> anyhow::Result<ExitCode> {
    let estimate = open(data)?.estimate(&command.name).await?;
    let record = json!({
        "connection": command.name,
        "items": estimate.items(),
        "requests": estimate.requests(),
        "points": estimate.points(),
        "estimate": estimate,
    });
    screen.record(&record, || words(&command.name, &estimate));
    Ok(ExitCode::SUCCESS)
}

fn words(name: &str, estimate: &Estimated) -> String {
    let mut lines = vec![format!("{}: {}", plain(name), in_short(estimate))];
    for amount in &estimate.amounts {
        let mark = if amount.rough { "~" } else { "" };
        let number = |number: u64| format!("{mark}{number}");
        lines.push(format!(
            "  {:<26} {:>9} {:>9} requests {:>9} points",
            plain(&amount.what),
            number(amount.items),
            number(amount.requests),
            number(amount.points)
        ));
    }
    lines.push(format!(
        "  {} at once, an answer after {}",
        count(estimate.width as u64, "request"),
        length(Duration::from_millis(estimate.latency_ms))
    ));
    lines.join("\n")
}

/// `about 4408 items: 66 requests, 8408 points, in about 3 h 10 min, because …`
pub fn in_short(estimate: &Estimated) -> String {
    let takes = Duration::from_secs(estimate.seconds);
    let because = match estimate
        .bound
        .filter(|bound| estimate.points() > bound.points.saturating_sub(estimate.spent))
    {
        None => String::new(),
        Some(bound) => {
            let of = bound.told.map(|told| {
                format!(
                    " ({QUOTA_PERCENT_MAX} % of the {told} that the source gives, the rest is left to others)"
                )
            });
            let spent = match estimate.spent {
                0 => String::new(),
                spent => format!("; {spent} of this hour's are spent"),
            };
            format!(", because {} points may be spent an hour{}{spent}", bound.points, of.unwrap_or_default())
        }
    };
    format!(
        "about {}: {}, {}, in {}{because}",
        count(estimate.items(), "item"),
        count(estimate.requests(), "request"),
        count(estimate.points(), "point"),
        about(takes)
    )
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::gate::Bound;
    use crate::host::Estimate;
    use crate::model::Amount;

    fn amount(what: &str, items: u64, rough: bool) -> Amount {
        Amount {
            dataset: "content".into(),
            what: what.into(),
            items,
            requests: items / 100,
            points: 2 * items,
            rough,
        }
    }

    #[test]
    fn an_estimate_says_how_long_and_why() {
        let free = Estimate {
            amounts: vec![amount("pages", 100_000, false), amount("spaces and their readers", 250, true)],
            asked: 12,
            latency_ms: 310,
            width: 5,
            bound: None,
            spent: 700,
            seconds: 62,
        };
        let bound = Some(Bound { points: 58_500, told: Some(65_000) });
        let metered = Estimate { bound, seconds: 11_400, ..free.clone() };
        let own = Estimate {
            bound: Some(Bound { points: 40_000, told: None }),
            spent: 0,
            seconds: 200_000,
            ..free.clone()
        };
        insta::assert_snapshot!([free, metered, own].map(|one| words("acme", &one)).join("\n"), @"
        acme: about 100250 items: 1002 requests, 200500 points, in about 2 min
          pages                         100000      1000 requests    200000 points
          spaces and their readers        ~250        ~2 requests      ~500 points
          5 requests at once, an answer after 310.0 ms
        acme: about 100250 items: 1002 requests, 200500 points, in about 3 h 10 min, because 58500 points may be spent an hour (90 % of the 65000 that the source gives, the rest is left to others); 700 of this hour's are spent
          pages                         100000      1000 requests    200000 points
          spaces and their readers        ~250        ~2 requests      ~500 points
          5 requests at once, an answer after 310.0 ms
        acme: about 100250 items: 1002 requests, 200500 points, in about 2 d 7 h, because 40000 points may be spent an hour
          pages                         100000      1000 requests    200000 points
          spaces and their readers        ~250        ~2 requests      ~500 points
          5 requests at once, an answer after 310.0 ms
        ");
    }
}
