//! Weir: reads a company's knowledge out of the systems that hold it, and shows each
//! person exactly what that person may read there.
//!
//! This library is the host; the command `weir` and other programs may use it.
//! What knows a source is not here but in a connector, a component that `sandbox` runs.
//!
//! Where to look: `host` joins the rest into one value. `sync` reads, `sandbox` runs what it
//! reads with, `gate` is the way out, `store` keeps, `index` finds, `access` judges.

pub mod abi;
pub mod access;
pub mod backup;
pub mod check;
pub mod cli;
pub mod console;
pub mod doctor;
pub mod extract;
pub mod gate;
pub mod host;
pub mod index;
pub mod installed;
pub mod live;
pub mod mcp;
pub mod model;
pub mod project;
pub mod roster;
pub mod sandbox;
pub mod schedule;
pub mod secrets;
pub mod store;
pub mod supply;
pub mod sync;
pub mod tape;
