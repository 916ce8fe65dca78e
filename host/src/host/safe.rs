//! Where a grant is kept: sealed by the folder's key, in the folder's store.

use super::{Host, HostError};
use crate::model::{Connection, ConnectionId};
use crate::secrets::oauth::{Client, Grant, Safe, SafeFault};
use crate::secrets::{Secret, Vault};
use crate::store::Store;

/// The names under which the two are sealed.
pub(super) const CLIENT: &str = "oauth-client";
pub(super) const GRANT: &str = "oauth-grant";

/// The client and the grant of one connection.
pub(super) struct Sealed {
    store: Store,
    vault: Vault,
    connection: ConnectionId,
    name: String,
}

impl Host {
    pub(super) fn safe(&self, connection: &Connection) -> Result<Sealed, HostError> {
        Ok(Sealed {
            store: self.store.clone(),
            vault: self.vault()?,
            connection: connection.id,
            name: connection.name.clone(),
        })
    }
}

impl Sealed {
    /// Both, in one write.
    pub fn keep_both(&self, client: &Client, grant: &Grant) -> Result<(), SafeFault> {
        let (client, grant) = (self.seal(CLIENT, client.to_text())?, self.seal(GRANT, grant.to_text())?);
        let kept = self.store.put_secrets(self.connection, &[(CLIENT, &client), (GRANT, &grant)]);
        kept.map_err(|error| SafeFault(error.to_string()))
    }

    fn seal(&self, name: &str, text: Option<Secret>) -> Result<Vec<u8>, SafeFault> {
        let text = text.ok_or_else(|| SafeFault(format!("the `{name}` cannot be written down")))?;
        self.vault.seal(&self.name, name, &text).map_err(|error| SafeFault(error.to_string()))
    }

    fn unseal(&self, name: &str) -> Result<Secret, SafeFault> {
        let sealed =
            self.store.secret(self.connection, name).map_err(|error| SafeFault(error.to_string()))?;
        let sealed = sealed.ok_or_else(|| {
            SafeFault(format!(
                "it has no `{name}` in this data folder; sign in again: weir login {}",
                self.name
            ))
        })?;
        self.vault.open(&self.name, name, &sealed).map_err(|error| SafeFault(error.to_string()))
    }
}

impl Safe for Sealed {
    fn open(&self) -> Result<(Client, Grant), SafeFault> {
        let unreadable =
            |name| SafeFault(format!("its `{name}` was written by another version; sign in again"));
        let client = Client::from_text(&self.unseal(CLIENT)?).ok_or_else(|| unreadable(CLIENT))?;
        let grant = Grant::from_text(&self.unseal(GRANT)?).ok_or_else(|| unreadable(GRANT))?;
        Ok((client, grant))
    }

    fn keep(&self, grant: &Grant) -> Result<(), SafeFault> {
        let sealed = self.seal(GRANT, grant.to_text())?;
        let kept = self.store.put_secrets(self.connection, &[(GRANT, &sealed)]);
        kept.map_err(|error| SafeFault(error.to_string()))
    }
}
