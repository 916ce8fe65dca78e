//! A run on a tape: recorded while it reads a source, and made again without any network.
//!
//! `host` makes a [`Recorder`] for a sync, `sync::Remote` wraps each call of the connector in a [`Taping`], and
//! `weir replay` reads a [`Tape`] and has each call [`repeat`]ed. A tape makes a call a pure function of what is on
//! it: its arguments, each exchange as the connector saw it (behind the gate, so that retries and credentials are not
//! there), what its clocks said, and the seed of its chance. `format` is what stands in the file.
//!
//! Invariants:
//! - No secret is on a tape. The gate adds credentials behind the place where this listens, and what a server echoes
//!   of them is blanked (`blanks`), as are the long query values of redirects.
//! - A tape that cannot be written never hurts the run; the end of the recording says so.
//! - Up to the last whole call a tape is readable, wherever it was cut off.
//!
//! Deliberately absent: downloads of files (their bytes would be most of a tape, and their words are taken out
//! elsewhere), what the connector logged, the decisions of `sync`, and any repetition of real time: a connector that
//! takes answers in the order in which they happen to come may answer otherwise.

mod answer;
mod blanks;
mod clocks;
mod difference;
mod error;
mod format;
mod octets;
mod player;
mod reader;
mod recorder;
mod replay;
mod taping;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests;

pub use answer::{Answer, Failed, Sort, sha256};
pub(crate) use blanks::Blanks;
pub use difference::Difference;
pub use error::TapeError;
pub use format::{Asked, Component, FORMAT, Header};
pub use reader::{Call, Tape};
pub use recorder::{Recorded, Recorder};
pub use replay::{Repeated, Verdict, repeat};
pub use taping::Taping;
