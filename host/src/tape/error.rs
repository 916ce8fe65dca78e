//! What can go wrong with a tape as a file.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    #[error("{} exists already; name another file, or say --force to write over it", path.display())]
    Exists { path: PathBuf },
    #[error("the tape {} could not be made: {source}; check that you may write there", path.display())]
    Make { path: PathBuf, source: io::Error },
    #[error(
        "the tape {} could not be written to its end ({reason}); what it has up to there can be replayed, and what \
         was read is kept all the same",
        path.display()
    )]
    Write { path: PathBuf, reason: String },
    #[error("the tape {} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no tape; `weir sync N --record FILE` makes one", path.display())]
    NoTape { path: PathBuf },
    #[error("{} is a tape of format {found}, and this Weir reads format {read}; use the Weir that recorded it", path.display())]
    OtherFormat { path: PathBuf, found: u64, read: u32 },
    #[error("{} is damaged after {calls} whole calls: {reason}", path.display())]
    Damaged { path: PathBuf, calls: u64, reason: String },
}
