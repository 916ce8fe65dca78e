//! What a gate is made of, and what its responses carry along.

use std::sync::Arc;

use super::Governors;
use crate::model::{Origin, Route};
use crate::secrets::{Credential, Credentials};

/// What was agreed for one connection.
#[derive(Debug, Default)]
pub struct GatePlan {
    pub origins: Vec<Origin>,
    pub routes: Vec<Route>,
    /// Asked at each send. None for an anonymous login.
    pub credential: Option<Arc<dyn Credentials>>,
    /// Shared by all gates of the connection in this process; new ones by default.
    pub governors: Governors,
    /// Whether the ledger keeps every single exchange, for benchmarks.
    pub keep_exchanges: bool,
}

/// What a response's request was signed with, and what its connection sent last: kept with each response, so that
/// whoever writes it down can leave out what a server repeats of it. No guest sees it.
#[derive(Clone, Debug)]
pub struct Signed(pub Vec<Arc<Credential>>);
