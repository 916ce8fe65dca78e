//! What of a connection is searched, as an administrator says it.
//!
//! All is synced and indexed whatever is said here: a search leaves out what is off, so switching
//! takes effect at the next one.

use super::{Host, HostError};
use crate::store::{Chosen, IndexMode, SearchedKind, StoredItem};

impl Host {
    /// The kinds of a connection's items in the connector's order, and which of them are found.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or its connector cannot be asked and never was.
    pub async fn kinds(&self, name: &str) -> Result<Vec<SearchedKind>, HostError> {
        let connection = self.store.connection(name)?;
        if self.store.kinds(connection.id)?.is_empty() {
            let connector = self.connector(&connection.connector).await?;
            self.store.keep_kinds(connection.id, &connector.description().kinds)?;
        }
        Ok(self.store.kinds(connection.id)?)
    }

    /// Turns kinds on or off, all of these or none; returns all kinds as they are then.
    ///
    /// # Errors
    ///
    /// When one of them is unknown, or is never searched.
    pub async fn switch_kinds(
        &self,
        name: &str,
        kinds: &[String],
        on: bool,
    ) -> Result<Vec<SearchedKind>, HostError> {
        self.kinds(name).await?;
        self.store.switch_kinds(self.store.connection(name)?.id, kinds, on)?;
        self.kinds(name).await
    }

    /// Whether everything is searched, or only what is chosen.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be written.
    pub fn set_index_mode(&self, name: &str, mode: IndexMode) -> Result<(), HostError> {
        Ok(self.store.set_index_mode(self.store.connection(name)?.id, mode)?)
    }

    /// Chooses an item for manual mode, alone or with whatever lies below it at the time of a search.
    ///
    /// # Errors
    ///
    /// When nothing or several things are named so; see [`Host::item`].
    pub fn choose(&self, name: &str, meant: &str, with_descendants: bool) -> Result<StoredItem, HostError> {
        let item = self.item(meant, Some(name))?;
        self.store.choose(item.num, with_descendants)?;
        Ok(item)
    }

    /// Takes a choice back; None if there was none. An item that is gone is named by its whole id.
    ///
    /// # Errors
    ///
    /// When nothing or several things are named so; see [`Host::item`].
    pub fn unchoose(&self, name: &str, meant: &str) -> Result<Option<String>, HostError> {
        let chosen = self.chosen(name)?;
        let (num, id) = match chosen.into_iter().find(|one| one.id == meant.trim()) {
            Some(chosen) => (chosen.num, chosen.id),
            None => {
                let item = self.item(meant, Some(name))?;
                (item.num, item.id)
            }
        };
        Ok(self.store.unchoose(num)?.then_some(id))
    }

    /// What was chosen for manual mode, by id.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or the store cannot be read.
    pub fn chosen(&self, name: &str) -> Result<Vec<Chosen>, HostError> {
        Ok(self.store.chosen(self.store.connection(name)?.id)?)
    }
}
