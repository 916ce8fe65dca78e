//! What a comment or an attachment is shown with: the page that it hangs on.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;

use super::why::explain;
use crate::access::Identity;
use crate::model::ConnectionId;
use crate::store::{Store, StoreError, StoredItem};

/// What an item hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anchor {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub url: String,
}

/// The kinds that hang on others, by connection, looked up once.
#[derive(Default)]
pub(super) struct Anchors(HashMap<ConnectionId, Vec<String>>);

impl Anchors {
    /// The nearest item above this one that does not hang on another itself: a reply hangs on a page through
    /// the comment that it answers. None for what hangs on nothing, and where the person may not read what it
    /// hangs on; that is judged by its own rows, since its words may be withheld.
    pub fn anchor(
        &mut self,
        store: &Store,
        item: &StoredItem,
        identity: &Identity,
    ) -> Result<Option<Anchor>, StoreError> {
        let hanging = self.hanging(store, item.connection)?;
        let hangs = |kind: &str| hanging.iter().any(|hanging| hanging == kind);
        if !hangs(&item.kind) {
            return Ok(None);
        }
        let chain = store.chain(item.num)?;
        let above = chain.iter().skip(1).find(|level| !level.kind.as_deref().is_some_and(hangs));
        let Some(above) = above.filter(|level| level.present) else { return Ok(None) };
        if !explain(store, above.num, identity)?.readable {
            return Ok(None);
        }
        let found = store.items_by_num(&[above.num])?.pop();
        Ok(found.map(|StoredItem { id, kind, title, url, .. }| Anchor { id, kind, title, url }))
    }

    fn hanging(&mut self, store: &Store, connection: ConnectionId) -> Result<&[String], StoreError> {
        match self.0.entry(connection) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let kinds = store.kinds(connection)?.into_iter().filter(|kind| kind.inherits);
                Ok(unknown.insert(kinds.map(|kind| kind.name).collect()))
            }
        }
    }
}
