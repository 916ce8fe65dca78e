//! Items that could not be read.

use super::Deed;
use crate::console::{Console, Trouble, Viewer};

impl Console {
    /// Lets the next sync ask about failures again: those with these ids, or all if there are none. Returns how many.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn retry_failures(
        &self,
        viewer: &Viewer,
        name: String,
        ids: Vec<String>,
    ) -> Result<u64, Trouble> {
        let about = if ids.is_empty() { "all".to_owned() } else { ids.join(", ") };
        let deed = Deed::of("failures-retried", &name).about(about);
        self.act_blocking(viewer, deed, move |host| {
            Ok(host.store().retry_failures(host.store().connection(&name)?.id, &ids)?)
        })
        .await
    }
}
