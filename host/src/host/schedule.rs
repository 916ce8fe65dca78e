//! What is due, what is wanted, and how each connection stands.

use std::future::{Future, pending};
use std::time::Duration;

use super::{Host, HostError};
use crate::model::{Connection, ConnectionId};
use crate::schedule::{Every, LastRun, Schedule, State, When, due, state};
use crate::store::{Mode, Planned, RunId, WantedId};
use crate::sync::{Halt, Stop, Stopper};

/// How often a run looks whether somebody canceled it: soon enough for a person who waits for it, and nothing
/// beside what a run does otherwise.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A connection, and when its turn comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub connection: ConnectionId,
    pub name: String,
    pub schedule: Schedule,
    pub last: Option<LastRun>,
    /// The most that somebody asked for and no run answers yet.
    pub wanted: Option<Mode>,
    /// As if it were not being read now.
    pub when: When,
    pub state: State,
}

impl Host {
    /// All connections by name, as they stand now.
    ///
    /// # Errors
    ///
    /// When the store or the lock's file cannot be read.
    pub fn turns(&self) -> Result<Vec<Turn>, HostError> {
        let now = self.now()?;
        // A run that goes on has a process that holds the folder; without one it was cut off.
        let held = self.holder()?.is_some();
        let turn = |planned: Planned| {
            let Planned { connection, name, schedule, last, open_run, wanted } = planned;
            let when = due(&schedule, last, now);
            let state = state(&schedule, open_run.is_some() && held);
            Turn { connection, name, schedule, last, wanted, when, state }
        };
        Ok(self.store.planned()?.into_iter().map(turn).collect())
    }

    /// How one connection stands now.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or as [`Host::turns`].
    pub fn turn(&self, name: &str) -> Result<Turn, HostError> {
        let connection = self.store.connection(name)?.id;
        let turn = self.turns()?.into_iter().find(|turn| turn.connection == connection);
        turn.ok_or(HostError::NotReady("the schedule"))
    }

    /// Says how a connection is read; what is not given stays. A host that serves the folder goes by it at once.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn set_schedule(
        &self,
        name: &str,
        manual: Option<bool>,
        every: Option<Every>,
    ) -> Result<(), HostError> {
        Ok(self.store.set_schedule(self.store.connection(name)?.id, manual, every)?)
    }

    /// Begins no more runs of a connection by schedule, or goes on with them. A run under way goes on.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn set_paused(&self, name: &str, paused: bool) -> Result<(), HostError> {
        Ok(self.store.set_paused(self.store.connection(name)?.id, paused)?)
    }

    /// Asks the run of a connection that goes on to stop, in whichever process it is; None if there is none.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn cancel(&self, name: &str) -> Result<Option<RunId>, HostError> {
        let connection = self.store.connection(name)?.id;
        // A run that was cut off cannot be stopped any more.
        if self.holder()?.is_none() {
            return Ok(None);
        }
        Ok(self.store.ask_cancel(connection)?)
    }

    /// Waits by the host's clock.
    pub async fn sleep(&self, time: Duration) {
        match self.doors() {
            Ok(doors) => doors.clock.sleep(time).await,
            // A client that cannot be made fails whatever is waited for.
            Err(_) => tokio::time::sleep(time).await,
        }
    }

    /// Asks for a run of a connection, which the process that serves the folder sees.
    ///
    /// # Errors
    ///
    /// [`HostError::SettingUp`]; when there is no such connection, or the store cannot be written.
    pub fn want(&self, name: &str, mode: Mode) -> Result<WantedId, HostError> {
        let connection = self.store.connection(name)?;
        self.require_set_up(&connection)?;
        Ok(self.store.want(connection.id, mode, self.now()?)?)
    }

    /// Lets a connection be read that somebody was setting up; nothing happens to one that already is.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn finish_setup(&self, name: &str) -> Result<(), HostError> {
        Ok(self.store.finish_setup(self.store.connection(name)?.id)?)
    }

    /// Refuses to read a connection that somebody is still setting up.
    ///
    /// # Errors
    ///
    /// [`HostError::SettingUp`].
    pub fn require_set_up(&self, connection: &Connection) -> Result<(), HostError> {
        if self.store.is_setting_up(connection.id)? {
            return Err(HostError::SettingUp { connection: connection.name.clone() });
        }
        Ok(())
    }

    /// Does something that can be stopped, and meanwhile passes on to it what asks it to stop: `outer`, and
    /// whoever cancels the run of this connection.
    pub async fn stoppable<T, F: Future<Output = T>>(
        &self,
        connection: ConnectionId,
        outer: &Stop,
        work: impl FnOnce(Stop) -> F,
    ) -> T {
        let (stopper, stop) = Stop::door();
        tokio::select! {
            biased;
            done = work(stop) => done,
            never = self.pass_on(connection, outer, &stopper) => never,
        }
    }

    /// Never ends: whoever was asked to stop decides when it has.
    async fn pass_on<T>(&self, connection: ConnectionId, outer: &Stop, stopper: &Stopper) -> T {
        let halt = tokio::select! {
            () = outer.wait() => outer.asked().unwrap_or(Halt::Interrupted),
            () = self.canceled(connection) => Halt::Canceled,
        };
        stopper.stop(halt);
        pending().await
    }

    /// Until somebody cancels the run of this connection.
    async fn canceled(&self, connection: ConnectionId) {
        let Ok(doors) = self.doors() else { return pending().await };
        loop {
            doors.clock.sleep(LOOK_EVERY).await;
            let store = self.store.clone();
            let asked = tokio::task::spawn_blocking(move || store.cancel_asked(connection)).await;
            // A store that cannot be read is the run's own trouble.
            if matches!(asked, Ok(Ok(true))) {
                return;
            }
        }
    }
}
