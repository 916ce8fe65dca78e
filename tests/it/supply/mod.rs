//! Components that come from elsewhere: out of a real registry, from URLs, and from servers that lie.
//!
//! `registry` runs Docker's registry and publishes to it, `signer` signs with OpenSSL as a publisher
//! does; both are there for other tests too.

mod lies;
mod pulls;
pub mod registry;
mod server;
pub mod signer;
mod urls;
