//! The model: a Confluence Cloud site as plain values.
//!
//! Anyone may build one by hand ([`Site::new`] and the `add_*` methods), have
//! one generated ([`crate::generate`]), and change it while a server shows it
//! ([`crate::Running::change`]). Nothing here knows HTTP, and nothing here
//! decides who may read what: that is [`crate::Oracle`]'s.
//!
//! Absent on purpose: what a whiteboard or a database holds (the API shows only
//! their titles), drafts, and whatever concerns editing alone.

mod audit;
mod build;
mod change;
mod content;
mod file;
pub(crate) mod generate;
mod identity;
mod people;
mod replant;
mod role;
mod space;
mod tree;

pub use audit::{AuditRecord, Object as AuditObject};
pub use content::{
    Attachment, AttachmentStatus, BlogPost, Comment, CommentKind, Container, Page, PageStatus, Parent,
    ParentKind, Resolution, Restriction, Selection, Version,
};
pub use file::FileKind;
pub use identity::{
    AccessToken, ApiToken, App, Challenge, Code, Consent, Grant, Identity, OAUTH_CALLBACK, OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET, OTHER_CLOUD_ID, OTHER_SITE, RefreshToken, SCOPED_TOKEN, SCOPES, TokenRefusal,
    Tokens,
};
pub use people::{AccountId, AccountStatus, AccountType, Group, GroupAccess, GroupId, TimeZone, User};
pub use role::{RoleAssignment, RoleId, RoleMode, SpaceRole};
pub use space::{Operation, Principal, Space, SpaceKind, SpacePermission};
pub use tree::{Branch, Node, NodeKind};

use std::collections::BTreeMap;

use crate::clock::Clock;

/// The number in a space's, page's, node's, blog post's, comment's or attachment's id
/// (an attachment's id on the wire is `att` and the number).
pub type Id = u64;

/// The group whose members hold a Confluence licence.
pub const USERS_GROUP: &str = "11111111-aaaa-4aaa-8aaa-000000000001";
/// The group of product administrators.
pub const ADMINS_GROUP: &str = "11111111-aaaa-4aaa-8aaa-000000000002";

/// What the company pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Without an audit log.
    Free,
    Standard,
    Premium,
}

/// A whole site. The maps are public to be read; write through the methods,
/// which keep what belongs together together.
#[derive(Clone, Debug)]
pub struct Site {
    /// `https://acme.atlassian.net`, without a slash at the end.
    pub url: String,
    pub cloud_id: String,
    pub clock: Clock,
    pub plan: Plan,
    /// None: the site has never heard of roles.
    pub role_mode: Option<RoleMode>,
    pub roles: Vec<SpaceRole>,
    /// The site's own "can use" for people without an account. Without it, what
    /// spaces grant to them counts for nothing.
    pub anonymous_access: bool,
    pub users: BTreeMap<AccountId, User>,
    pub groups: BTreeMap<GroupId, Group>,
    pub spaces: BTreeMap<Id, Space>,
    pub pages: BTreeMap<Id, Page>,
    pub nodes: BTreeMap<Id, Node>,
    pub blog_posts: BTreeMap<Id, BlogPost>,
    pub comments: BTreeMap<Id, Comment>,
    pub attachments: BTreeMap<Id, Attachment>,
    /// Oldest first.
    pub audit: Vec<AuditRecord>,
    /// Apps, consents and tokens.
    pub identity: Identity,
    pub(crate) last_id: Id,
}

impl Site {
    /// An empty site with the two groups every site has and nobody in them.
    pub fn new(clock: Clock) -> Self {
        let mut site = Site {
            url: "https://acme.atlassian.net".into(),
            cloud_id: "1324a887-45db-1bf4-1e99-ef0ff456d421".into(),
            clock,
            plan: Plan::Standard,
            role_mode: None,
            roles: Vec::new(),
            anonymous_access: false,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            spaces: BTreeMap::new(),
            pages: BTreeMap::new(),
            nodes: BTreeMap::new(),
            blog_posts: BTreeMap::new(),
            comments: BTreeMap::new(),
            attachments: BTreeMap::new(),
            audit: Vec::new(),
            identity: Identity::default(),
            last_id: 98_304,
        };
        site.groups
            .insert(USERS_GROUP.into(), Group::new(USERS_GROUP, "confluence-users", GroupAccess::User));
        site.groups.insert(ADMINS_GROUP.into(), Group::new(ADMINS_GROUP, "site-admins", GroupAccess::Admin));
        site
    }

    pub fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.values().find(|user| user.email.eq_ignore_ascii_case(email))
    }

    pub fn group_by_name(&self, name: &str) -> Option<&Group> {
        self.groups.values().find(|group| group.name == name)
    }

    pub fn space_by_key(&self, key: &str) -> Option<&Space> {
        self.spaces.values().find(|space| space.key.eq_ignore_ascii_case(key))
    }

    /// The first page with exactly this title, in the order of ids.
    pub fn page_by_title(&self, title: &str) -> Option<&Page> {
        self.pages.values().find(|page| page.title == title)
    }

    pub(crate) fn next_id(&mut self) -> Id {
        self.last_id += 1;
        self.last_id
    }
}
