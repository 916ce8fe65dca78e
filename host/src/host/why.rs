//! Why a person may or may not read one item.

use std::collections::BTreeMap;

use serde::Serialize;

use super::searchable::LeftOut;
use super::{Host, HostError};
use crate::access::{self, Above, Explanation, Identity, Reason};
use crate::model::Principal;
use crate::store::{ItemNum, Level, Match, Store, StoreError, StoredItem};

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
        self.why_of(item, email)
    }

    /// The same for the person about something that this one may read: None for anything else, as for what is
    /// not there. Of levels that the person may not read it says neither id nor title, and it names no other
    /// readers than those through whom the person is let in.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn own_why(
        &self,
        id: &str,
        email: &str,
        connection: Option<&str>,
    ) -> Result<Option<WhyAnswer>, HostError> {
        let Some(item) = self.readable_item(id, email, connection)? else { return Ok(None) };
        let chain = self.store.chain(item.num)?;
        let mut answer = self.why_of(item, email)?;
        for (place, step) in answer.explanation.steps.iter_mut().enumerate() {
            // New words wait, and a title is one.
            let withheld = chain.get(place).is_none_or(|level| level.withheld);
            if !step.readable || withheld {
                (step.id, step.title) = (String::new(), String::new());
            }
        }
        let through = answer.explanation.steps.iter().filter_map(|step| step.through.as_ref());
        let told: Vec<&String> = through.filter_map(id_of).collect();
        answer.names.retain(|id, _| told.contains(&id));
        // It may have changed between the two looks.
        Ok(Some(answer).filter(|answer| answer.explanation.readable))
    }

    pub(super) fn why_of(&self, item: StoredItem, email: &str) -> Result<WhyAnswer, HostError> {
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

fn id_of(principal: &Principal) -> Option<&String> {
    match principal {
        Principal::User(id) | Principal::Group(id) => Some(id),
        Principal::Members | Principal::Anyone => None,
    }
}

/// The verdict on one item from its own rows, apart from any remembered set.
pub(super) fn explain(store: &Store, num: ItemNum, identity: &Identity) -> Result<Explanation, StoreError> {
    Ok(access::explain(&levels(store, num, identity, FORMER_PLACES_MAX)?, identity))
}

/// How many former places may count one above the other. Each is judged by what was above it then, and
/// whoever goes round in a circle of them is refused.
const FORMER_PLACES_MAX: u32 = 20;

fn levels(
    store: &Store,
    num: ItemNum,
    identity: &Identity,
    former_max: u32,
) -> Result<Vec<access::Level>, StoreError> {
    let chain = store.chain(num)?;
    let mut levels = Vec::with_capacity(chain.len());
    for (place, level) in chain.iter().enumerate() {
        let former = match &level.former {
            None => None,
            Some((parent, access)) => {
                let above = former_above(store, *parent, identity, former_max)?;
                Some(access::Former { access: access.clone(), above })
            }
        };
        levels.push(access::Level { former, ..to_access(level, chain.get(place + 1)) });
    }
    Ok(levels)
}

/// What the person may do above a place that an item has left.
fn former_above(
    store: &Store,
    parent: Option<ItemNum>,
    identity: &Identity,
    former_max: u32,
) -> Result<Above, StoreError> {
    match parent {
        None => Ok(Above::Nothing),
        Some(_) if former_max == 0 => Ok(Above::Lost),
        Some(parent) => {
            let explanation = access::explain(&levels(store, parent, identity, former_max - 1)?, identity);
            let lost = explanation
                .refusal
                .is_some_and(|refusal| matches!(refusal.reason, Reason::Absent | Reason::ParentAbsent));
            let readable = explanation.steps.first().is_some_and(|step| step.readable);
            Ok(if lost { Above::Lost } else { Above::Parent { readable } })
        }
    }
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
        withheld: level.withheld,
        former: None,
    }
}
