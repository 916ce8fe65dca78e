//! The host's pure readers, each with what it promises whatever it is given; libFuzzer itself watches for panics, time
//! and memory.
//!
//! The files are the host's own, taken in by their paths. The host as a whole would bring Wasmtime and Tantivy with it,
//! built once more with coverage counters, for minutes; these files need none of that, and being able to stand here is
//! what *pure* means in their first lines. What they name beside each other is given its place in `gate`, `secrets`
//! and `model`.
//!
//! Deliberately absent: what reads files or the network, and OpenID Connect's tokens, which a crate of its own reads.

// Taken in for some of their functions.
#![allow(dead_code, unused_imports)]

pub mod answers;
pub mod gate;
pub mod markdown;
#[path = "../../src/model/mod.rs"]
pub mod model;
pub mod schema;
pub mod secrets;
