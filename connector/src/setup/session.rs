//! What the host keeps between sign-in and later calls. No secret is in it.

use super::settings;
use crate::error::Error;
use crate::model::Connection;
use serde::{Deserialize, Serialize};
use url::Url;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub account_id: String,
    /// As in the settings.
    pub site: String,
}

/// A connection that somebody signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub site: Url,
    /// Whose eyes the connector sees through.
    pub account: String,
}

/// Reads a connection. A session of another site is as good as none.
pub fn open(connection: &Connection) -> Result<Opened, Error> {
    let site = settings::site(&connection.settings).map_err(Error::InvalidSettings)?;
    let session: Session = serde_json::from_str(&connection.session).map_err(|error| {
        Error::Unauthenticated(format!("could not read who signed in ({error}); sign in again"))
    })?;
    if session.site != site.origin().ascii_serialization() {
        return Err(Error::Unauthenticated(format!(
            "signed in to {}, but the settings now name another site; sign in again",
            session.site
        )));
    }
    Ok(Opened { site, account: session.account_id })
}
