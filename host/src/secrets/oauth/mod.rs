//! OAuth 2.0 (RFC 6749) with PKCE (RFC 7636): from a client's id and secret to a token that is
//! always good, so that neither a connector nor a person has to think of it again for months.
//!
//! `host` joins these to the store and `cli` to a person. In the order of use: [`Consent`] makes the
//! address at which somebody approves, a [`Listener`] (or a pasted address) brings the [`Code`] back,
//! [`Server`] trades it for a [`Grant`], and a [`Keeper`] gives the gate the access token of that
//! grant, renewing it before it ends.
//!
//! Invariants:
//! - A renewed refresh token is durable before its access token is used: where the server rotates
//!   refresh tokens, one that is lost costs a person's consent. No renewal begins before the store
//!   has shown that it can be written.
//! - One renewal of a grant at a time, in this process and in all others, by a lock that the
//!   operating system takes back when a process dies.
//! - What was agreed to is what is asked: the token address is kept with the client's secret, and
//!   a connector that names another one later changes nothing before the next sign-in.
//! - An answer of 4xx is never asked for again by itself; it stands until somebody signs in.
//!
//! Deliberately absent: where sealed grants are kept ([`Safe`] is that door), printing, prompting
//! and opening a browser (`cli`), revoking (Atlassian documents no address for it).

mod answer;
mod callback;
mod client;
mod consent;
mod fault;
mod grant;
mod health;
mod keeper;
mod listener;
mod lock;
mod renewal;
mod request;
mod server;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;

pub use answer::Tokens;
pub use callback::{CallbackFault, Code};
pub use client::Client;
pub use consent::{Consent, ConsentFault};
pub use fault::TokenFault;
pub use grant::Grant;
pub use health::{GrantHealth, grant_health};
pub use keeper::{Keeper, Safe, SafeFault};
pub use listener::{ListenFault, Listener, here};
pub use lock::GrantLock;
pub use server::{Server, ServerFault, concerns, sign_in_places};
