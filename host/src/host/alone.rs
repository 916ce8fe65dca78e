//! What must not go on beside a run of the same connection, within the process that serves the folder.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::{Host, HostError};
use crate::model::ConnectionId;

/// A door for each connection, through which one at a time goes.
#[derive(Default)]
pub(super) struct Alone(Mutex<HashMap<ConnectionId, Arc<tokio::sync::Mutex<()>>>>);

/// The connection is its holder's alone, until this is dropped.
pub struct Turned(#[allow(dead_code)] OwnedMutexGuard<()>);

impl Host {
    /// Waits until nothing in this process reads the connection or changes it, and keeps others out. Between
    /// processes the folder's lock does that (see [`Host::hold`]).
    pub async fn alone(&self, connection: ConnectionId) -> Turned {
        Turned(self.door_of(connection).lock_owned().await)
    }

    /// The same without waiting; None while a run goes on.
    #[must_use]
    pub fn alone_now(&self, connection: ConnectionId) -> Option<Turned> {
        self.door_of(connection).try_lock_owned().ok().map(Turned)
    }

    /// Stops the run of a connection that goes on in this process, if there is one, waits for its end, and keeps
    /// others out.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    pub async fn stopped(&self, connection: ConnectionId) -> Result<Turned, HostError> {
        if let Some(turned) = self.alone_now(connection) {
            return Ok(turned);
        }
        self.store.ask_cancel(connection)?;
        Ok(self.alone(connection).await)
    }

    fn door_of(&self, connection: ConnectionId) -> Arc<tokio::sync::Mutex<()>> {
        let mut doors = self.alone.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(doors.entry(connection).or_default())
    }
}
