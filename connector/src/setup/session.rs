//! What the host keeps between sign-in and later calls. No secret is in it.

use super::{API_TOKEN, settings};
use crate::confluence::cloud::CloudId;
use crate::confluence::site::Address;
use crate::error::Error;
use crate::model::Connection;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub account_id: String,
    /// As in the settings.
    pub site: String,
    /// The tenant at the gateway; absent when the site itself is asked. No address is kept: it is made of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_id: Option<CloudId>,
    /// Sessions of the first version do not say: there was one way to sign in.
    #[serde(default = "api_token")]
    pub login: String,
}

fn api_token() -> String {
    API_TOKEN.to_owned()
}

/// A connection that somebody signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// For people and for requests.
    pub site: Address,
    /// Whose eyes the connector sees through.
    pub account: String,
    /// The name of the login.
    pub login: String,
    /// The tenant, if requests go through the gateway.
    pub cloud: Option<CloudId>,
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
    let site = match &session.cloud_id {
        Some(cloud) => Address::behind_gateway(site, cloud)?,
        None => Address::from(site),
    };
    Ok(Opened { site, account: session.account_id, login: session.login, cloud: session.cloud_id })
}
