//! What `fetch` is told beside the reference.

use std::sync::Arc;
use std::time::Duration;

use super::{Digest, limits};
use crate::gate::{Client, SystemLookup, Transport};
use crate::secrets::Secret;

/// What is asked of a supply, and its way out.
#[derive(Clone)]
pub struct Options {
    /// The SHA-256 that the component has to have (of the file itself, not of a manifest).
    pub digest: Option<Digest>,
    /// A user and a password or token: for the registry or the URL's own origin, and for the token
    /// server that the registry names; for nobody that an answer leads on to.
    pub login: Option<(String, Secret)>,
    /// Whether signatures are looked for. Without, `Supplied::signature` is none.
    pub signed: bool,
    /// For everything together.
    pub patience: Duration,
    /// Tests bring their own, or the gate's with names of their own.
    pub network: Arc<dyn Transport>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            digest: None,
            login: None,
            signed: true,
            patience: limits::PATIENCE,
            network: Arc::new(Client::verbatim(Arc::new(SystemLookup))),
        }
    }
}
