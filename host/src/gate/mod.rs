//! The gate: the one place where requests of a sandboxed connector leave the host.
//!
//! `sandbox` turns what a component sends into an [`http::Request`] and hands it to
//! [`Gate::send`]; nobody else sends for a connector. The gate stands beside `sandbox` and
//! not in it, because it holds no Wasmtime type and is to be proofread alone.
//!
//! Start reading at `send.rs`: the order of its steps is the policy. Each step's decision
//! is a pure function in a file of its own, and is tested by what it refuses.
//!
//! Invariants:
//! - Parse, then allow: the URL that was judged is the URL that is sent, never a second
//!   reading of the same text.
//! - Two layers: the name must be agreed (`origins`), and the address it resolves to must be
//!   allowed (`addresses`). The resolver of the client that dials applies the second, so what
//!   was checked is what is dialled.
//! - The credential is added last, only for an origin that was agreed with it, and is found
//!   in no error, no `Debug` and no line of the ledger.
//! - What a server repeats of the credential is starred out before a connector reads it (`echo`), and where the
//!   credential goes, answers come whole.
//! - What an origin asks for, it is asked for once: a wait and a spent quota hold for all requests of the
//!   connection to it (`governor`).
//! - Time, chance and the network come in by [`Doors`].
//!
//! Deliberately absent: following redirects (each hop is a request of its own), cookies,
//! proxies from the environment, caching, and the retries of whole calls (`sync` has those).

mod addresses;
mod body;
mod budget;
mod client;
mod doors;
mod echo;
mod endpoint;
mod governor;
mod headers;
mod ledger;
pub mod limits;
mod origins;
mod pace;
mod peek;
mod place;
mod plan;
mod points;
mod refusal;
mod resolver;
mod retry;
mod routes;
mod send;
mod signs;
mod target;
#[cfg(test)]
mod tests;
mod told;
mod transport;

pub use addresses::{AddressKind, Reach};
pub use body::{Body, BodyFault};
pub use budget::CallBudget;
pub use client::Client;
pub use doors::{Chance, Clock, Doors, SystemChance, SystemClock};
pub use governor::{Bound, Governors};
pub use headers::is_forbidden;
pub use ledger::{Endpoint, Exchange, Ledger, Traffic};
pub use origins::PlanFault;
pub use place::{Place, PlaceFault};
pub use plan::{GatePlan, Signed};
pub use points::hour_of;
pub use refusal::Refusal;
pub use resolver::{Lookup, SystemLookup};
pub use routes::{RouteFault, parse as parse_route};
pub use send::Gate;
pub use transport::{Departure, Failure, RawBody, Transport};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
