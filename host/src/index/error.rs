//! Why the index could not be opened, written or read.

use std::error::Error as StdError;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Each case says what was attempted and what to do. A damaged index is none of them:
/// it is made anew.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else holds the writer's lock; try again when they are done.
    #[error(
        "the index in {} is being written by another process, probably a sync that is still running; \
         wait for it to end, or stop it", .0.display()
    )]
    Busy(PathBuf),
    /// The folder cannot be made, read or written: a person must look at it.
    #[error("failed to {attempted} the index in {}: {source}; check the folder's permissions and free space", .dir.display())]
    Folder { attempted: &'static str, dir: PathBuf, source: std::io::Error },
    /// The engine gave up. The index may be deleted; it is filled again from the store.
    #[error("failed to {attempted} the index: {source}; if it stays so, delete the folder {} and sync again", .dir.display())]
    Engine { attempted: &'static str, dir: PathBuf, source: Box<dyn StdError + Send + Sync> },
}

impl Error {
    pub(super) fn engine(attempted: &'static str, dir: &Path) -> impl FnOnce(TantivyError) -> Error {
        move |source| match source {
            TantivyError::LockFailure(error, _) => Error::lock(attempted, dir)(error),
            source => Error::Engine { attempted, dir: dir.into(), source: source.into() },
        }
    }

    pub(super) fn lock(attempted: &'static str, dir: &Path) -> impl FnOnce(LockError) -> Error {
        move |error| match error {
            LockError::LockBusy => Error::Busy(dir.into()),
            LockError::IoError(source) => {
                let source = std::io::Error::new(source.kind(), source);
                Error::Folder { attempted, dir: dir.into(), source }
            }
        }
    }

    pub(super) fn folder(attempted: &'static str, dir: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Folder { attempted, dir: dir.into(), source }
    }
}
