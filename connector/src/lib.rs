//! Reads Confluence Cloud for Weir.
//!
//! The crate is a WebAssembly component of the world `weir:connector/connector`; built for any other
//! target it is a plain library, so that tests drive it without a sandbox. From the outside in:
//!
//! - `component` is the door to the host, and the only place that knows generated bindings.
//! - [`setup`] answers the contract's `setup`, [`reading`] its `sync`, [`download`] its `content`.
//! - [`item`] turns what Confluence says into what the host stores; it decides, and asks nothing.
//! - [`filter`] is what a user chose to read, and judges every item by it.
//! - [`confluence`] is what Confluence says: addresses, answers, errors.
//! - [`markup`] turns bodies into Markdown.
//! - [`transport`] is the one way out, a trait of two functions.
//!
//! Every call is a pure function of its arguments and of the answers it gets: there is no state between
//! calls, no clock and no chance. Secrets and retries are absent on purpose; the host has them.

pub mod confluence;
pub mod download;
pub mod error;
mod filled;
pub mod filter;
pub mod item;
pub mod markup;
pub mod model;
pub mod reading;
pub mod setup;
pub mod transport;

#[cfg(target_arch = "wasm32")]
mod component;
