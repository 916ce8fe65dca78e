//! `weir sync [N]`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::INCOMPLETE;
use super::arguments::Sync;
use super::connection::open;
use super::estimate::in_short;
use super::join::{Way, Wish, way};
use super::progress::{Watcher, part};
use super::screen::{Screen, count, length, plain};
use super::{runs, signals, status};
use crate::extract::Limits;
use crate::host::{Doing, Host, Record, SyncOptions, Synced};
use crate::live::Goal;
use crate::model::ConnectionId;
use crate::store::{FailedReason, Mode, Outcome, Run, RunCounts};
use crate::sync::Stop;
use crate::tape::{Recorded, TapeError};

/// Reasons told after a sync; `weir failures` lists them all.
const REASONS_MAX: usize = 3;

pub async fn run(data: &Path, command: Sync, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let mode = command.mode();
    let names = match command.name {
        Some(name) => vec![name],
        None => set_up(&host, screen)?,
    };
    if names.is_empty() && host.turns()?.is_empty() {
        screen.talk("nothing to sync: no connections yet; see `weir connection add --help`");
    }
    let record = record_to(&host, command.record, command.force, &names)?;
    let stop = signals::stop(screen);
    let doing = Doing::Sync { connections: names.clone() };
    let limits = (!command.no_files).then_some(Limits { file_bytes_max: command.file_bytes_max });
    let mut held = None;
    let mut incomplete = false;
    let mut failed = None;
    for name in &names {
        let options = SyncOptions { record: record.clone(), ..SyncOptions::by_hand(mode) };
        let alone = record.is_some();
        let wish = Wish { name, mode, doing: doing.clone(), no_wait: command.no_wait, alone };
        let done = match held {
            Some(_) => one(&host, name, options, limits, &stop, screen).await,
            None => match way(&host, &wish, &stop, screen).await {
                Ok(Way::Own(lock)) => {
                    held = Some(lock);
                    one(&host, name, options, limits, &stop, screen).await
                }
                Ok(Way::Followed(run)) => followed(&host, name, &run, screen),
                Ok(Way::Stopped) => Ok(false),
                Err(error) => Err(error.into()),
            },
        };
        match done {
            Ok(complete) => incomplete |= !complete,
            // The other connections are not to suffer for this one.
            Err(error) => {
                if let Some(earlier) = failed.replace(error.context(format!("failed to sync {name}"))) {
                    screen.failed(&earlier);
                }
            }
        }
        if stop.asked().is_some() {
            incomplete = true;
            break;
        }
    }
    match failed {
        Some(error) => Err(error),
        None if incomplete => Ok(ExitCode::from(INCOMPLETE)),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// All connections but those that somebody is still setting up, which are named.
fn set_up(host: &Host, screen: &Screen) -> anyhow::Result<Vec<String>> {
    let (setting_up, names): (Vec<_>, Vec<_>) =
        host.turns()?.into_iter().partition(|turn| turn.schedule.setting_up);
    for turn in setting_up {
        screen.talk(&format!("{} is still being set up, and left out", plain(&turn.name)));
    }
    Ok(names.into_iter().map(|turn| turn.name).collect())
}

/// Syncs one connection, then looks into its files unless there are no limits for them. Says whether nothing had
/// to be left out.
pub async fn one(
    host: &Host,
    name: &str,
    options: SyncOptions,
    limits: Option<Limits>,
    stop: &Stop,
    screen: &Screen,
) -> anyhow::Result<bool> {
    let synced = items(host, name, options, stop, screen).await?;
    let files = match limits {
        Some(limits) if !synced.report.was_halted() => files(host, name, limits, stop, screen).await?,
        _ => true,
    };
    if matches!(synced.tape, Some(Err(_))) {
        bail!("the run itself is not hurt, but its recording failed; the reason stands above");
    }
    Ok(synced.report.is_complete() && files)
}

/// Where to record, if at all: a file is one connection's.
fn record_to(
    host: &Host,
    record: Option<Option<PathBuf>>,
    force: bool,
    names: &[String],
) -> anyhow::Result<Option<Record>> {
    let path = match record {
        None => return Ok(None),
        Some(None) => return Ok(Some(Record::InDataFolder)),
        Some(Some(path)) => path,
    };
    let named = path.to_str().filter(|name| host.store().connection(name).is_ok());
    if let Some(name) = named {
        bail!("`{name}` would be the file to record in; did you mean `weir sync {name} --record`?");
    }
    if names.len() != 1 {
        bail!("a tape holds the run of one connection: name it, as in `weir sync N --record FILE`");
    }
    Ok(Some(Record::File { path, force }))
}

fn taped(tape: Option<&Result<Recorded, TapeError>>, screen: &Screen) {
    match tape {
        Some(Ok(tape)) => screen.talk(&format!(
            "recorded {} with {} on {} ({} kB); it holds the words of pages: weir replay {2}",
            count(tape.calls, "call"),
            count(tape.exchanges, "request"),
            plain(&tape.path.display().to_string()),
            tape.bytes.div_ceil(1_000),
        )),
        Some(Err(error)) => screen.talk(&plain(&error.to_string())),
        None => {}
    }
}

/// What a run came to that another process has made. Says whether it was complete.
fn followed(host: &Host, name: &str, run: &Run, screen: &Screen) -> anyhow::Result<bool> {
    let took = runs::took(run).unwrap_or_default();
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let record = json!({ "connection": name, "run": run, "joined": true, "milliseconds": milliseconds });
    let metered = host.meter(name)?.points_per_hour().is_some();
    screen.record(&record, || words(name, &run.counts, took, metered));
    if let Some(message) = &run.message {
        screen.talk(&plain(message));
    }
    match run.outcome {
        Some(Outcome::Failed) => {
            if host.turn(name)?.schedule.needs_sign_in {
                bail!(
                    "the run stopped, and what was read is kept; sign in again: weir login {}",
                    plain(name)
                );
            }
            bail!("the run failed; what it had read is kept")
        }
        Some(outcome @ (Outcome::Canceled | Outcome::Interrupted)) => {
            screen.talk(&halted(name, outcome));
            Ok(false)
        }
        outcome => Ok(outcome == Some(Outcome::Complete)),
    }
}

fn halted(name: &str, outcome: Outcome) -> String {
    let name = plain(name);
    format!("{}: what was read of {name} is kept, and the next sync goes on there", outcome.as_str())
}

async fn files(
    host: &Host,
    name: &str,
    limits: Limits,
    stop: &Stop,
    screen: &Screen,
) -> anyhow::Result<bool> {
    let watcher = Arc::new(Watcher::new(name));
    let read = host.read_files(name, limits, stop, Arc::clone(&watcher) as _).await;
    watcher.finish();
    let read = read.context("failed to take the words out of files; the next sync goes on there")?;
    let looked = read.taken + read.without;
    if let Some(stats) = status::files(&read.stats).filter(|_| looked + read.unfetched > 0) {
        let record = json!({ "connection": name, "files": read });
        screen
            .record(&record, || format!("{}: looked into {}\n  {stats}", plain(name), count(looked, "file")));
    }
    if read.unfetched > 0 {
        screen.talk(&format!(
            "{} could not be fetched and are tried again later: weir files {} --reason unfetched",
            count(read.unfetched, "file"),
            plain(name)
        ));
    }
    if let Some(words) = &read.stopped {
        screen.talk(&format!("no more files were asked for: {}", plain(words)));
    }
    Ok(read.stopped.is_none())
}

/// Syncs one connection with its progress shown, and prints what came of it.
async fn items(
    host: &Host,
    name: &str,
    options: SyncOptions,
    stop: &Stop,
    screen: &Screen,
) -> anyhow::Result<Synced> {
    // Before anything is asked of the source.
    host.require_set_up(&host.store().connection(name)?)?;
    // A sign-in that ends soon is told before the run's progress; one that ended fails the run.
    let connection = host.store().connection(name)?;
    if let Ok(Some(words)) = host.grant_health(&connection).map(|health| health?.words(name)) {
        screen.talk(&plain(&words));
    }
    let goal = tokio::select! {
        goal = goal(host, name, options.mode, screen) => goal?,
        // The run says that it reads nothing.
        () = stop.wait() => None,
    };
    let watcher = Arc::new(Watcher::new(name).with_goal(goal, host.meter(name)?));
    let sync = |stop| host.sync(name, SyncOptions { stop, ..options }, Arc::clone(&watcher) as _);
    let synced = host.stoppable(connection.id, stop, sync).await;
    watcher.finish();
    let synced = synced?;
    let reasons = host.store().failure_reasons(connection.id)?;
    let metered = host.meter(name)?.points_per_hour().is_some();
    screen.record(&record(name, &synced, &reasons), || {
        words(name, &synced.report.run.counts, synced.took, metered)
    });
    taped(synced.tape.as_ref(), screen);
    for skipped in &synced.report.skipped {
        screen.talk(&format!(
            "left out: {}: {}; the next sync goes on there",
            part(&skipped.dataset, &skipped.partition),
            plain(&skipped.reason)
        ));
    }
    if let Some(words) = &synced.report.overclaimed {
        screen.talk(&plain(words));
    }
    waits(host, connection.id, name, &synced, screen)?;
    if let Some(held) = synced.report.held {
        screen.talk(&format!(
            "nothing was deleted: {} of {} items were not mentioned any more, which is too many to believe; check \
             that the account still sees all spaces, or see `weir deletions {2}` and decide: weir deletions approve \
             {2}",
            held.suspects,
            held.present,
            plain(name)
        ));
    }
    failures(&reasons, name, screen);
    if let Some(error) = synced.report.stopped {
        // What stopped the run is the command's failure; what was read before it is kept.
        return Err(anyhow::Error::new(error).context(format!(
            "the run stopped, and what was read is kept; if the token was revoked or has run out, sign in with a \
             new one: weir login {}",
            plain(name)
        )));
    }
    if synced.report.run.outcome == Some(Outcome::Failed) {
        bail!("nothing could be read; the reasons stand above");
    }
    if let (Some(outcome), true) = (synced.report.run.outcome, synced.report.was_halted()) {
        screen.talk(&halted(name, outcome));
    }
    if synced.report.is_complete() && !host.store().has_content(connection.id)? {
        screen.talk(&format!(
            "nothing is left to be found: the settings of {0} may leave everything out, see `weir connection show {0}`; \
             or the account sees empty spaces only, see `weir doctor {0}`",
            plain(name)
        ));
    }
    Ok(synced)
}

/// What was told and is not shown yet, and how old the knowledge is of who may read what.
fn waits(
    host: &Host,
    connection: ConnectionId,
    name: &str,
    synced: &Synced,
    screen: &Screen,
) -> anyhow::Result<()> {
    if synced.report.waiting > 0 {
        screen.talk(&format!(
            "{} waiting to be shown until all that decides who may read them was looked at: weir sync {} --inventory",
            count(synced.report.waiting, "item"),
            plain(name)
        ));
    }
    let run = &synced.report.run;
    let looked_at = host.store().looked_at(connection)?;
    if let Some(age) = looked_at.map(|looked_at| run.started.saturating_sub(looked_at)).filter(is_old) {
        screen.talk(&format!(
            "who may read what was looked at {} ago; weir sync {} --inventory looks now",
            length(Duration::from_millis(age)),
            plain(name)
        ));
    }
    Ok(())
}

/// Knowledge that is younger than five minutes is not worth a word.
fn is_old(age: &u64) -> bool {
    *age >= 5 * 60 * 1_000
}

/// Says how many items could not be read, and why.
fn failures(reasons: &[FailedReason], name: &str, screen: &Screen) {
    let items: u64 = reasons.iter().map(|one| one.items).sum();
    if items == 0 {
        return;
    }
    let shown: Vec<String> = reasons
        .iter()
        .take(REASONS_MAX)
        .map(|one| format!("{} x {}", one.items, plain(&one.reason)))
        .collect();
    let more = if reasons.len() > shown.len() { "; and others" } else { "" };
    screen.talk(&format!(
        "{} could not be read: {}{more}; see `weir failures {}`",
        count(items, "item"),
        shown.join("; "),
        plain(name)
    ));
}

/// How much a run that looks at everything will read: what is there already, or what the source says of itself before
/// a first one. A source that does not say is read all the same.
async fn goal(host: &Host, name: &str, mode: Mode, screen: &Screen) -> anyhow::Result<Option<Goal>> {
    let status = host.store().status()?.connections.into_iter().find(|status| status.connection.name == name);
    let Some(status) = status else { return Ok(None) };
    let items: u64 = status.items_by_kind.values().sum();
    if status.last_run.is_some() {
        let known = items + status.people.users + status.groups;
        return Ok((mode != Mode::Since && items > 0).then_some(Goal { items: known, points: None }));
    }
    let Ok(estimate) = host.estimate(name).await else { return Ok(None) };
    screen.talk(&format!("a first sync: {}", in_short(&estimate)));
    Ok(Some(Goal::of(&estimate)))
}

fn record(name: &str, synced: &Synced, failures: &[FailedReason]) -> Value {
    json!({
        "connection": name,
        "run": synced.report.run,
        "skipped": synced.report.skipped,
        "held": synced.report.held,
        "waiting": synced.report.waiting,
        "overclaimed": synced.report.overclaimed,
        "failures": failures,
        "traffic": synced.traffic,
        "indexed": synced.fed,
        "milliseconds": u64::try_from(synced.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn words(name: &str, counts: &RunCounts, took: Duration, metered: bool) -> String {
    let kinds: Vec<String> = counts.by_kind.iter().map(|(kind, items)| count(*items, kind)).collect();
    let read = if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") };
    let left_out = match counts.left_out {
        0 => String::new(),
        items => format!(", {items} left out by the settings"),
    };
    // What is said of points is for those who pay with them; a token's reads are told in the record alone.
    let points = if metered { format!("{} points, ", counts.points) } else { String::new() };
    format!(
        "{}: read {read}\n  {} new, {} changed, {} moved, {} with other readers, {} as before, {} gone{left_out}, {} failed\n  \
         {} requests ({} retried), {points}{} kB, in {}",
        plain(name),
        counts.added,
        counts.changed,
        counts.moved,
        counts.access_changed,
        counts.unchanged,
        counts.deleted,
        counts.failed,
        counts.requests,
        counts.retries,
        counts.bytes / 1_000,
        length(took),
    )
}
