//! Who may read what: pure functions over values, no SQL, no clock, no I/O.
//!
//! `host` and `cli` ask here; `store` only supplies the rows. Refusing is
//! the default: a missing parent, an unknown statement, a cycle and a person the source
//! does not know all mean nobody. Deliberately absent: any cache (its owner is the one
//! who knows when the store changed) and any notion of writing or administering.

mod explain;
mod forest;
mod identity;
mod numset;
mod rule;
#[cfg(test)]
pub(crate) mod seeded;
mod settle;
#[cfg(test)]
mod tests;

pub use explain::{Explanation, Former, Level, Reason, Refusal, Step, explain};
pub use forest::{Forest, Waiting};
pub use identity::Identity;
pub use numset::NumSet;
pub use rule::{Above, is_narrower, overclaims, principals, readable};
pub use settle::{Settled, Told, settle};
