//! Serving a data folder: whatever is due or asked for is run, connections side by side.
//!
//! Who serves prints or shows (`cli`, `console`); wishes are taken from the store (`store::wanted`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::removals::Removals;
use super::{Doing, FilesRead, Host, HostError, Removed, SyncOptions, Synced, Turn};
use crate::extract::Limits;
use crate::live;
use crate::model::{ConnectionId, Timestamp};
use crate::schedule::{When, Why};
use crate::store::{Mode, Trigger};
use crate::sync::Stop;

/// Connections read at the same time. Each holds a few pages of changes in memory, and each waits for another
/// source; more would rather compete for this machine than be done sooner.
const CONNECTIONS_AT_ONCE: usize = 4;

/// How often is looked for what is due or wanted: somebody may be waiting for it.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A connection whose run failed for a reason of this machine (a full disk, say) rests for this long, even
/// when that could not be written down.
const REST_MS: u64 = 5 * 60 * 1_000;

/// How the connections of a folder are read.
#[derive(Debug, Clone, Copy)]
pub struct ServeOptions {
    /// None to leave the words inside files for another time.
    pub files: Option<Limits>,
}

/// Something that happened while serving.
pub enum Served<'a> {
    /// The folder is this process's now.
    Serving,
    Began {
        name: &'a str,
        mode: Mode,
        trigger: Trigger,
    },
    /// The items are read and can be searched.
    Ended {
        name: &'a str,
        synced: &'a Synced,
    },
    Files {
        name: &'a str,
        read: &'a FilesRead,
    },
    Failed {
        name: &'a str,
        error: &'a HostError,
    },
    /// A removal came to its end, or at least farther.
    Removed {
        removed: &'a Removed,
    },
    /// A removal could not go on; it is tried again.
    NotRemoved {
        error: &'a HostError,
    },
    /// Nothing new is begun; so many runs end first.
    Stopping {
        under_way: usize,
    },
}

/// Somebody who is told. Called from the runs' tasks, so it must not block.
pub trait Teller: Send + Sync + 'static {
    fn tell(&self, event: Served<'_>);
}

impl Host {
    /// Runs what is due or asked for until it is asked to stop; then ends the runs under way, which keep what
    /// they have read. Only one process at a time may do so.
    ///
    /// # Errors
    ///
    /// [`HostError::Taken`] when another process reads into this folder; when the store cannot be read. That a
    /// connection could not be read is told, and is no end of serving.
    pub async fn serve(
        self: &Arc<Self>,
        options: ServeOptions,
        stop: Stop,
        teller: Arc<dyn Teller>,
    ) -> Result<(), HostError> {
        let _held = self.hold(Doing::Serve)?;
        let clock = Arc::clone(&self.doors()?.clock);
        let mut serving = Serving {
            host: Arc::clone(self),
            options,
            stop: stop.clone(),
            teller,
            runs: JoinSet::new(),
            under_way: BTreeSet::new(),
            resting: BTreeMap::new(),
            removals: Removals::default(),
        };
        serving.teller.tell(Served::Serving);
        self.take_in_what_was_left().await;
        let _pulse = Pulse(self);
        while stop.asked().is_none() {
            self.meters.beat(self.now()?);
            serving.begin_what_is_due()?;
            if serving.runs.is_empty() {
                serving.removals.go_on(&serving.host)?;
            }
            tokio::select! {
                Some(ended) = serving.runs.join_next() => serving.ended(ended)?,
                Some(done) = serving.removals.next() => serving.removed(&done?)?,
                () = stop.wait() => {}
                () = clock.sleep(LOOK_EVERY) => {}
            }
        }
        serving.teller.tell(Served::Stopping { under_way: serving.runs.len() });
        while let Some(ended) = serving.runs.join_next().await {
            serving.ended(ended)?;
        }
        while let Some(done) = serving.removals.next().await {
            serving.removed(&done?)?;
        }
        Ok(())
    }
}

impl Host {
    /// What a process left for the index that was killed: searches in the console write nothing. Whoever syncs
    /// next takes in what cannot be taken in now, and says why.
    async fn take_in_what_was_left(&self) {
        let taken = async { self.share_feed().await?.finish().await };
        if let Err(error) = taken.await {
            tracing::warn!(%error, "the index could not take in what was left for it");
        }
    }
}

/// Ends with serving, however that ends.
struct Pulse<'a>(&'a Host);

impl Drop for Pulse<'_> {
    fn drop(&mut self) {
        self.0.meters.rest();
    }
}

/// Runs under way, and who is not to be run again yet.
struct Serving {
    host: Arc<Host>,
    options: ServeOptions,
    stop: Stop,
    teller: Arc<dyn Teller>,
    runs: JoinSet<Ended>,
    under_way: BTreeSet<ConnectionId>,
    resting: BTreeMap<ConnectionId, Timestamp>,
    removals: Removals,
}

struct Ended {
    connection: ConnectionId,
    failed: bool,
}

impl Serving {
    fn begin_what_is_due(&mut self) -> Result<(), HostError> {
        let now = self.host.now()?;
        self.resting.retain(|_, until| *until > now);
        let room = CONNECTIONS_AT_ONCE.saturating_sub(self.runs.len());
        let turns = self.host.turns()?;
        let idle = turns.into_iter().filter(|turn| !self.under_way.contains(&turn.connection));
        let due = in_order(idle.filter_map(|turn| due_run(turn, &self.resting)).collect());
        for run in due.into_iter().take(room) {
            self.begin(run);
        }
        Ok(())
    }

    fn begin(&mut self, run: DueRun) {
        self.under_way.insert(run.connection);
        let (host, options) = (Arc::clone(&self.host), self.options);
        let (stop, teller) = (self.stop.clone(), Arc::clone(&self.teller));
        self.runs.spawn(async move { one(&host, run, options, &stop, teller.as_ref()).await });
    }

    fn ended(&mut self, ended: Result<Ended, tokio::task::JoinError>) -> Result<(), HostError> {
        let Ended { connection, failed } = ended.map_err(|error| HostError::Lost(error.to_string()))?;
        self.under_way.remove(&connection);
        if failed {
            self.resting.insert(connection, self.host.now()?.saturating_add(REST_MS));
        }
        Ok(())
    }
}

impl Serving {
    fn removed(&mut self, done: &Result<Vec<Removed>, HostError>) -> Result<(), HostError> {
        match done {
            Ok(all) => all.iter().for_each(|removed| self.teller.tell(Served::Removed { removed })),
            Err(error) => self.teller.tell(Served::NotRemoved { error }),
        }
        self.removals.rest(self.host.now()?);
        Ok(())
    }
}

/// A run that is to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DueRun {
    connection: ConnectionId,
    name: String,
    mode: Mode,
    trigger: Trigger,
    /// When the connection was last read.
    last: Timestamp,
}

fn due_run(turn: Turn, resting: &BTreeMap<ConnectionId, Timestamp>) -> Option<DueRun> {
    let Turn { connection, name, last, wanted, when, .. } = turn;
    let (mode, trigger) = match (wanted, when) {
        (_, When::Never(Why::SettingUp)) => return None,
        (Some(mode), _) => (mode, Trigger::Hand),
        (None, When::Now) if !resting.contains_key(&connection) => (Mode::Since, Trigger::Schedule),
        _ => return None,
    };
    Some(DueRun { connection, name, mode, trigger, last: last.map_or(0, |last| last.started) })
}

/// First what somebody waits for, then what was read longest ago.
fn in_order(mut due: Vec<DueRun>) -> Vec<DueRun> {
    due.sort_by_key(|run| (run.trigger == Trigger::Schedule, run.last));
    due
}

/// One connection: its items, then its files, as `weir sync` does it.
async fn one(host: &Host, run: DueRun, options: ServeOptions, stop: &Stop, teller: &dyn Teller) -> Ended {
    let DueRun { connection, name, mode, trigger, .. } = run;
    // Somebody may be changing the connection, or removing it; then its run comes after that, or never.
    let _turned = host.alone(connection).await;
    if !host.store().connection(&name).is_ok_and(|found| found.id == connection) {
        return Ended { connection, failed: false };
    }
    teller.tell(Served::Began { name: &name, mode, trigger });
    let failed = |error: &HostError| {
        teller.tell(Served::Failed { name: &name, error });
        Ended { connection, failed: true }
    };
    let going = match host.going(connection, live::Doing::Sync(mode)) {
        Ok(going) => going,
        Err(error) => return failed(&error),
    };
    let sync = |stop| {
        host.sync(&name, SyncOptions { trigger, stop, ..SyncOptions::by_hand(mode) }, going.progress())
    };
    let synced = tokio::select! {
        biased;
        synced = host.stoppable(connection, stop, sync) => synced,
        never = host.aim(&name, mode, &going) => never,
    };
    let synced = match synced {
        Ok(synced) => synced,
        Err(error) => return failed(&error),
    };
    teller.tell(Served::Ended { name: &name, synced: &synced });
    let goes_on = synced.report.stopped.is_none() && !synced.report.was_halted();
    if let (Some(limits), true) = (options.files, goes_on) {
        match host.read_files(&name, limits, stop, going.progress()).await {
            Ok(read) => teller.tell(Served::Files { name: &name, read: &read }),
            Err(error) => return failed(&error),
        }
    }
    Ended { connection, failed: false }
}

#[cfg(test)]
mod tests {
    use super::{DueRun, due_run, in_order};
    use crate::host::Turn;
    use crate::schedule::{EVERY_DEFAULT, LastRun, Schedule, State, When, Why};
    use crate::store::{Mode, Outcome, Trigger};

    fn turn(connection: i64, when: When, wanted: Option<Mode>) -> Turn {
        let schedule = Schedule {
            manual: false,
            every: EVERY_DEFAULT,
            paused: false,
            needs_sign_in: false,
            setting_up: false,
            failures: 0,
            phase: 0,
        };
        let last = LastRun { started: 100 - connection.unsigned_abs(), outcome: Some(Outcome::Complete) };
        let name = format!("c{connection}");
        Turn { connection, name, schedule, last: Some(last), wanted, when, state: State::Active }
    }

    #[test]
    fn what_is_wanted_comes_first_and_then_what_was_read_longest_ago() {
        let turns = [
            turn(1, When::Now, None),
            turn(2, When::At(500), None),
            turn(3, When::Now, None),
            turn(4, When::Never(Why::Paused), Some(Mode::Everything)),
            turn(5, When::Now, None),
            turn(6, When::Never(Why::Manual), None),
        ];
        let resting = [(5, 900)].into();
        let due = in_order(turns.into_iter().filter_map(|turn| due_run(turn, &resting)).collect());
        let told: Vec<_> =
            due.iter().map(|DueRun { name, mode, trigger, .. }| (name.as_str(), *mode, *trigger)).collect();
        assert_eq!(
            told,
            [
                ("c4", Mode::Everything, Trigger::Hand),
                ("c3", Mode::Since, Trigger::Schedule),
                ("c1", Mode::Since, Trigger::Schedule)
            ]
        );
    }

    #[test]
    fn a_wish_does_not_wait_for_a_rest() {
        let resting = [(1, 900)].into();
        assert!(due_run(turn(1, When::Now, None), &resting).is_none());
        assert!(due_run(turn(1, When::Now, Some(Mode::Since)), &resting).is_some());
    }
}
