//! Words out of files: what is wanted, what came of it, and when to try again. Pure; `host::files` acts on it.
//!
//! The bytes themselves are taken apart by the component `extractor`, in the sandbox. Deliberately absent: bytes,
//! network, storage.

mod outcome;
mod patience;
mod wish;

pub use outcome::{Reason, Words};
pub use patience::wait_after;
pub use wish::{FILE_BYTES_MAX, Limits, refusal};

/// Raised whenever the extractor finds words that it did not find before: files without words are tried again.
pub const VERSION: u32 = 1;
