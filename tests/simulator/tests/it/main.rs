//! The simulator held against what is known of the real site, over a socket,
//! as a connector meets it. Each file is one side of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod census;
mod changes;
mod client;
mod connector;
mod downloads;
mod faults;
mod generated;
mod in_process;
mod limits;
mod listings;
mod oauth;
mod permissions;
mod refusals;
mod roles;
mod schemas;
mod scopes;
mod search;
mod tree;
