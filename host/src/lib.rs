//! Weir: reads a company's knowledge out of the systems that hold it, and shows each
//! person exactly what that person may read there.
//!
//! This library is the host; the command `weir` and other programs may use it.
//! What knows a source is not here but in a connector, a component that `sandbox` runs.

pub mod access;
pub mod index;
pub mod model;
