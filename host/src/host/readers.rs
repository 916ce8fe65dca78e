//! Who may read what, remembered for as long as the store says that nothing changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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

/// Every connection's items and what they state of their readers.
pub struct Forests(Vec<(ConnectionId, Forest)>);

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
        for (_, forest) in &self.0 {
            all.union(&forest.under(roots));
        }
        all
    }
}

impl Readers {
    /// The person with this e-mail, and all items, as of now.
    ///
    /// The generation is read before what it guards: a change that comes between makes the
    /// next question load again, never this answer last.
    ///
    /// # Errors
    ///
    /// When the store cannot be read: then nobody reads anything.
    pub fn asker(&self, store: &Store, email: &str) -> Result<(Arc<Asker>, Arc<Forests>), StoreError> {
        let generation = store.generation()?;
        let email = email.trim().to_lowercase();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.generation != generation {
            *kept = Kept { generation, ..Kept::default() };
        }
        let forests = match &kept.forests {
            Some(forests) => Arc::clone(forests),
            None => Arc::clone(kept.forests.insert(Arc::new(forests(store)?))),
        };
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
}

fn forests(store: &Store) -> Result<Forests, StoreError> {
    let mut all = Vec::new();
    for connection in store.connections()? {
        let rows = store.access_rows(connection.id)?;
        all.push((connection.id, Forest::new(rows.nodes, rows.statements)));
    }
    Ok(Forests(all))
}

fn ask(store: &Store, forests: &Forests, email: &str) -> Result<Asker, StoreError> {
    let mut asker = Asker { known: Vec::new(), readable: NumSet::new() };
    for (connection, forest) in &forests.0 {
        let (identity, found) = store.identity(*connection, email)?;
        asker.readable.union(&forest.readable(&identity));
        asker.known.push((*connection, identity, found));
    }
    Ok(asker)
}
