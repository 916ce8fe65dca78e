//! A simulated Confluence Cloud site, to build and test connectors against
//! without an account.
//!
//! Four parts: a model of a site as plain values ([`Site`], or [`generate`]d
//! from a seed), its REST face with the real one's shapes, limits and errors
//! ([`Simulator::start`], or [`Simulator::in_process`] without a socket), knobs for
//! what goes wrong ([`Knobs`]), and an oracle that says who may read what
//! ([`Oracle`]), written from the model alone so that a host's own rule can be
//! held against it. A [`Ledger`] keeps every request.
//!
//! ```no_run
//! # use confluence_simulator::{generate, Clock, Knobs, Simulator, Size};
//! # async fn story() -> std::io::Result<()> {
//! let running = Simulator::start(generate(1, &Size::demo(), Clock::Machine), Knobs::default()).await?;
//! println!("{}/wiki/api/v2/pages", running.url());
//! # Ok(()) }
//! ```
//!
//! For hosts' tests, `weir demo` and benchmarks. [`Size::census`] makes the site
//! in which every way of granting and of refusing occurs. Deliberately absent:
//! writes through the API, and reading over the wire without an account
//! (the oracle says what anyone may read).

mod clock;
mod faults;
mod ledger;
mod oracle;
mod prose;
mod rest;
mod server;
mod site;

pub use clock::{Clock, Millis};
pub use faults::{Burst, Fault, Knobs, Quota, What, When};
pub use ledger::{Entry, Ledger};
pub use oracle::{ItemRef, NotAnItem, Oracle};
pub use server::{InProcess, Reply, Running, Simulator};
pub use site::generate::{CRAWLER_EMAIL, DEMO_PEOPLE, DEMO_QUERY, DemoPerson, Size, WRITTEN_UNTIL, generate};
pub use site::{
    ADMINS_GROUP, AccountId, AccountStatus, AccountType, Attachment, AttachmentStatus, AuditObject,
    AuditRecord, BlogPost, Branch, Comment, CommentKind, Container, FileKind, Group, GroupAccess, GroupId,
    Id, Node, NodeKind, Operation, Page, PageStatus, Parent, ParentKind, Plan, Principal, Resolution,
    Restriction, RoleAssignment, RoleId, RoleMode, Selection, Site, Space, SpaceKind, SpacePermission,
    SpaceRole, TimeZone, USERS_GROUP, User, Version,
};
pub use site::{
    AccessToken, ApiToken, App, Challenge, Code, Consent, Grant, Identity, OAUTH_CALLBACK, OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET, OTHER_CLOUD_ID, OTHER_SITE, RefreshToken, SCOPED_TOKEN, SCOPES, TokenRefusal,
    Tokens,
};

/// The API token of every account that may sign in.
pub const API_TOKEN: &str = "simulated-api-token";
