//! The connector against a scripted site: what it asks, what it makes of the answers, and what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit;
mod authenticate;
mod changes;
mod choices;
mod comments;
mod configure;
mod diagnose;
mod directory;
mod download;
mod errors;
mod fake;
mod feed;
mod filter;
mod gaps;
mod gateway;
mod hostile;
mod inventory;
mod items;
mod markup;
mod next_links;
mod nodes;
mod pages;
mod partitions;
mod plans;
mod roles;
mod scopes;
mod sign_in_oauth;
mod simulated;
mod wiki;
