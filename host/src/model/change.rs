//! Something the host learns from a read.

use serde::{Deserialize, Serialize};

use super::{Access, Item, Principal, Timestamp};

/// One thing learned, in the order to apply it. Applying it twice makes no difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The item exists and this is all of it.
    Upsert(Box<Item>),
    /// The item with this id is gone.
    Delete(String),
    /// The item with this id is in the source's bin.
    Binned(String),
    /// The item exists; only what an inventory needs is said.
    Seen(Summary),
    User(User),
    Group(Group),
    Member(Membership),
    Activity(Activity),
    /// This one item could not be read; the rest of the page stands.
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub id: String,
    pub parent: Option<String>,
    pub version: String,
    /// None if this read does not tell; the host keeps what it knew.
    pub access: Option<Access>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    /// None when the source hides it; an administrator then links the person.
    pub email: Option<String>,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// One of the source's own people: `Principal::Members` includes them.
    Member,
    /// Let in from outside: reads only what names them, or anyone at all.
    Guest,
    /// The account is closed and reads nothing.
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The id of the group.
    pub group: String,
    /// A user or a group.
    pub member: Principal,
}

/// An item that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub id: String,
    pub url: Option<String>,
    pub reason: String,
}

/// One record of the source's audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Unique within a connection.
    pub id: String,
    pub at: Timestamp,
    pub actor: Option<String>,
    pub summary: String,
    pub subject: String,
    /// The whole record as the source gave it: a JSON text.
    pub detail: String,
}
