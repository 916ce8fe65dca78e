//! One account on one source, as the user configured it and the host keeps it.

use serde::{Deserialize, Serialize};

use super::{Origin, Timestamp};

/// The row number of a connection in the store.
pub type ConnectionId = i64;

/// A configured connection. Its secret is not here; `secrets` holds that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub id: ConnectionId,
    /// Unique in the data folder; what commands call it.
    pub name: String,
    /// `confluence-cloud`: which connector reads it.
    pub connector: String,
    /// A JSON text, exactly as `setup.configure` returned it.
    pub settings: String,
    /// The text that `setup.authenticate` returned.
    pub session: String,
    /// The name of the login, as `api-token`.
    pub login: String,
    /// The half of a basic credential that is not secret.
    pub username: Option<String>,
    /// Who signed in where, in words.
    pub account: String,
    /// The origins the user agreed to.
    pub origins: Vec<Origin>,
    /// Servers that stand in for origins.
    pub routes: Vec<Route>,
    pub created: Timestamp,
}

/// Sends what is meant for one origin to another server, as curl's `--connect-to` does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// An agreed origin: `https://acme.atlassian.net`.
    pub from: String,
    /// `http://127.0.0.1:8790`.
    pub to: String,
}

/// What a user allows a connection to spend. Nothing said is the host's own choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Allowance {
    /// Requests in flight at once to one origin; `gate::limits::WIDTH` if none.
    pub width: Option<usize>,
    /// Points of one hour of UTC, in the source's own measure. If none, and the source tells its own limit,
    /// `gate::limits::QUOTA_PERCENT_MAX` of that, counted with all others who share it.
    pub points_per_hour: Option<u64>,
}
