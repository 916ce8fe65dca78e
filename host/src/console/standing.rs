//! How a connection stands, gathered once for pages and API.

use std::sync::{Mutex, PoisonError};

use super::{Console, Trouble};
use crate::host::{BUILT_IN, Host, HostError, Turn};
use crate::live::Seen;
use crate::store::{Overview, SearchedKind};

/// A connection as it stands now.
#[derive(Debug, Clone)]
pub struct Standing {
    pub turn: Turn,
    pub overview: Overview,
    /// In the connector's order; empty before the first run.
    pub kinds: Vec<SearchedKind>,
    /// Deletions that wait for a person.
    pub undecided: u64,
    /// What goes on at it.
    pub seen: Option<Seen>,
    /// What its connector is called.
    pub connector: String,
}

/// What the built-in connector is called.
#[derive(Default)]
pub struct Title(Mutex<Option<String>>);

impl Standing {
    /// How many items of each kind there are, by title, in the connector's order; kinds of which there are none
    /// are left out.
    #[must_use]
    pub fn counts(&self) -> Vec<(&str, &str, u64)> {
        let known = self.kinds.iter().map(|kind| (kind.name.as_str(), kind.title.as_str()));
        let named = |name: &str| self.kinds.iter().any(|kind| kind.name == name);
        let others = self.overview.items_by_kind.keys().filter(|kind| !named(kind));
        let all = known.chain(others.map(|kind| (kind.as_str(), kind.as_str())));
        let counted = all.filter_map(|(kind, title)| {
            self.overview
                .items_by_kind
                .get(kind)
                .filter(|items| **items > 0)
                .map(|items| (kind, title, *items))
        });
        counted.collect()
    }
}

impl Console {
    /// All connections by name.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn standings(&self) -> Result<Vec<Standing>, Trouble> {
        let found = self
            .with_host(|host| {
                let turns = host.turns()?.into_iter();
                // One that was removed since is left out.
                Ok(turns.filter_map(|turn| standing(host, turn).ok()).collect::<Vec<_>>())
            })
            .await?;
        let mut all = Vec::with_capacity(found.len());
        for standing in found {
            all.push(self.titled(standing).await);
        }
        Ok(all)
    }

    /// One connection.
    ///
    /// # Errors
    ///
    /// When there is no such connection.
    pub async fn standing(&self, name: &str) -> Result<Standing, Trouble> {
        let name = name.to_owned();
        let found = self.with_host(move |host| standing(host, host.turn(&name)?)).await?;
        Ok(self.titled(found).await)
    }

    /// A connector that is not installed is called what the connection calls it.
    async fn titled(&self, standing: Standing) -> Standing {
        let name = &standing.overview.connection.connector;
        let title = match self.host().installed_title(name) {
            Some(title) => title,
            None if name == BUILT_IN => self.built_in_title().await,
            None => name.clone(),
        };
        Standing { connector: title, ..standing }
    }

    /// To find it out, the component is loaded; it is the same as long as the process runs.
    async fn built_in_title(&self) -> String {
        let known = || self.title().0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(title) = known().clone() {
            return title;
        }
        let Ok(connector) = self.host().connector(BUILT_IN).await else { return BUILT_IN.to_owned() };
        let title = connector.description().title.clone();
        *known() = Some(title.clone());
        title
    }
}

fn standing(host: &Host, turn: Turn) -> Result<Standing, HostError> {
    let overview = host.store().overview(&turn.name)?;
    let kinds = host.store().kinds(turn.connection)?;
    let undecided = host.store().undecided(turn.connection)?;
    let seen = host.live().seen(turn.connection);
    Ok(Standing { turn, overview, kinds, undecided, seen, connector: String::new() })
}
