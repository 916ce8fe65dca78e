//! Who may read what, and what of it is searched, remembered for as long as the store says that
//! nothing changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::searchable::Searchable;
use super::{Host, HostError};
use crate::access::{Forest, Identity, NumSet};
use crate::model::ConnectionId;
use crate::store::{Match, Store, StoreError};

/// People whose sets are kept; at a million items a set is 125 kB.
const ASKERS_KEPT_MAX: usize = 256;

/// The forests of all connections and the sets of those who asked lately.
#[derive(Default)]
pub struct Readers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The access generation that everything here is of.
    generation: u64,
    forests: Option<Arc<Forests>>,
    askers: HashMap<String, Arc<Asker>>,
}

/// Every connection's items, what they state of their readers, and which of them are searched.
pub struct Forests {
    all: Vec<(ConnectionId, Forest, Searchable)>,
    /// What all connections let be found.
    searched: NumSet,
}

/// A person who asks, at every connection.
#[derive(Debug)]
pub struct Asker {
    /// Who the person is where, and how that was found out.
    pub known: Vec<(ConnectionId, Identity, Match)>,
    /// The numbers of all items that the person may read.
    pub readable: NumSet,
}

impl Asker {
    /// Somebody unknown where the connection has never heard of the person.
    pub fn identity(&self, connection: ConnectionId) -> Identity {
        let found = self.known.iter().find(|(id, ..)| *id == connection);
        found.map(|(_, identity, _)| identity.clone()).unwrap_or_default()
    }
}

impl Forests {
    /// The items that are, or lie under, any of these.
    pub fn under(&self, roots: &[u32]) -> NumSet {
        let mut all = NumSet::new();
        for (_, forest, _) in &self.all {
            all.union(&forest.under(roots));
        }
        all
    }

    /// What a connection lets be found; None for a connection that is not there.
    pub fn searchable(&self, connection: ConnectionId) -> Option<&Searchable> {
        self.all.iter().find(|(id, ..)| *id == connection).map(|(_, _, searchable)| searchable)
    }

    /// The items of one connection, or of each, and which of them are searched.
    pub(super) fn of(
        &self,
        connection: Option<ConnectionId>,
    ) -> impl Iterator<Item = (&Forest, &Searchable)> {
        let wanted = move |id: ConnectionId| connection.is_none_or(|connection| connection == id);
        self.all
            .iter()
            .filter(move |(id, ..)| wanted(*id))
            .map(|(_, forest, searchable)| (forest, searchable))
    }

    /// Those of these items that can be found.
    pub fn searched(&self, items: &NumSet) -> NumSet {
        let mut searched = items.clone();
        searched.intersect(&self.searched);
        searched
    }
}

impl Readers {
    /// The person with this e-mail, and all items, as of now.
    ///
    /// # Errors
    ///
    /// When the store cannot be read: then nobody reads anything.
    pub fn asker(&self, store: &Store, email: &str) -> Result<(Arc<Asker>, Arc<Forests>), StoreError> {
        let generation = store.generation()?;
        let email = email.trim().to_lowercase();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let forests = kept.forests(store, generation)?;
        if let Some(asker) = kept.askers.get(&email) {
            return Ok((Arc::clone(asker), forests));
        }
        let asker = Arc::new(ask(store, &forests, &email)?);
        if kept.askers.len() >= ASKERS_KEPT_MAX {
            kept.askers.clear();
        }
        kept.askers.insert(email, Arc::clone(&asker));
        Ok((asker, forests))
    }

    /// All items as of now, for an administrator.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn forests(&self, store: &Store) -> Result<Arc<Forests>, StoreError> {
        let generation = store.generation()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).forests(store, generation)
    }
}

impl Host {
    /// Every connection's items and which of them are searched, as of now.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn forests(&self) -> Result<Arc<Forests>, HostError> {
        Ok(self.readers.forests(&self.store)?)
    }
}

impl Kept {
    /// The generation was read before what it guards: a change that comes between makes the
    /// next question load again, never this answer last.
    fn forests(&mut self, store: &Store, generation: u64) -> Result<Arc<Forests>, StoreError> {
        if self.generation != generation {
            *self = Kept { generation, ..Kept::default() };
        }
        match &self.forests {
            Some(forests) => Ok(Arc::clone(forests)),
            None => Ok(Arc::clone(self.forests.insert(Arc::new(load(store)?)))),
        }
    }
}

fn load(store: &Store) -> Result<Forests, StoreError> {
    let mut forests = Forests { all: Vec::new(), searched: NumSet::new() };
    for connection in store.connections()? {
        let rows = store.access_rows(connection.id)?;
        let present: NumSet = rows.nodes.iter().map(|(num, ..)| *num).collect();
        let forest = Forest::with_waiting(rows.nodes, rows.statements, &rows.waiting);
        let searchable = Searchable::new(&store.search_rows(connection.id)?, present, &forest);
        forests.searched.union(searchable.items());
        forests.all.push((connection.id, forest, searchable));
    }
    Ok(forests)
}

fn ask(store: &Store, forests: &Forests, email: &str) -> Result<Asker, StoreError> {
    let mut asker = Asker { known: Vec::new(), readable: NumSet::new() };
    for (connection, forest, _) in &forests.all {
        let (identity, found) = store.identity(*connection, email)?;
        asker.readable.union(&forest.readable(&identity));
        asker.known.push((*connection, identity, found));
    }
    Ok(asker)
}
