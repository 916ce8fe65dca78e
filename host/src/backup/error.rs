//! Why a backup was not made, or not restored.

use std::io;
use std::path::{Path, PathBuf};

use super::FORMAT;
use crate::host::HostError;
use crate::store::StoreError;

/// Each case says what was attempted, what came back, and what to do next. Whatever it is, nothing was put in place.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Host(#[from] HostError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("failed to {attempted} {}: {source}; check permissions and free space", path.display())]
    File { attempted: &'static str, path: PathBuf, source: io::Error },
    #[error("the backup could not be written: {0}; check the free space where it goes")]
    Written(io::Error),
    #[error("another process is backing this folder up; wait until it has ended")]
    Busy,
    #[error(
        "there is no key in the folder to be backed up: leave out --with-key, and keep WEIR_KEY where it is kept now"
    )]
    NoKey,
    #[error("{0} changed while it was read; run the command again")]
    Changed(String),
    #[error(
        "the archive cannot be read ({0}): it is cut off, damaged, or no backup of Weir; take another one"
    )]
    Unreadable(io::Error),
    #[error("this is a backup of format {found}, and this Weir knows {FORMAT}: restore it with a newer Weir")]
    Newer { found: u32 },
    #[error("the archive is no backup of Weir, or was tampered with: {0}")]
    Refused(String),
    #[error(
        "{0} in the archive is not what its manifest says: it is damaged or was tampered with; take another one"
    )]
    Differs(String),
    #[error("the archive ends before {0}: it is cut off; take another one")]
    Cut(String),
    #[error(
        "the folder {} is not empty; name a new one with --data, or say --replace to lose the store that is there",
        .0.display()
    )]
    NotEmpty(PathBuf),
}

impl BackupError {
    pub(super) fn file(attempted: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { attempted, path: path.to_path_buf(), source }
    }
}
