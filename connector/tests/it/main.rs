//! The connector against a scripted site: what it asks, what it makes of the answers, and what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod authenticate;
mod comments;
mod configure;
mod directory;
mod download;
mod errors;
mod fake;
mod hostile;
mod items;
mod markup;
mod next_links;
mod pages;
mod partitions;
