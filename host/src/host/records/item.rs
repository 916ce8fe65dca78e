//! One record with all that is known of it.

use std::collections::BTreeMap;

use super::list::{Stated, stated};
use crate::access::{self, Identity, Reason};
use crate::host::feed::Names;
use crate::host::why::explain;
use crate::host::{Host, HostError};
use crate::model::{Access, Connection, Principal, Text};
use crate::store::{FileOutcome, Happening, IndexMode, ItemNum, Level, StoredItem};

/// An item that is there, or what is left of one that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    Here(Box<ItemRecord>),
    Gone(Gone),
}

/// All that is known of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// Its body is as the source told it; `body` is for showing.
    pub item: StoredItem,
    /// Mentions are today's names in it.
    pub body: Option<Text>,
    /// The names of its author and its editor, by user id.
    pub people: BTreeMap<String, String>,
    pub shown: Stated,
    pub file: Option<FileOutcome>,
    pub mode: IndexMode,
    /// Whether it was chosen for manual mode itself, and with what lies below it.
    pub chosen: Option<bool>,
    /// What holds it, from the root down to its parent.
    pub above: Vec<Crumb>,
    /// What each level states of its readers, the item itself first, its root last.
    pub levels: Vec<AccessLevel>,
    /// What the users and groups that the levels name are called, by principal id.
    pub names: BTreeMap<String, String>,
    /// Why nobody at all may read it now, where that is so for a reason that no level states.
    pub shut: Option<Reason>,
    pub history: Vec<Happening>,
}

/// An item that is not there any more, or never was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub connection: String,
    pub id: String,
    /// It is in the source's bin.
    pub binned: bool,
    /// Empty if it was only ever named: as the parent of another, or in a list.
    pub history: Vec<Happening>,
}

/// An item on the way from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub id: String,
    /// Its id, if it was never read or is gone.
    pub title: String,
    pub kind: String,
    pub present: bool,
}

/// What one level states of the readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLevel {
    pub at: Crumb,
    pub access: Access,
    /// Its words are shown to nobody yet.
    pub withheld: bool,
    /// The place it had before, where a reader must be let in as well until the new one has settled.
    pub former: Option<FormerPlace>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerPlace {
    /// What held it; None if nothing did.
    pub below: Option<Crumb>,
    pub access: Access,
}

impl Host {
    /// All that is known of an item, by its whole id.
    ///
    /// # Errors
    ///
    /// When there is no such connection, it never told of such an item, or the store cannot be read.
    pub fn record(&self, connection: &str, id: &str) -> Result<Looked, HostError> {
        let connection = self.store.connection(connection)?;
        match self.store.items_with_id(Some(connection.id), id)?.pop() {
            Some(item) => Ok(Looked::Here(Box::new(self.here(&connection, item)?))),
            None => self.gone_record(connection, id).map(Looked::Gone),
        }
    }

    fn gone_record(&self, connection: Connection, id: &str) -> Result<Gone, HostError> {
        let found = self.store.gone_item(connection.id, id)?;
        let found = found.ok_or_else(|| HostError::UnknownItem { id: id.to_owned() })?;
        let history = self.store.history(found.num)?;
        Ok(Gone { connection: connection.name, id: id.to_owned(), binned: found.binned, history })
    }

    fn here(&self, connection: &Connection, item: StoredItem) -> Result<ItemRecord, HostError> {
        let (store, num) = (&self.store, item.num);
        let gone = || HostError::UnknownItem { id: item.id.clone() };
        let line = store.record_line(num)?.ok_or_else(gone)?;
        let chain = store.chain(num)?;
        let levels = self.levels(&chain)?;
        let named: Vec<Principal> = levels.iter().flat_map(AccessLevel::named).cloned().collect();
        let people: Vec<String> = [&item.author, &item.editor].into_iter().flatten().cloned().collect();
        let mut above = crumbs(&chain);
        above.pop();
        Ok(ItemRecord {
            body: self.resolved(&item)?,
            people: store.user_names(connection.id, &people)?,
            shown: stated(line, &*self.forests()?),
            file: store.file_outcome(num)?,
            mode: store.index_mode(connection.id)?,
            chosen: store.choice(num)?,
            above,
            names: store.principal_names(connection.id, &named)?,
            levels,
            shut: self.shut(num)?,
            history: store.history(num)?,
            item,
        })
    }

    /// A body with mentions as the names that users have today. What is plain has no mentions, only words like them.
    pub fn resolved(&self, item: &StoredItem) -> Result<Option<Text>, HostError> {
        let Some(body) = &item.body else { return Ok(None) };
        let value = match body.format {
            crate::model::TextFormat::Plain => body.value.clone(),
            _ => Names::default().resolved(&self.store, item)?,
        };
        Ok(Some(Text { format: body.format, value }))
    }

    fn levels(&self, chain: &[Level]) -> Result<Vec<AccessLevel>, HostError> {
        let mut levels = Vec::with_capacity(chain.len());
        for level in chain {
            let former = match &level.former {
                None => None,
                Some((parent, access)) => {
                    let below = parent.map(|num| self.crumb(num)).transpose()?.flatten();
                    Some(FormerPlace { below, access: access.clone() })
                }
            };
            let (access, withheld) = (level.access.clone(), level.withheld);
            levels.push(AccessLevel { at: crumb(level), access, withheld, former });
        }
        Ok(levels)
    }

    fn crumb(&self, num: ItemNum) -> Result<Option<Crumb>, HostError> {
        Ok(self.store.chain(num)?.first().map(crumb))
    }

    /// Judged for a stranger, whom no level names: what is left are the reasons that hold for everybody.
    fn shut(&self, num: ItemNum) -> Result<Option<Reason>, HostError> {
        let refusal = explain(&self.store, num, &Identity::default())?.refusal.map(|refusal| refusal.reason);
        Ok(refusal.filter(|reason| !matches!(reason, Reason::NotNamed | Reason::Unsettled)))
    }
}

impl AccessLevel {
    fn named(&self) -> impl Iterator<Item = &Principal> {
        let former = self.former.iter().flat_map(|former| access::principals(&former.access));
        access::principals(&self.access).iter().chain(former)
    }
}

/// From the root down to the item itself.
pub(super) fn crumbs(chain: &[Level]) -> Vec<Crumb> {
    chain.iter().rev().map(crumb).collect()
}

fn crumb(level: &Level) -> Crumb {
    Crumb {
        id: level.id.clone(),
        title: level.title.clone().unwrap_or_else(|| level.id.clone()),
        kind: level.kind.clone().unwrap_or_default(),
        present: level.present,
    }
}
