//! A data folder as one file, and the way back.
//!
//! `cli` calls in. A backup is a tar, compressed by zstd: `manifest.json`, then what it lists, in its order: the store,
//! the tapes and, only where that is asked for, the key. It holds one state of the store, while others go on reading
//! and writing (`write`). Restoring believes nothing that an archive says (`unpack`): names come from a short list, sizes
//! and hashes have to be the manifest's, the store is checked, and only then is all of it put in place (`restore`).
//!
//! Deliberately absent: the index and compiled components, which the next command makes anew; any schedule, which
//! the system has already; SQL (`store`).

mod error;
mod hashing;
mod manifest;
mod restore;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;
mod unpack;
mod write;

pub use error::BackupError;
pub use manifest::{FORMAT, Manifest, Part};
pub use restore::{Restored, restore};
