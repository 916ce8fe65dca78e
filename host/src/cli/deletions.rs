//! `weir deletions [N]`, and `approve`, `reject` and `limit`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use super::INCOMPLETE;
use super::connection::open;
use super::progress::Watcher;
use super::screen::{Screen, count, moment, plain};
use crate::host::{Doing, Host};
use crate::store::{DeletionRule, Waiting};
use crate::sync::Stop;

/// Items named one by one when an approval could not settle them; the rest are counted.
const NAMED_MAX: usize = 10;

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
When a sync misses more items at once than the limit says, nothing is deleted: they wait here, and are
shown as before to whoever could read them. What shows up again leaves the list by itself.

Examples:
  weir deletions                        what waits, by space and kind
  weir deletions acme --all             each item
  weir deletions approve acme           ask the source about each, and delete what it says is gone
  weir deletions reject acme            they stay
  weir deletions limit acme --share 30% --at-least 100"
)]
pub struct Deletions {
    #[command(subcommand)]
    action: Option<Action>,
    /// The connection's name; without it, all of them.
    name: Option<String>,
    /// List each item.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask the source about each item that waits, and delete what it says is gone.
    Approve {
        /// The connection's name.
        name: String,
    },
    /// Keep what waits, and do not ask again before it shows up once more. Approving later is possible.
    Reject {
        /// The connection's name.
        name: String,
    },
    /// Show or set how much may be gone at once before a person is asked.
    #[command(after_help = "\
More items than both numbers say are held. A share of 0% with 0 at least asks a person each time.

Example:
  weir deletions limit acme --share 30% --at-least 100")]
    Limit {
        /// The connection's name.
        name: String,
        /// This share of all items, as 30%.
        #[arg(long, value_parser = percent)]
        share: Option<u8>,
        /// So many items are always believed.
        #[arg(long, value_name = "ITEMS")]
        at_least: Option<u64>,
    },
}

pub async fn run(data: &Path, command: Deletions, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command.action {
        None => list(&host, command.name, command.all, screen)?,
        Some(Action::Approve { name }) => return approve(&host, &name, screen).await,
        Some(Action::Reject { name }) => {
            let connection = host.store().connection(&name)?.id;
            let items = host.store().reject_deletions(connection)?;
            screen.record(&json!({ "connection": name, "rejected": items }), || {
                format!("{}: {} stay", plain(&name), count(items, "item"))
            });
        }
        Some(Action::Limit { name, share, at_least }) => {
            let connection = host.store().connection(&name)?.id;
            let before = host.store().deletion_rule(connection)?;
            let rule = DeletionRule {
                share: share.unwrap_or(before.share),
                at_least: at_least.unwrap_or(before.at_least),
            };
            if rule != before {
                host.store().set_deletion_rule(connection, rule)?;
            }
            screen.record(
                &json!({ "connection": name, "share": rule.share, "at_least": rule.at_least }),
                || {
                    format!(
                        "{}: more than {}% of the items, and more than {}, wait for a person",
                        plain(&name),
                        rule.share,
                        rule.at_least
                    )
                },
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(host: &Host, name: Option<String>, all: bool, screen: &Screen) -> anyhow::Result<()> {
    let names = match name {
        Some(name) => vec![name],
        None => host.store().connections()?.into_iter().map(|connection| connection.name).collect(),
    };
    let mut undecided = Vec::new();
    let mut listed = 0;
    for name in names {
        let waiting = host.waiting_deletions(&name)?;
        listed += waiting.len();
        if waiting.iter().any(|one| !one.rejected) {
            undecided.push(name.clone());
        }
        if all {
            waiting.iter().for_each(|one| item(&name, one, screen));
        } else {
            groups(&name, &waiting, screen);
        }
    }
    if listed == 0 {
        screen.talk("no deletions wait for anybody");
    }
    for name in undecided {
        screen.talk(&format!(
            "they are shown as before until you decide: weir deletions approve {0}, or reject {0}",
            plain(&name)
        ));
    }
    Ok(())
}

fn item(name: &str, one: &Waiting, screen: &Screen) {
    let mut record = json!(one);
    if let Some(fields) = record.as_object_mut() {
        fields.insert("connection".to_owned(), name.into());
    }
    screen.record(&record, || {
        format!(
            "{}\t{}\t{}\t{}\tsince {}{}",
            plain(name),
            plain(&one.id),
            plain(&one.kind),
            plain(&one.title),
            moment(one.since),
            rejected(one.rejected)
        )
    });
}

fn groups(name: &str, waiting: &[Waiting], screen: &Screen) {
    for group in Waiting::groups(waiting) {
        let mut record = json!(group);
        if let Some(fields) = record.as_object_mut() {
            fields.insert("connection".to_owned(), name.into());
        }
        screen.record(&record, || {
            let within = if group.within.is_empty() { "-".to_owned() } else { plain(&group.within) };
            format!(
                "{}\t{within}\t{}\tsince {}{}",
                plain(name),
                count(group.items, &group.kind),
                moment(group.since),
                rejected(group.rejected)
            )
        });
    }
}

fn rejected(rejected: bool) -> &'static str {
    if rejected { "\trejected: stays" } else { "" }
}

async fn approve(host: &Host, name: &str, screen: &Screen) -> anyhow::Result<ExitCode> {
    if host.waiting_deletions(name)?.is_empty() {
        screen.talk("no deletions wait for anybody");
        return Ok(ExitCode::SUCCESS);
    }
    let _held = host.hold(Doing::Once { command: format!("weir deletions approve {name}") })?;
    let watcher = Arc::new(Watcher::new(name));
    let approved = host.approve_deletions(name, &Stop::never(), Arc::clone(&watcher) as _).await;
    watcher.finish();
    let approved = approved?;
    let counts = &approved.run.counts;
    screen.record(&json!({ "connection": name, "approved": approved }), || {
        format!(
            "{}: asked about {}: {} gone, {} in the bin, {} still there, {} unanswered",
            plain(name),
            count(approved.waited as u64, "item"),
            counts.deleted,
            counts.binned,
            approved.present,
            approved.unanswered.len()
        )
    });
    for (id, reason) in approved.unanswered.iter().take(NAMED_MAX) {
        screen.talk(&format!("{}: {}", plain(id), plain(reason)));
    }
    if let Some(error) = approved.stopped {
        bail!("the source would not be asked any more, and what is left goes on waiting: {error}");
    }
    if approved.unanswered.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    screen.talk("what was not answered goes on waiting; approve it again later");
    Ok(ExitCode::from(INCOMPLETE))
}

/// `30%` or `30`.
fn percent(text: &str) -> Result<u8, String> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    let share = digits.parse::<u8>().ok().filter(|share| *share <= 100);
    share.ok_or_else(|| format!("`{text}` is no share from 0% to 100%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them() {
        assert_eq!(["30%", "0", "100%"].map(percent), [Ok(30), Ok(0), Ok(100)]);
        for wrong in ["", "%", "101", "-1", "2.5%", "a"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }
}
