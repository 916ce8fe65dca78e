//! What connections may spend at their sources, and what they spent: the governors of this process, and the
//! store's numbers that outlive it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Host, HostError};
use crate::gate::{Governors, hour_of};
use crate::model::{Allowance, ConnectionId};
use crate::store::{Store, StoreError};

/// The governors of each connection that was asked for, so that all its gates share them.
#[derive(Default)]
pub(super) struct Spending(Mutex<BTreeMap<ConnectionId, Governors>>);

impl Host {
    /// The governors of a connection, told what the store knows now: another process may have spent points, and
    /// a user may allow other things than when they were made.
    pub(super) fn governors(&self, connection: ConnectionId) -> Result<Governors, HostError> {
        let (allowance, hour) = (self.store.allowance(connection)?, hour_of(self.doors()?.clock.now()));
        let spent = self.store.points(connection, hour)?;
        let mut all = self.spending.0.lock().unwrap_or_else(PoisonError::into_inner);
        let governors = all.entry(connection).or_default().clone();
        governors.allow(allowance);
        governors.learn_kept(hour, spent);
        Ok(governors)
    }

    pub(super) fn forget_governors(&self, connection: ConnectionId) {
        self.spending.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&connection);
    }

    /// What a user allows a connection.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn allowance(&self, name: &str) -> Result<Allowance, HostError> {
        Ok(self.store.allowance(self.store.connection(name)?.id)?)
    }

    /// Allows a connection this from its next request on.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn allow(&self, name: &str, allowance: Allowance) -> Result<(), HostError> {
        let connection = self.store.connection(name)?.id;
        self.store.set_allowance(connection, allowance)?;
        self.governors(connection).map(|_| ())
    }

    /// What shows how many requests a connection sends and what it spends, while that goes on in this process.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn meter(&self, name: &str) -> Result<Governors, HostError> {
        self.governors(self.store.connection(name)?.id)
    }

    /// Points that a connection spent in the present hour of UTC, here and in other processes.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub fn points_spent(&self, name: &str) -> Result<u64, HostError> {
        let connection = self.store.connection(name)?.id;
        Ok(self.governors(connection)?.spent(self.doors()?.clock.now()))
    }
}

/// Puts into the store what it does not know yet of the points spent, and learns what others spent meanwhile.
///
/// # Errors
///
/// When the store cannot be written, or the connection is gone. What was not kept is not counted again: the next
/// process believes to have that much more.
pub(super) fn keep_points(
    store: &Store,
    connection: ConnectionId,
    governors: &Governors,
) -> Result<(), StoreError> {
    for (hour, points) in governors.take_unkept() {
        governors.learn_kept(hour, store.add_points(connection, hour, points)?);
    }
    Ok(())
}
