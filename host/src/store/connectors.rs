//! Connectors that are installed: their versions, and which connections go by them.
//!
//! One transaction puts a version in another's place, with all that was agreed to for its connections: either all of it
//! is so, or none. Whoever asks for it says what the people who agreed have seen, and is refused if it has changed since.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Transaction, params};

use crate::installed::{Installed, InstalledFault, KeptKey, Version};
use crate::model::{ConnectionId, Origin};

use super::connections::{self, from_json, to_json};
use super::{Store, StoreError};

/// A version that takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installing<'a> {
    pub name: &'a str,
    pub version: &'a Version,
    /// The key that later versions have to be signed by.
    pub key: Option<&'a KeptKey>,
    /// The digest that ran before, as people saw it; none for a name that was free.
    pub before: Option<&'a str>,
    /// Connections that name this path go by the connector from now on.
    pub path: Option<&'a str>,
    /// All connections that go by it, and what was agreed to for each.
    pub connections: &'a [Agreed],
    /// Former versions that are kept.
    pub former_max: usize,
}

/// What was agreed to for a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    pub connection: ConnectionId,
    /// The settings for which it was: others may ask for other origins.
    pub settings: String,
    /// None if the version refuses these settings: its origins stay.
    pub origins: Option<Vec<Origin>>,
}

impl Store {
    /// All that are installed, by name; the built-in one is not among them.
    pub fn installed(&self) -> Result<Vec<Installed>, StoreError> {
        self.read("list the connectors", list)
    }

    /// # Errors
    /// [`InstalledFault::Unknown`], which lists those there are.
    pub fn installed_connector(&self, name: &str) -> Result<Installed, StoreError> {
        self.read("find the connector", |tx| find(tx, name)?.map_or_else(|| Err(unknown(tx, name)), Ok))
    }

    /// The digests of all versions that are kept: their files stay.
    pub fn component_digests(&self) -> Result<BTreeSet<String>, StoreError> {
        self.read("list the components", |tx| {
            let mut statement = tx.prepare("SELECT sha256 FROM connector_versions")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Puts a version in its place, and forgets versions that are too old.
    ///
    /// # Errors
    /// [`InstalledFault::ChangedMeanwhile`] if the connector, or what goes by it, is not what people saw.
    pub fn install(&self, new: &Installing<'_>) -> Result<(), StoreError> {
        let text = to_json(new.version)?;
        self.write("install the connector", |tx| {
            let before = find(tx, new.name)?.map(|installed| installed.current);
            if before.as_ref().map(|version| version.sha256.as_str()) != new.before {
                return Err(InstalledFault::ChangedMeanwhile.into());
            }
            if let Some(before) = before {
                remember(tx, new.name, before)?;
            }
            let key = (new.key.map(|key| &key.pem), new.key.map(|key| &key.fingerprint));
            let sql = "INSERT INTO connectors (name, key, fingerprint) VALUES (?1, ?2, ?3)
                       ON CONFLICT (name) DO UPDATE SET key = ?2, fingerprint = ?3";
            tx.execute(sql, params![new.name, key.0, key.1])?;
            let sql = "INSERT INTO connector_versions (connector, sha256, turn, version)
                       VALUES (?1, ?2, (SELECT ifnull(max(turn), 0) + 1 FROM connector_versions), ?3)
                       ON CONFLICT (connector, sha256) DO UPDATE SET turn = excluded.turn, version = excluded.version";
            tx.execute(sql, params![new.name, new.version.sha256, text])?;
            repoint(tx, new)?;
            agree(tx, new)?;
            forget_old(tx, new)
        })
    }

    /// Forgets a connector with all its versions, and tells what it was.
    ///
    /// # Errors
    /// [`InstalledFault::Used`] while a connection goes by it.
    pub fn uninstall(&self, name: &str) -> Result<Installed, StoreError> {
        self.write("remove the connector", |tx| {
            let Some(installed) = find(tx, name)? else { return Err(unknown(tx, name)) };
            let connections: Vec<String> = users(tx, name)?.into_values().collect();
            if !connections.is_empty() {
                return Err(InstalledFault::Used { name: name.to_owned(), connections }.into());
            }
            tx.execute("DELETE FROM connectors WHERE name = ?1", [name])?;
            Ok(installed)
        })
    }
}

fn list(tx: &Transaction<'_>) -> Result<Vec<Installed>, StoreError> {
    let mut statement = tx.prepare("SELECT name FROM connectors ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let found = names.iter().map(|name| find(tx, name)).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn find(tx: &Transaction<'_>, name: &str) -> Result<Option<Installed>, StoreError> {
    let sql = "SELECT key, fingerprint FROM connectors WHERE name = ?1";
    let row = tx.query_row(sql, [name], |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
    });
    let Some((pem, fingerprint)) = row.optional()? else { return Ok(None) };
    let key = pem.zip(fingerprint).map(|(pem, fingerprint)| KeptKey { pem, fingerprint });
    let mut statement =
        tx.prepare("SELECT version FROM connector_versions WHERE connector = ?1 ORDER BY turn DESC")?;
    let texts = statement.query_map([name], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    let versions = texts.iter().map(|text| from_json("a connector's version", text));
    let mut versions = versions.collect::<Result<Vec<Version>, _>>()?.into_iter();
    // A name is never kept without a version.
    let Some(current) = versions.next() else { return Ok(None) };
    Ok(Some(Installed { name: name.to_owned(), key, current, former: versions.collect() }))
}

/// Those that there are, the built-in one first.
fn unknown(tx: &Transaction<'_>, name: &str) -> StoreError {
    let names = list(tx).unwrap_or_default().into_iter().map(|installed| installed.name);
    let known = std::iter::once(crate::installed::BUILT_IN.to_owned()).chain(names).collect();
    InstalledFault::Unknown { name: name.to_owned(), known }.into()
}

/// Connections that go by a connector, by name.
fn users(tx: &Transaction<'_>, connector: &str) -> Result<BTreeMap<ConnectionId, String>, StoreError> {
    let sql = "SELECT id, name FROM connections WHERE connector = ?1 AND removing IS NULL ORDER BY name";
    let mut statement = tx.prepare(sql)?;
    let rows = statement.query_map([connector], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the connections of a version have agreed to, kept with it before another takes its place.
fn remember(tx: &Transaction<'_>, connector: &str, version: Version) -> Result<(), StoreError> {
    let mut origins = BTreeMap::new();
    for connection in connections::list(tx)? {
        if connection.connector == connector {
            origins.insert(connection.id, connection.origins);
        }
    }
    let text = to_json(&Version { origins, ..version.clone() })?;
    let sql = "UPDATE connector_versions SET version = ?3 WHERE connector = ?1 AND sha256 = ?2";
    tx.execute(sql, params![connector, version.sha256, text])?;
    Ok(())
}

fn repoint(tx: &Transaction<'_>, new: &Installing<'_>) -> Result<(), StoreError> {
    let Some(path) = new.path else { return Ok(()) };
    let sql = "UPDATE connections SET connector = ?2 WHERE connector = ?1 AND removing IS NULL";
    tx.execute(sql, params![path, new.name])?;
    Ok(())
}

/// Every connection that goes by it is one that people were asked about, with the settings that they saw.
fn agree(tx: &Transaction<'_>, new: &Installing<'_>) -> Result<(), StoreError> {
    let asked: BTreeSet<ConnectionId> = new.connections.iter().map(|agreed| agreed.connection).collect();
    if !users(tx, new.name)?.into_keys().eq(asked) {
        return Err(InstalledFault::ChangedMeanwhile.into());
    }
    for Agreed { connection, settings, origins } in new.connections {
        let origins = origins.as_ref().map(to_json).transpose()?;
        let sql = "UPDATE connections SET origins = ifnull(?3, origins) WHERE id = ?1 AND settings = ?2";
        if tx.execute(sql, params![connection, settings, origins])? == 0 {
            return Err(InstalledFault::ChangedMeanwhile.into());
        }
    }
    Ok(())
}

fn forget_old(tx: &Transaction<'_>, new: &Installing<'_>) -> Result<(), StoreError> {
    let sql = "DELETE FROM connector_versions WHERE connector = ?1 AND sha256 NOT IN
               (SELECT sha256 FROM connector_versions WHERE connector = ?1 ORDER BY turn DESC LIMIT ?2)";
    let kept = i64::try_from(new.former_max.saturating_add(1)).unwrap_or(i64::MAX);
    tx.execute(sql, params![new.name, kept])?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Description;
    use crate::store::NewConnection;
    use crate::store::testing::{Fixture, fixture, new_connection};

    fn version(number: &str) -> Version {
        Version {
            sha256: crate::tape::sha256(number.as_bytes()),
            from: "/feed.wasm".into(),
            bytes: 1,
            contract: "0.2.0".into(),
            imports: Vec::new(),
            description: Description {
                name: "feed".into(),
                title: "Feeds".into(),
                version: number.into(),
                documentation: None,
                settings_schema: "{}".into(),
                logins: Vec::new(),
                datasets: Vec::new(),
                kinds: Vec::new(),
                bounds: None,
            },
            signed_by: None,
            agreed: 1,
            origins: BTreeMap::new(),
        }
    }

    fn install(
        site: &Fixture,
        number: &str,
        before: Option<&str>,
        connections: &[Agreed],
    ) -> Result<(), StoreError> {
        let (version, before) = (version(number), before.map(|before| version(before).sha256));
        site.store.install(&Installing {
            name: "feed",
            version: &version,
            key: None,
            before: before.as_deref(),
            path: Some("/old/feed.wasm"),
            connections,
            former_max: 1,
        })
    }

    fn numbers(site: &Fixture) -> Vec<String> {
        let Installed { current, former, .. } = site.store.installed_connector("feed").unwrap();
        [current].into_iter().chain(former).map(|version| version.description.version).collect()
    }

    #[test]
    fn the_latest_runs_the_one_before_is_kept_and_older_ones_go() {
        let site = fixture();
        install(&site, "1", None, &[]).unwrap();
        install(&site, "2", Some("1"), &[]).unwrap();
        assert_eq!(numbers(&site), ["2", "1"]);
        install(&site, "1", Some("2"), &[]).unwrap();
        assert_eq!(numbers(&site), ["1", "2"], "going back keeps what it went back from");
        install(&site, "3", Some("1"), &[]).unwrap();
        assert_eq!(numbers(&site), ["3", "1"]);
        assert_eq!(site.store.component_digests().unwrap().len(), 2);
    }

    #[test]
    fn what_changed_since_people_looked_is_not_taken_for_agreed() {
        let site = fixture();
        install(&site, "1", None, &[]).unwrap();
        let refused = |done: Result<(), StoreError>| {
            matches!(done, Err(StoreError::Installed(InstalledFault::ChangedMeanwhile)))
        };
        assert!(refused(install(&site, "2", None, &[])), "the name was free then");
        assert!(refused(install(&site, "2", Some("0"), &[])), "another version ran then");
        let new = NewConnection { connector: "feed".into(), ..new_connection("news") };
        let news = site.store.add_connection(&new, 1).unwrap();
        assert!(refused(install(&site, "2", Some("1"), &[])), "a connection came meanwhile");
        let agreed = |settings: &str| {
            vec![Agreed { connection: news.id, settings: settings.into(), origins: Some(Vec::new()) }]
        };
        assert!(
            refused(install(&site, "2", Some("1"), &agreed("{\"other\":1}"))),
            "its settings were others"
        );
        assert_eq!(numbers(&site), ["1"]);
        install(&site, "2", Some("1"), &agreed("{}")).unwrap();
        assert_eq!(numbers(&site), ["2", "1"]);
    }

    #[test]
    fn a_connection_that_names_the_file_goes_by_the_connector_and_keeps_it_there() {
        let site = fixture();
        let new = NewConnection { connector: "/old/feed.wasm".into(), ..new_connection("news") };
        let news = site.store.add_connection(&new, 1).unwrap();
        let agreed = [Agreed { connection: news.id, settings: "{}".into(), origins: None }];
        install(&site, "1", None, &agreed).unwrap();
        assert_eq!(site.store.connection("news").unwrap().connector, "feed");
        let used = site.store.uninstall("feed").unwrap_err().to_string();
        assert_eq!(
            used,
            "`feed` is used by news: remove these connections first (`weir connection remove NAME`)"
        );
        site.store.begin_removal("news").unwrap();
        site.store.uninstall("feed").unwrap();
        let unknown = site.store.installed_connector("feed").unwrap_err().to_string();
        assert!(unknown.starts_with("there is no connector `feed`; there are: confluence"), "{unknown}");
    }
}
