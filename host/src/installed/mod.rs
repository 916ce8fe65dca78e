//! Connectors that are installed: which bytes were agreed to, what they demand, and how another version differs.
//!
//! Pure, but for `component`, which is the files. `host` installs and loads, `store` keeps the rows, `cli` and `console`
//! show. What holds:
//!
//! - A connection names a connector, and never a file: what runs is exactly the bytes whose SHA-256 was agreed to.
//! - Nothing is kept before somebody has seen what it demands and agreed to it.
//! - What a component says of itself when it is loaded is what it said when it was agreed to, or it is not run.
//! - Another version under the same name goes through only if it demands nothing more; otherwise it is asked about again,
//!   also for each connection whose requests would go farther.
//! - A signing key that was given once is kept for that name (trust on first use): every later version has to be
//!   signed by it. Signatures tell who made the bytes and nothing of what they do, so they replace no agreement.
//!
//! Deliberately absent: where bytes come from and what a signature is (`supply`), asking people (`cli`), and any way to
//! install over HTTP: which code runs on a machine is decided by whoever may run commands there, so that a stolen
//! session of the console cannot bring code along.

pub mod component;
mod demand;
mod described;
mod difference;
mod fault;
mod name;
mod order;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
mod trust;
mod version;

pub use demand::{Section, as_json, demand};
pub use described::unlike;
pub use difference::{Difference, beyond_words, difference};
pub use fault::{InstalledFault, KeptFile};
pub use name::{check_name, is_reference};
pub use order::is_older;
pub use trust::{KeptKey, KeyChoice, changed as key_changed};
pub use version::{Installed, Version, short};

/// What the connector is called that is carried in the host. It is always there, and never installed.
pub const BUILT_IN: &str = "confluence";

/// Former versions that are kept for `weir connector rollback`: the one before, and two more in case that one was
/// broken too. Python components are 18 MB each.
pub const FORMER_MAX: usize = 3;
