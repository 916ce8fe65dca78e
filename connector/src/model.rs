//! The contract's words as plain values, so that nothing but `component` knows generated types.
//!
//! Each type means exactly what `wit/` says of its namesake; cases this connector never produces
//! are absent.

/// One account on one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// JSON, as `configure` returned it.
    pub settings: String,
    /// JSON, as `authenticate` returned it.
    pub session: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    pub id: String,
    pub label: String,
    pub token: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    Everything,
    Inventory,
    Since(String),
    After(String),
}

/// The answer to one read. `remaining` and `pause` are not offered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub changes: Vec<Change>,
    /// The cursor of the next page; none when that was all.
    pub next: Option<String>,
    /// When that was all: where the next read may begin, for datasets that can be read so.
    pub checkpoint: Option<String>,
}

/// An item that the host kept, and what holds it, from the nearest to the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    pub item: Outline,
    pub above: Vec<Outline>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub id: String,
    pub kind: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub created: Option<u64>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub updated: Option<u64>,
    pub properties: Vec<(String, String)>,
}

/// About how much there is of something, and what reading all of it once costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    pub dataset: &'static str,
    /// In the plural, for people.
    pub what: &'static str,
    pub items: u64,
    pub requests: u64,
    /// Atlassian's.
    pub points: u64,
    /// Whether a guess is part of it.
    pub rough: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Upsert(Box<Item>),
    Delete(String),
    Binned(String),
    Seen(Summary),
    User(User),
    Group(Group),
    Member(Membership),
    Activity(Activity),
    Failed(Failure),
}

/// As much of an item as an inventory needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub id: String,
    pub parent: Option<String>,
    pub version: String,
    /// None if this read does not tell.
    pub access: Option<Access>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    pub kind: &'static str,
    pub parent: Option<String>,
    pub version: String,
    pub title: String,
    pub url: String,
    /// Markdown.
    pub body: Option<String>,
    pub file: Option<File>,
    pub access: Access,
    pub author: Option<String>,
    pub editor: Option<String>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub created: Option<u64>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub updated: Option<u64>,
    pub properties: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub link: String,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    Inherited,
    Narrowed(Vec<Principal>),
    Replaced(Vec<Principal>),
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    User(String),
    Group(String),
    Members,
    Anyone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Member,
    Guest,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    pub name: String,
}

/// Groups of Atlassian's cloud are flat; what has groups for members stands for an access class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub group: String,
    pub member: Principal,
}

/// One record of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub id: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at: u64,
    pub actor: Option<String>,
    pub summary: String,
    pub subject: String,
    /// JSON, as the site gave it.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub id: String,
    pub url: Option<String>,
    pub reason: String,
}
