//! `weir activity [N]`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::connection::open;
use super::screen::{Screen, moment, plain};
use crate::store::{ActivityFilter, KeptActivity};

#[derive(Debug, Args)]
#[command(after_help = "\
For the administrator only: records may name what others may not read, so there is no --as.

Examples:
  weir activity acme --since 7d
  weir activity --actor ana@acme.com --about permission
  weir activity acme --since 24h --json | jq .detail")]
pub struct Activity {
    /// The connection's name; without it, the records of all are listed together.
    pub name: Option<String>,
    /// Only what happened this long ago at most: `30m`, `24h`, `7d`, `2w`.
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub since: Option<Duration>,
    /// Only by this actor: a part of the name, the e-mail or the id.
    #[arg(long)]
    pub actor: Option<String>,
    /// Only what says this, of what was done or what it was done to.
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
    /// How many records at most.
    #[arg(long, default_value_t = 100)]
    pub limit: usize,
}

pub fn run(data: &Path, command: Activity, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let Activity { name, since, actor, about, limit } = command;
    let filter = ActivityFilter { actor, about, ..ActivityFilter::default() };
    let (mut shown, mut more) = (0, false);
    host.each_activity(name.as_deref(), since, filter, |kept| {
        more = shown == limit;
        if !more {
            shown += 1;
            screen.record(&record(&kept), || words(&kept));
        }
        !more
    })?;
    if shown == 0 {
        screen.talk(
            "no such activity; an audit log is kept only if the connection's settings ask for it (`weir connection show`) \
             and its account may read it (`weir doctor`)",
        );
    }
    if more {
        screen.talk(&format!("the newest {shown} are shown; --limit shows more"));
    }
    Ok(ExitCode::SUCCESS)
}

fn record(kept: &KeptActivity) -> Value {
    let activity = &kept.activity;
    json!({
        "connection": kept.connection_name,
        "id": activity.id,
        "at": activity.at,
        "actor": activity.actor,
        "actor_name": kept.actor_name,
        "actor_email": kept.actor_email,
        "summary": activity.summary,
        "subject": activity.subject,
        // What is no JSON is shown as the text it is.
        "detail": serde_json::from_str::<Value>(&activity.detail).unwrap_or_else(|_| activity.detail.clone().into()),
    })
}

fn words(kept: &KeptActivity) -> String {
    let activity = &kept.activity;
    let actor = kept.actor_name.as_ref().or(activity.actor.as_ref());
    format!(
        "{}\t{}\t{}\t{}\t{}",
        moment(activity.at),
        plain(&kept.connection_name),
        actor.map_or_else(|| "-".to_owned(), |actor| plain(actor)),
        plain(&activity.summary),
        plain(&activity.subject)
    )
}

/// `7d` as a length of time.
fn length(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no length of time such as 30m, 24h, 7d or 2w");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let digits = text.strip_suffix(unit).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number: u64 = digits.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(length("7d"), Ok(Duration::from_secs(604_800)));
        assert_eq!(length("90m"), length("5400s"));
        for wrong in ["", "d", "7", "-7d", "+7d", "7 d", "7 days", "1.5h", "7ü", "99999999999999999999d"] {
            assert_eq!(
                length(wrong),
                Err(format!("`{wrong}` is no length of time such as 30m, 24h, 7d or 2w"))
            );
        }
        assert!(length("18446744073709551615w").is_err());
    }
}
