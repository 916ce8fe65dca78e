//! From a connector's name to a component that runs: the bytes that were agreed to, or none.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::host::{CONFLUENCE, Host, HostError};
use crate::installed::{
    BUILT_IN, Installed, InstalledFault, KeptFile, Version, component, is_reference, unlike,
};
use crate::model::Connection;
use crate::sandbox::Connector;
use crate::store::StoreError;
use crate::tape::sha256;

/// Computed once: it is two megabytes.
static BUILT_IN_SHA256: LazyLock<String> = LazyLock::new(|| sha256(CONFLUENCE));

impl Host {
    /// The connector of that name: the built-in one, or one that is installed.
    ///
    /// # Errors
    ///
    /// [`InstalledFault`] when there is none, when its file is missing or was changed, and when it says other things of
    /// itself than it did when somebody agreed to it.
    pub async fn connector(&self, name: &str) -> Result<Connector, HostError> {
        Ok(self.loaded(name).await?.0)
    }

    /// The same with the digest of what runs.
    pub(in crate::host) async fn loaded(&self, name: &str) -> Result<(Connector, String), HostError> {
        let refused = |error| HostError::Connector { name: name.to_owned(), error: Box::new(error) };
        if name == BUILT_IN {
            let connector = Connector::load(self.engine()?, CONFLUENCE).await.map_err(refused)?;
            return Ok((connector, BUILT_IN_SHA256.clone()));
        }
        let version = self.installed(name)?.current;
        let wasm = self.component(name, &version)?;
        let connector = Connector::load(self.engine()?, &wasm).await.map_err(refused)?;
        let differences = unlike(&version.description, connector.description());
        if differences.is_empty() {
            return Ok((connector, version.sha256));
        }
        Err(InstalledFault::Unlike { name: name.to_owned(), sha256: version.sha256, differences }.into())
    }

    /// What is kept of an installed connector; nothing is loaded.
    ///
    /// # Errors
    ///
    /// [`InstalledFault::Unknown`]; [`InstalledFault::IsAPath`] for what a connection named before connectors were
    /// installed.
    pub fn installed(&self, name: &str) -> Result<Installed, HostError> {
        match self.store.installed_connector(name) {
            Err(StoreError::Installed(InstalledFault::Unknown { .. })) if is_reference(name) => {
                Err(InstalledFault::IsAPath { path: name.to_owned() }.into())
            }
            found => Ok(found?),
        }
    }

    /// What a connector is called for people, without loading it; none for the built-in one and for unknown ones.
    #[must_use]
    pub fn installed_title(&self, name: &str) -> Option<String> {
        self.store.installed_connector(name).ok().map(|installed| installed.current.description.title)
    }

    /// Names and titles of all connectors, the built-in one first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn connector_titles(&self) -> Result<Vec<(String, String)>, HostError> {
        let installed = self.store.installed()?.into_iter();
        let others = installed.map(|one| (one.name, one.current.description.title));
        let built_in = (BUILT_IN.to_owned(), "Confluence Cloud".to_owned());
        Ok(std::iter::once(built_in).chain(others).collect())
    }

    /// What the built-in connector demands, as an installed one's version says it.
    ///
    /// # Errors
    ///
    /// When the sandbox cannot run it.
    pub async fn built_in(&self) -> Result<Version, HostError> {
        let (connector, sha256) = self.loaded(BUILT_IN).await?;
        let refused = |error| HostError::Connector { name: BUILT_IN.to_owned(), error: Box::new(error) };
        let inspection = Connector::inspect(self.engine()?, CONFLUENCE).map_err(refused)?;
        Ok(Version {
            sha256,
            from: "built in".to_owned(),
            bytes: CONFLUENCE.len() as u64,
            contract: inspection.contract().unwrap_or_default().to_owned(),
            imports: inspection.imports,
            description: connector.description().clone(),
            signed_by: None,
            agreed: 0,
            origins: BTreeMap::new(),
        })
    }

    /// The connections that go by a connector.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn connections_of(&self, connector: &str) -> Result<Vec<Connection>, HostError> {
        let all = self.store.connections()?.into_iter();
        Ok(all.filter(|connection| connection.connector == connector).collect())
    }

    /// The bytes of a kept version, which are exactly those that were agreed to.
    ///
    /// # Errors
    ///
    /// [`InstalledFault::Missing`] and [`InstalledFault::Changed`].
    pub fn component(&self, name: &str, version: &Version) -> Result<Vec<u8>, HostError> {
        let file = || {
            Box::new(KeptFile {
                name: name.to_owned(),
                sha256: version.sha256.clone(),
                from: version.from.clone(),
                path: component::path(&self.folder, &version.sha256),
            })
        };
        let wasm = component::read(&self.folder, &version.sha256)
            .map_err(|source| InstalledFault::Missing { file: file(), source })?;
        match sha256(&wasm) {
            found if found == version.sha256 => Ok(wasm),
            found => Err(InstalledFault::Changed { file: file(), found }.into()),
        }
    }
}
