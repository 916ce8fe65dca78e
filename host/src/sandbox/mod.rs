//! Runs components that are trusted with nothing: connectors, and the host's own extractor.
//!
//! `sync`, `cli` and the tests call in here; nothing outside this folder and `abi` holds a
//! Wasmtime type. Each call gets a fresh instance with empty WASI (no files, sockets,
//! arguments or environment), bounded memory, tables and time, and the `gate` as its only
//! way out. A crash therefore poisons nothing, and any call may be cut off or repeated.
//!
//! Deliberately absent: secrets (the gate adds them outside), retries (the gate's too), and
//! any opinion on what a connector answers (that is `sync`'s).

mod call;
mod connector;
mod egress;
mod engine;
mod excess;
mod extractor;
mod inspect;
mod journal;
mod lane;
pub mod limits;
mod outside;
mod senses;
mod sink;
mod state;
mod turns;

pub use crate::abi::SPOKEN;
pub use call::{CallError, Poured};
pub use connector::{Connector, LoadError};
pub use engine::{Engine, EngineError};
pub use extractor::Extractor;
pub use inspect::Inspection;
pub use journal::{Entry, Journal};
pub use limits::Times;
pub use outside::{Code, Denied, Outside, Senses, Way};
