//! What changes something, noted before it is done (`store::acts`). Pages and API both call here; a file a theme.
//!
//! Deliberately absent: who may do it. Handlers take [`super::Administrator`] before they call.

mod access;
mod deletions;
mod failures;
mod limits;
mod people;
mod records;
mod removal;
mod running;
mod setup;
mod signing_in;

use std::future::Future;

pub use access::tidy_token;
pub use deletions::{Approval, Approvals};
pub use signing_in::Again;

use super::{Console, Trouble, Viewer};
use crate::host::HostError;

/// What somebody is about to do.
#[derive(Debug, Clone)]
pub struct Deed {
    /// A short name: `connection-paused`.
    pub act: &'static str,
    pub connection: Option<String>,
    /// The rest in words; no secret, and nothing of what is read.
    pub about: String,
}

impl Deed {
    #[must_use]
    pub fn of(act: &'static str, connection: &str) -> Self {
        Self { act, connection: Some(connection.to_owned()), about: String::new() }
    }

    #[must_use]
    pub fn about(self, about: impl Into<String>) -> Self {
        Self { about: about.into(), ..self }
    }
}

impl Console {
    /// Notes a deed, does it, and notes how it ended.
    ///
    /// # Errors
    ///
    /// What `work` returns; what cannot be noted is not done.
    pub async fn act<T, E: Into<Trouble>>(
        &self,
        viewer: &Viewer,
        deed: Deed,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Trouble> {
        let actor = viewer.actor.clone();
        let noted = self
            .with_host(move |host| {
                let Deed { act, connection, about } = deed;
                let now = host.now()?;
                Ok(host.store().note_act(&actor, act, connection.as_deref(), &about, now)?)
            })
            .await?;
        let result = work.await.map_err(Into::into);
        let done = result.is_ok();
        self.host().live().tell();
        self.with_host(move |host| Ok(host.store().end_act(noted, done)?)).await?;
        result
    }

    /// The same for work that blocks.
    ///
    /// # Errors
    ///
    /// As [`Console::act`].
    pub async fn act_blocking<T: Send + 'static>(
        &self,
        viewer: &Viewer,
        deed: Deed,
        work: impl FnOnce(&crate::host::Host) -> Result<T, HostError> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.act(viewer, deed, self.with_host(work)).await
    }
}
