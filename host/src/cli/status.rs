//! `weir status`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Status;
use super::connection::open;
use super::schedule;
use super::screen::{Screen, count, moment, plain};
use crate::host::Turn;
use crate::schedule::{State, When};
use crate::store::{ConnectionStatus, FileStats};

pub fn run(data: &Path, _command: &Status, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let status = host.store().status()?;
    if status.connections.is_empty() {
        screen.talk("no connections yet; see `weir connection add --help`, or try `weir demo`");
    }
    let forests = host.forests()?;
    let turns = host.turns()?;
    for connection in &status.connections {
        let searchable = forests.searchable(connection.connection.id);
        let (searched, stored) = searchable.map_or((0, 0), |all| (all.items().len(), all.stored()));
        let sign_in = host.grant_health(&connection.connection);
        let turn = turns.iter().find(|turn| turn.connection == connection.connection.id);
        let mut record = json!({
            "connection": connection.connection.name,
            "items": connection.items_by_kind,
            "stored": stored,
            "searchable": searched,
            "index_mode": host.store().index_mode(connection.connection.id)?,
            "activities": connection.activities,
            "people": connection.people,
            "groups": connection.groups,
            "failures": connection.failures,
            "files": connection.files,
            "reads_under_way": connection.reads_under_way,
            "last_run": connection.last_run,
            "state": turn.map(|turn| turn.state),
            "next_run": turn.map(schedule::next_record),
        });
        let ends = match &sign_in {
            Ok(health) => health.and_then(|health| health.words(&connection.connection.name)),
            Err(error) => Some(error.to_string()),
        };
        if let (Ok(Some(health)), Some(record)) = (&sign_in, record.as_object_mut()) {
            record.insert("sign_in".to_owned(), json!(health));
        }
        screen.record(&record, || {
            let ends = ends.map(|ends| format!("\n  sign-in  {}", plain(&ends)));
            words(connection, turn, searched, stored) + &ends.unwrap_or_default()
        });
    }
    if status.outbox > 0 {
        screen.talk(&format!("{} wait for the index; a sync or a search takes them in", status.outbox));
    }
    Ok(ExitCode::SUCCESS)
}

/// How the files stand, in words; None if there are none.
pub fn files(stats: &FileStats) -> Option<String> {
    let without: u64 = stats.without.values().sum();
    if stats.with_words + stats.waiting + without == 0 {
        return None;
    }
    let reasons: Vec<String> =
        stats.without.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    Some(format!("{} with words, {} waiting, {without} without{reasons}", stats.with_words, stats.waiting))
}

/// How a connection stands, and when it is read next.
fn state(turn: &Turn) -> String {
    let (word, name) = (turn.state.as_str(), plain(&turn.name));
    match turn.state {
        State::SettingUp => {
            format!("{word}: nothing is read before that is finished in the console, see `weir serve`")
        }
        State::NeedsSignIn => format!("{word}: nothing is read before `weir login {name}`"),
        State::Paused => format!("{word}: nothing is read on schedule before `weir resume {name}`"),
        State::Syncing | State::Manual => word.to_owned(),
        State::Active | State::Failing => match turn.when {
            When::Never(_) => word.to_owned(),
            When::At(time) => format!("{word}, next run {}", moment(time)),
            When::Now => format!("{word}, due: `weir serve` reads it, or `weir sync {name}`"),
        },
    }
}

fn words(status: &ConnectionStatus, turn: Option<&Turn>, searched: usize, stored: usize) -> String {
    let kinds: Vec<String> = status.items_by_kind.iter().map(|(kind, items)| count(*items, kind)).collect();
    let items = if kinds.is_empty() { "nothing yet".to_owned() } else { kinds.join(", ") };
    let people = &status.people;
    let mut lines = vec![
        plain(&status.connection.name),
        format!("  items    {items}"),
        format!(
            "  people   {}, {} without e-mail ({} of them named by an access), {} linked; {}",
            count(people.users, "user"),
            people.without_email,
            people.named_without_email,
            people.linked,
            count(status.groups, "group")
        ),
    ];
    if stored > 0 {
        lines.insert(2, format!("  searched {searched} of {}", count(stored as u64, "item")));
    }
    if status.activities > 0 {
        lines.push(format!("  activity {}; see `weir activity`", count(status.activities, "record")));
    }
    lines.extend(files(&status.files).map(|files| format!("  files    {files}")));
    lines.extend(turn.map(|turn| format!("  state    {}", state(turn))));
    lines.push(match &status.last_run {
        None => "  last run none; start one with `weir sync`".to_owned(),
        Some(run) => format!(
            "  last run {} {}{}",
            moment(run.started),
            run.outcome
                .map_or("under way, or cut off: `weir sync` goes on there", |outcome| outcome.as_str()),
            run.message.as_deref().map(|words| format!(": {}", plain(words))).unwrap_or_default()
        ),
    });
    if people.users > 0 && people.without_email == people.users {
        lines.push(
            "  nobody can be matched: the source shows no e-mail at all; see `weir person link --help`"
                .to_owned(),
        );
    }
    if status.failures > 0 {
        lines.push(format!("  {} could not be read", count(status.failures, "item")));
    }
    lines.join("\n")
}
