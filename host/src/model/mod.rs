//! The words of the contract as plain Rust values, and nothing else.
//!
//! Everybody in the host may use them. They hold no Wasmtime type, no SQL and no
//! behaviour beyond what a value can say of itself; `abi` turns generated types into
//! these at the component's border, `store` keeps them, `access` judges by them.

mod bound;
mod change;
mod connection;
mod description;
mod fault;
mod item;
mod page;

pub use bound::Bound;
pub use change::{Activity, Change, Failure, Group, Membership, Standing, Summary, User};
pub use connection::{Allowance, Connection, ConnectionId, Route};
pub use description::{
    Account, Basic, Choice, Dataset, Description, Encoding, Finding, Grant, Kind, Login, OAuth2, Origin,
    Plan, Scheme, Token, Verdict,
};
pub use fault::{Fault, Issue};
pub use item::{Access, File, Item, Principal, Text, TextFormat};
pub use page::{Amount, Lineage, Next, Outline, Page, Partition, Position};

/// Milliseconds since 1970-01-01T00:00:00Z, as everywhere in the contract.
pub type Timestamp = u64;

/// A moment as the contract counts it; what lies before 1970 is 0.
pub fn timestamp(time: std::time::SystemTime) -> Timestamp {
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(Timestamp::MAX)
}
