//! What somebody is asked to agree to before a version of a connector runs.

use std::collections::BTreeMap;

use crate::host::settings::beyond;
use crate::host::{Host, HostError};
use crate::installed::{
    Difference, Installed, InstalledFault, KeptKey, KeyChoice, Version, beyond_words, check_name, difference,
    key_changed,
};
use crate::model::{Connection, Description, Origin};
use crate::sandbox::Connector;
use crate::store::Agreed;
use crate::supply::{PublicKey, Supplied, verify};

/// A version that could run under a name. Nothing of it is kept yet.
pub struct Offer {
    pub name: String,
    pub version: Version,
    /// What runs under that name now.
    pub before: Option<Installed>,
    /// The key that later versions will have to be signed by.
    pub key: Option<KeptKey>,
    /// It is signed, and no key is known by which that could be checked.
    pub unchecked: bool,
    /// Connections that go by it, or will.
    pub reaches: Vec<Reach>,
    /// Somebody agreed to these very bytes before: what they demand is not asked about again.
    pub(super) known: bool,
    pub(super) path: Option<String>,
    pub(super) wasm: Vec<u8>,
}

/// What a version would do for one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub connection: String,
    /// What it has not agreed to yet, in words.
    pub more: Vec<String>,
    /// What else is to be known.
    pub told: Vec<String>,
    pub(super) agreed: Agreed,
}

impl Offer {
    /// These bytes run under this name already.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.current.sha256 == self.version.sha256)
    }

    /// How it differs from what runs now, keys included; none for a name that is free.
    #[must_use]
    pub fn difference(&self) -> Option<Difference> {
        let before = self.before.as_ref()?;
        let mut found = match self.is_current() {
            true => Difference::default(),
            false => difference(&before.current, &self.version),
        };
        if self.known {
            found.told.extend(found.more.drain(..).map(|words| format!("{words} (agreed to before)")));
        }
        match key_changed(before.key.as_ref(), self.key.as_ref()) {
            Some((true, words)) => found.more.push(words),
            Some((false, words)) => found.told.push(words),
            None => {}
        }
        Some(found)
    }

    /// Whether somebody has to agree before it runs.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.difference().is_none_or(|found| !found.more.is_empty())
            || self.reaches.iter().any(|reach| !reach.more.is_empty())
    }
}

impl Host {
    /// Looks at bytes that were brought, and says what they would do here. `name` is what the connector calls itself
    /// unless it is given; connections that name the file `path` would go by it.
    ///
    /// # Errors
    ///
    /// When they are no connector, when they are another connector than runs under that name, or not signed as they
    /// have to be.
    pub async fn offer(
        &self,
        supplied: Supplied,
        name: Option<&str>,
        key: &KeyChoice,
        path: Option<&str>,
    ) -> Result<Offer, HostError> {
        let refused = |error| HostError::Connector { name: supplied.from.clone(), error: Box::new(error) };
        let inspection = Connector::inspect(self.engine()?, &supplied.wasm).map_err(refused)?;
        let connector = Connector::load(self.engine()?, &supplied.wasm).await.map_err(refused)?;
        let description = connector.description();
        let name = name.unwrap_or(&description.name).to_owned();
        check_name(&name)?;
        let before = self.store.installed()?.into_iter().find(|installed| installed.name == name);
        same_connector(&name, before.as_ref(), description)?;
        let kept = before.as_ref().and_then(|installed| installed.key.as_ref());
        let required = key.required(kept).cloned();
        signed(&name, required.as_ref(), &supplied)?;
        let version = Version {
            bytes: supplied.wasm.len() as u64,
            contract: inspection.contract().unwrap_or_default().to_owned(),
            imports: inspection.imports,
            description: description.clone(),
            signed_by: required.as_ref().map(|key| key.fingerprint.clone()),
            agreed: self.now()?,
            origins: BTreeMap::new(),
            from: supplied.from,
            sha256: supplied.sha256,
        };
        let reaches = self.reaches(&name, path, &connector, None).await?;
        Ok(Offer {
            name,
            version,
            before,
            unchecked: required.is_none() && supplied.signature.is_some(),
            key: required,
            reaches,
            known: false,
            path: path.map(str::to_owned),
            wasm: supplied.wasm,
        })
    }

    /// A former version once more: the one that ran before, or the one whose digest begins so.
    ///
    /// # Errors
    ///
    /// When none is kept, or its file is not what it was.
    pub async fn offer_former(&self, name: &str, digest: Option<&str>) -> Result<Offer, HostError> {
        let before = self.installed(name)?;
        let found = match digest {
            None => {
                before.former.first().ok_or_else(|| InstalledFault::NoFormer { name: name.to_owned() })?
            }
            Some(digest) => before.version(digest).ok_or_else(|| InstalledFault::NoSuchVersion {
                name: name.to_owned(),
                digest: digest.to_owned(),
                kept: before.former.iter().map(|version| version.sha256.clone()).collect(),
            })?,
        };
        let version = found.clone();
        let wasm = self.component(name, &version)?;
        let refused = |error| HostError::Connector { name: name.to_owned(), error: Box::new(error) };
        let connector = Connector::load(self.engine()?, &wasm).await.map_err(refused)?;
        let differences = crate::installed::unlike(&version.description, connector.description());
        if !differences.is_empty() {
            let (name, sha256) = (name.to_owned(), version.sha256);
            return Err(InstalledFault::Unlike { name, sha256, differences }.into());
        }
        let reaches = self.reaches(name, None, &connector, Some(&version)).await?;
        let key = before.key.clone();
        let name = name.to_owned();
        Ok(Offer {
            name,
            version,
            before: Some(before),
            key,
            unchecked: false,
            reaches,
            known: true,
            path: None,
            wasm,
        })
    }

    /// What a version makes of the settings of each connection that goes by it, or will.
    async fn reaches(
        &self,
        name: &str,
        path: Option<&str>,
        connector: &Connector,
        former: Option<&Version>,
    ) -> Result<Vec<Reach>, HostError> {
        let mut reaches = Vec::new();
        for connection in self.store.connections()? {
            if connection.connector == name || Some(connection.connector.as_str()) == path {
                let before = former.and_then(|version| version.origins.get(&connection.id));
                reaches.push(self.reach(&connection, connector, before).await?);
            }
        }
        Ok(reaches)
    }

    /// `before` is what the connection had agreed to when it went by that version.
    async fn reach(
        &self,
        connection: &Connection,
        connector: &Connector,
        before: Option<&Vec<Origin>>,
    ) -> Result<Reach, HostError> {
        let mut reach = Reach {
            connection: connection.name.clone(),
            more: Vec::new(),
            told: Vec::new(),
            agreed: Agreed {
                connection: connection.id,
                settings: connection.settings.clone(),
                origins: None,
            },
        };
        let logins = &connector.description().logins;
        if !logins.iter().any(|login| login.name == connection.login) {
            reach.more.push(format!(
                "cannot sign in any more: there is no login `{}` in this version; add the connection again",
                connection.login
            ));
            return Ok(reach);
        }
        match connector.configure(&connection.settings, &connection.login).await? {
            Ok(plan) => {
                let agreed = [connection.origins.as_slice(), before.map_or(&[], Vec::as_slice)].concat();
                reach.more = beyond_words(&beyond(&plan.origins, &agreed));
                let lacking = self.lacking_scopes(connection, &plan.scopes).unwrap_or_default();
                if !lacking.is_empty() {
                    reach.told.push(format!(
                        "needs what its sign-in was not granted ({}): `weir login {}`",
                        lacking.join(", "),
                        connection.name
                    ));
                }
                reach.agreed.origins = Some(plan.origins);
            }
            Err(issues) => reach.more.extend(issues.iter().map(|issue| {
                format!("is not read before its settings are mended: {} {}", issue.pointer, issue.message)
            })),
        }
        Ok(reach)
    }
}

/// A name goes on to mean the connector that it meant: other code under it would get another's connections.
fn same_connector(name: &str, before: Option<&Installed>, now: &Description) -> Result<(), InstalledFault> {
    match before.map(|installed| &installed.current.description.name) {
        Some(was) if *was != now.name => Err(InstalledFault::OtherConnector {
            name: name.to_owned(),
            was: was.clone(),
            is: now.name.clone(),
        }),
        _ => Ok(()),
    }
}

fn signed(name: &str, required: Option<&KeptKey>, supplied: &Supplied) -> Result<(), InstalledFault> {
    let Some(key) = required else { return Ok(()) };
    let fingerprint = key.fingerprint.clone();
    let Some(signature) = &supplied.signature else {
        return Err(InstalledFault::Unsigned { name: name.to_owned(), fingerprint });
    };
    let checked = PublicKey::from_pem(&key.pem).map_err(|error| error.to_string()).and_then(|key| {
        verify(&supplied.wasm, &supplied.sha256, signature, &key).map(drop).map_err(|error| error.to_string())
    });
    checked.map_err(|reason| InstalledFault::Signature { fingerprint, reason })
}
