//! Removing a connection.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};
use crate::host::Removed;

impl Console {
    /// Stops the run of a connection, and removes it with all that was read through it. What of it cannot be taken
    /// off the disk at once, since others are being read, goes when they are not.
    ///
    /// # Errors
    ///
    /// When there is no such connection, or store or index cannot be written.
    pub async fn remove(&self, viewer: &Viewer, name: String) -> Result<Removed, Trouble> {
        let found = name.clone();
        let connection = self.with_host(move |host| Ok(host.store().connection(&found)?.id)).await?;
        let deed = Deed::of("connection-removed", &name);
        self.act(viewer, deed, async {
            let turned = self.host().stopped(connection).await?;
            self.with_host(move |host| {
                let _turned = turned;
                host.remove_connection(&name)
            })
            .await
        })
        .await
    }
}
