//! The Model Context Protocol: what agents search with, as one person.
//!
//! The console serves it at `/mcp` (`console::mcp`), `weir mcp` on standard input and output (`cli::mcp`); both make a
//! [`Server`] for the person whose token it is. It has two tools, in the shape that agents know from others: `search`
//! answers with ids, titles, addresses and snippets, `fetch` with the text of one item.
//!
//! Invariants: it reads through `Host::find` and `Host::fetch`, so that it shows what a search of that person shows
//! and no more; what may not be read is answered like what is not there. Nothing is written.
//!
//! Deliberately absent: who asks (whoever makes the server has found that out), and anything but these tools.

mod answers;
mod server;

pub use server::{Server, searcher};
