//! Who asks, and what that one may do.
//!
//! A browser shows a session's cookie, a program a bearer token. `identify` finds out once, before anything
//! else; handlers take [`Administrator`], [`Reader`] or [`Person`], each of which refuses everybody else.
//!
//! Deliberately absent: passwords. Weir keeps none: people sign in where their company lets them.

mod csrf;
mod extract;
mod identify;
mod session;
mod token;

pub use extract::{Administrator, Person, Reader, Signed};
pub use identify::{Said, identify};
pub use session::{begin, end, say};
pub(super) use token::chance;
pub use token::{FirstToken, hash, hash as token_hash, make_token};

use crate::store::Scope;

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

    /// What forms of this viewer carry; empty for a program.
    #[must_use]
    pub fn csrf(&self) -> &str {
        match &self.way {
            Way::Session { csrf } => csrf,
            Way::Bearer => "",
        }
    }
}
