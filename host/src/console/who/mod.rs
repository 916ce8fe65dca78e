//! Who asks, and what that one may do.
//!
//! A browser shows a session's cookie, a program a bearer token. `identify` finds out once, before anything
//! else; handlers take [`Administrator`], [`Reader`] or [`Person`], each of which refuses everybody else.
//!
//! A session begins with a token, with the company's account (`oidc`), or because a proxy that is trusted names a
//! person (`network`). `attempts` counts how often an address tries.
//!
//! Deliberately absent: passwords. Weir keeps none: people sign in where their company lets them.

mod attempts;
mod csrf;
mod extract;
mod identify;
mod network;
mod oidc;
mod session;
mod token;

pub use attempts::Attempts;
pub use extract::{Administrator, Person, Reader, Signed};
pub use identify::{Caller, Said, identify};
pub use network::Network;
pub use oidc::{Arrived, Brought, Leave, Oidc, OidcFault, OidcOptions};
pub use session::{IDLE_MS_MAX, arrived, begin, end, say, send, sent};
pub use token::{FirstToken, chance, hash, hash as token_hash, hash_name, hash_named, make_token};

use crate::store::Scope;

/// How people sign in, tokens aside.
#[derive(Debug, Clone)]
pub struct SignInOptions {
    /// With the company's account.
    pub oidc: Option<OidcOptions>,
    /// The header, in lower case, in which a trusted proxy names the person.
    pub header: Option<String>,
    /// From where a proxy's word counts: on the person, and on whom it asks for.
    pub proxies: Vec<Network>,
}

impl Default for SignInOptions {
    fn default() -> Self {
        Self { oidc: None, header: None, proxies: network::LOOPBACK.to_vec() }
    }
}

impl SignInOptions {
    /// Whether people sign in by more than a token.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.oidc.is_some() || self.header.is_some()
    }
}

/// Somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The person that one searches as, in lower case; None for an administrator who came with a token that is
    /// nobody's.
    pub email: Option<String>,
    /// What that one may do; sorted.
    pub scopes: Vec<Scope>,
    pub way: Way,
    /// The name in the audit trail: an e-mail, or a token's number and label.
    pub actor: String,
}

/// How somebody shows who that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By a cookie, which browsers send by themselves: what changes something needs `csrf` too.
    Session { csrf: String },
    /// By a bearer token, which no browser sends by itself.
    Bearer,
}

impl Viewer {
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.is_administrator()
    }

    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.scopes.contains(&Scope::Manage)
    }

    /// What sort of somebody this is, for the log: no name.
    #[must_use]
    pub fn sort(&self) -> &'static str {
        match self.way {
            Way::Session { .. } => "session",
            Way::Bearer => "token",
        }
    }

    /// What forms of this viewer carry; empty for a program.
    #[must_use]
    pub fn csrf(&self) -> &str {
        match &self.way {
            Way::Session { csrf } => csrf,
            Way::Bearer => "",
        }
    }
}
