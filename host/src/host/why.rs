//! Why a person may or may not read one item.

use std::collections::BTreeMap;

use serde::Serialize;

use super::searchable::LeftOut;
use super::{Host, HostError};
use crate::access::{self, Explanation, Identity};
use crate::model::Principal;
use crate::store::{ItemNum, Level, Match, Store, StoreError};

/// The levels of an item's access, and who the person is to its source.
#[derive(Debug, Clone, Serialize)]
pub struct WhyAnswer {
    pub connection: String,
    pub id: String,
    pub title: String,
    pub url: String,
    /// Facts the source tells of it: labels, whether a comment is resolved.
    pub properties: Vec<(String, String)>,
    /// Why nobody finds it in a search, although somebody may read it; None if it can be found.
    pub left_out: Option<LeftOut>,
    pub matched: Match,
    /// The person's principal id at the source, if matched.
    pub user: Option<String>,
    pub explanation: Explanation,
    /// What the users and groups that the levels name are called, by principal id.
    pub names: BTreeMap<String, String>,
}

impl Host {
    /// Explains one item to one person, from the store as it is now.
    ///
    /// # Errors
    ///
    /// When nothing or several things are named so; see [`Host::item`].
    pub fn why(&self, id: &str, email: &str, connection: Option<&str>) -> Result<WhyAnswer, HostError> {
        let item = self.item(id, connection)?;
        let (identity, matched) = self.store.identity(item.connection, email)?;
        let explanation = explain(&self.store, item.num, &identity)?;
        let named: Vec<Principal> =
            explanation.steps.iter().flat_map(|step| access::principals(&step.access)).cloned().collect();
        let names = self.store.principal_names(item.connection, &named)?;
        let forests = self.forests()?;
        let left_out = forests.searchable(item.connection).and_then(|all| all.left_out(item.num, &item.kind));
        Ok(WhyAnswer {
            connection: item.connection_name,
            id: item.id,
            title: item.title,
            url: item.url,
            properties: item.properties,
            left_out,
            matched,
            user: identity.user,
            explanation,
            names,
        })
    }
}

/// The verdict on one item from its own rows, apart from any remembered set.
pub(super) fn explain(store: &Store, num: ItemNum, identity: &Identity) -> Result<Explanation, StoreError> {
    let chain = store.chain(num)?;
    let levels: Vec<access::Level> =
        chain.iter().enumerate().map(|(place, level)| to_access(level, chain.get(place + 1))).collect();
    Ok(access::explain(&levels, identity))
}

fn to_access(level: &Level, above: Option<&Level>) -> access::Level {
    let parent = level.parent_num.map(|num| match above {
        Some(above) if above.num == num => above.id.clone(),
        // The chain broke off below a parent that cannot be followed; naming it keeps the
        // level from being taken for a root.
        _ => format!("#{num}"),
    });
    access::Level {
        id: level.id.clone(),
        kind: level.kind.clone().unwrap_or_default(),
        title: level.title.clone().unwrap_or_default(),
        present: level.present,
        parent,
        access: level.access.clone(),
    }
}
