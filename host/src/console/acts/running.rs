//! When a connection is read.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::store::{Mode, RunId};

impl Console {
    /// Asks for a run, which begins within a second or so.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn ask_for_run(&self, viewer: &Viewer, name: String, mode: Mode) -> Result<(), Trouble> {
        let deed = Deed::of("sync-asked", &name).about(mode.as_str());
        self.act_blocking(viewer, deed, move |host| host.want(&name, mode).map(|_| ())).await
    }

    /// Asks the run under way to stop; what it has read is kept. None if there is none.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn cancel_run(&self, viewer: &Viewer, name: String) -> Result<Option<RunId>, Trouble> {
        let deed = Deed::of("sync-canceled", &name);
        self.act_blocking(viewer, deed, move |host| host.cancel(&name)).await
    }

    /// Reads a connection on schedule no more, or again.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn set_paused(&self, viewer: &Viewer, name: String, paused: bool) -> Result<(), Trouble> {
        let deed = Deed::of(if paused { "connection-paused" } else { "connection-resumed" }, &name);
        self.act_blocking(viewer, deed, move |host| host.set_paused(&name, paused)).await
    }
}
