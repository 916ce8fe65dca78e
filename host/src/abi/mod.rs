//! The contract as the host sees it: generated types on one side, `model` on the other.
//!
//! A folder a version of `weir:connector`, so that a component built against an old one keeps
//! running when the contract has gone on. Only `sandbox` may call in here. Nothing outside
//! this folder knows a generated type; nothing here decides anything.

pub mod extract;
pub mod v0_1;
