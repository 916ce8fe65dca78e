//! The console: pages for people and an API for programs, served by `weir serve`.
//!
//! `cli::serve` starts it; programs that embed Weir may merge [`Console::router`] into a server of their own.
//!
//! - `who` says who asks and what that one may do. Every handler takes one of its extractors ([`Administrator`],
//!   [`Reader`], [`Person`]), so that a page nobody thought of refuses everybody.
//! - `pages` are for people: HTML from the server, which works without the script.
//! - `api` is `/api/v1`: JSON, its OpenAPI document made from the handlers, errors as problem+json (RFC 9457).
//! - `acts` does whatever changes something, and notes who did it: pages and API both call there.
//! - `standing` is how a connection stands, for pages and API; `ticks` paces answers that follow what goes on, and
//!   `background` is what goes on after its answer.
//! - `mcp` is `/mcp`, where agents search with a person's token.
//! - `authorization` follows a sign-in through the consent page of a source; `shelf` keeps what must not be written down.
//! - `watch` is for machines that watch this one: health, metrics, a line for each request.
//! - `guard` sets the headers that keep browsers from being turned against their users.
//!
//! Invariants: of what was read or configured nothing is told before it is known who asks. What changes something is never a GET, and is noted
//! before it is done. Nobody is shown more of what was read than the person whom they are may read: an
//! administrator who looks as somebody else is noted too.
//!
//! Deliberately absent: TLS (a proxy's task), content from other hosts, SQL and Tantivy (`host` has both).

pub mod acts;
pub mod api;
mod authorization;
mod background;
mod error;
mod guard;
mod listen;
mod looking;
mod mcp;
mod pages;
mod records;
mod shelf;
mod standing;
mod state;
mod ticks;
mod watch;
mod who;

pub use acts::tidy_token;
pub use error::{Problem, Trouble};
pub use listen::{ListenFault, Listening};
pub use looking::Eyes;
pub use state::{Console, ConsoleOptions};
pub use who::{
    Administrator, FirstToken, Network, OidcFault, OidcOptions, Person, Reader, SignInOptions, Viewer,
    make_token, token_hash,
};
