//! A roster: a list that says which account of a source a person is, as a spreadsheet keeps it.
//!
//! `read` makes lines of a file, `plan` says of each what it would do, and `write` makes the file again. The
//! console asks for all three; whoever applies a plan hands its links to the store in one transaction.
//!
//! Invariant: what contradicts itself does nothing. Nobody is to be shown another person's pages because a
//! spreadsheet had two rows for one e-mail.
//!
//! Deliberately absent: the store, and any guess at who somebody is by the name.

mod plan;
mod read;

pub use plan::{Plan, Planned, Step, plan};
pub use read::{LINES_MAX, Line, RosterFault, read, write};
