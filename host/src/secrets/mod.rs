//! Secrets: how one is held in memory, sealed in the data folder, and put on the wire.
//!
//! The command line hands a secret in, the store keeps what [`Vault::seal`] made of it, and
//! the gate alone puts the [`Credential`] into a request, asking [`Credentials`] for today's
//! each time. A connector never meets any of these types.
//!
//! Invariants: no type here shows its value through `Debug`, `Display` or `Serialize`, and
//! no error repeats what it was given.
//!
//! Deliberately absent: prompting for a secret (the command line does that), where sealed
//! bytes are kept (the store does that).

mod credential;
mod echo;
mod key;
pub mod oauth;
mod secret;
mod source;
mod vault;

pub use credential::{Credential, CredentialFault};
pub use key::{Key, KeyFault};
pub use secret::Secret;
pub use source::{Credentials, Fixed, Lack};
pub use vault::{Vault, VaultFault};
