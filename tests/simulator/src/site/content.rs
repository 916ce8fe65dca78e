//! What people write: pages, blog posts, comments, attachments.

use super::{AccountId, FileKind, GroupId, Id, Node, NodeKind};
use crate::clock::Millis;

/// One entry of a content's history. Labels, restrictions, moves, comments and
/// attachments make no version.
#[derive(Clone, Debug)]
pub struct Version {
    pub number: u32,
    pub at: Millis,
    pub author: AccountId,
    pub message: String,
    pub minor: bool,
}

/// Who may view, beside those whom the space and the ancestors let through.
/// A restriction that names only the deleted lets nobody through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restriction {
    pub users: Vec<AccountId>,
    pub groups: Vec<GroupId>,
}

impl Restriction {
    pub fn to_users(users: &[&str]) -> Self {
        Restriction { users: users.iter().map(|id| id.to_string()).collect(), groups: Vec::new() }
    }

    pub fn to_groups(groups: &[&str]) -> Self {
        Restriction { users: Vec::new(), groups: groups.iter().map(|id| id.to_string()).collect() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    pub id: Id,
    pub kind: ParentKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentKind {
    Page,
    Node(NodeKind),
}

impl ParentKind {
    /// As `parentType` says it.
    pub fn name(self) -> &'static str {
        match self {
            ParentKind::Page => "page",
            ParentKind::Node(kind) => kind.name(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStatus {
    Current,
    /// Still listed by v2 by default and readable; CQL does not see it.
    Archived,
    /// In the bin: 200 by id, absent from lists that do not ask for it.
    Trashed,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub id: Id,
    pub space: Id,
    pub parent: Option<Parent>,
    pub position: i32,
    pub title: String,
    /// Storage format.
    pub body: String,
    /// The editor's format, where it says something else than the storage format: nothing is converted here.
    pub adf: Option<String>,
    pub status: PageStatus,
    /// A live doc: a page of the subtype `live`, edited in the open and never published.
    pub live: bool,
    pub author: AccountId,
    pub created: Millis,
    /// Oldest first, never empty.
    pub versions: Vec<Version>,
    pub labels: Vec<String>,
    pub restriction: Option<Restriction>,
}

/// Has no parent: the space's permission and its own restriction decide.
#[derive(Clone, Debug)]
pub struct BlogPost {
    pub id: Id,
    pub space: Id,
    pub title: String,
    pub body: String,
    /// Blog posts cannot be archived.
    pub trashed: bool,
    pub author: AccountId,
    pub created: Millis,
    pub versions: Vec<Version>,
    pub labels: Vec<String>,
    pub restriction: Option<Restriction>,
}

/// What a comment or an attachment hangs on, and who may read it with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Page(Id),
    BlogPost(Id),
}

#[derive(Clone, Debug)]
pub struct Comment {
    pub id: Id,
    pub kind: CommentKind,
    /// The page or blog post, for replies too.
    pub container: Container,
    /// The comment this one answers.
    pub parent: Option<Id>,
    pub body: String,
    pub author: AccountId,
    pub created: Millis,
    pub versions: Vec<Version>,
}

#[derive(Clone, Debug)]
pub enum CommentKind {
    Footer,
    Inline(Selection),
}

/// The words an inline comment is about.
#[derive(Clone, Debug)]
pub struct Selection {
    pub text: String,
    pub marker: String,
    pub resolution: Resolution,
    pub resolved_by: Option<(AccountId, Millis)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    Open,
    Reopened,
    Resolved,
    /// The selected words are gone from the page.
    Dangling,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentStatus {
    Current,
    Trashed,
}

#[derive(Clone, Debug)]
pub struct Attachment {
    pub id: Id,
    pub container: Container,
    pub name: String,
    pub kind: FileKind,
    /// What the bytes are made from; see [`Attachment::bytes`].
    pub seed: u64,
    pub size: u64,
    pub status: AttachmentStatus,
    pub comment: String,
    /// The media service's name for the bytes, a UUID.
    pub file_id: String,
    pub author: AccountId,
    pub created: Millis,
    pub versions: Vec<Version>,
}

impl Attachment {
    /// The id on the wire: `att` and the number.
    pub fn wire_id(&self) -> String {
        format!("att{}", self.id)
    }
}

/// The newest version's facts, for anything that has a history.
macro_rules! newest_version {
    ($($kind:ty),*) => {$(
        impl $kind {
            /// The newest version.
            pub fn version(&self) -> &Version {
                static NONE: Version = Version {
                    number: 0, at: 0, author: String::new(), message: String::new(), minor: false,
                };
                self.versions.last().unwrap_or(&NONE)
            }
        }
    )*};
}
newest_version!(Page, Node, BlogPost, Comment, Attachment);
