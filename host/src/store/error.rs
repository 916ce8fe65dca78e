//! What can go wrong with the store, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::installed::InstalledFault;
use crate::model::ConnectionId;

use super::RunId;

/// Every case is an instruction. None holds a secret or an item's content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot use the data folder {}: {source}; check that it exists and that you may write to it", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "{} is not Weir's store; nothing was written to it. Choose another data folder, or move that file aside",
        path.display()
    )]
    NotOurs { path: PathBuf },
    #[error(
        "the store {} is damaged ({detail}); restore the data folder from a backup, or move it aside, add its \
         connections again and sync",
        path.display()
    )]
    Damaged { path: PathBuf, detail: String },
    #[error(
        "the store {} was written by a newer Weir (format {found}; this one knows {known}); run that newer Weir",
        path.display()
    )]
    Newer { path: PathBuf, found: usize, known: usize },
    #[error("could not {attempted}: another process kept the store busy; try again when it has finished")]
    Busy { attempted: &'static str },
    #[error("could not {attempted}: the disk is full; make room and run it again, nothing stored is lost")]
    Full { attempted: &'static str },
    #[error(
        "could not {attempted}: the disk would not take it ({source}); check that it has room, that no quota is used \
         up, and that it is sound, and run it again; nothing stored is lost"
    )]
    Disk { attempted: &'static str, source: rusqlite::Error },
    #[error("could not {attempted}: {source}")]
    Sql { attempted: &'static str, source: rusqlite::Error },
    #[error("there is no connection named `{name}`; {}", listed(.known))]
    UnknownConnection { name: String, known: Vec<String> },
    #[error("a connection named `{name}` exists already; choose another name or remove that one first")]
    NameTaken { name: String },
    #[error(
        "`{name}` cannot name a connection; use 1 to {max} printable characters, without blanks at the ends"
    )]
    BadName { name: String, max: usize },
    #[error("connection {connection} has been removed meanwhile")]
    ConnectionGone { connection: ConnectionId },
    #[error("run {run} is over: it was finished, or another sync of this connection began; start a new sync")]
    RunOver { run: RunId },
    #[error("dataset `{dataset}` has no partition `{partition}`; list its partitions again")]
    UnknownPartition { dataset: String, partition: String },
    #[error(
        "partition `{partition}` of `{dataset}` is no longer where this page was read from; \
         read on from the stored position"
    )]
    PositionMoved { dataset: String, partition: String },
    #[error("the connector's {what} has {bytes} bytes, more than the {max} allowed; report it to its author")]
    TooLong { what: &'static str, bytes: usize, max: usize },
    #[error("no account `{user_id}` is known at this connection ({known} are); sync first, and check the id")]
    UnknownAccount { user_id: String, known: u64 },
    #[error("`{email}` is not an e-mail address")]
    BadEmail { email: String },
    #[error("there is no kind `{kind}`; {}", kinds_listed(.known))]
    UnknownKind { kind: String, known: Vec<String> },
    #[error(
        "items of the kind `{kind}` only hold others and are never found, so there is nothing to turn on"
    )]
    NeverSearched { kind: String },
    /// About connectors that are installed.
    #[error(transparent)]
    Installed(#[from] InstalledFault),
    #[error("could not pack or unpack a text: {source}; there may be too little memory")]
    Pack { source: io::Error },
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "there are none yet: see `weir connection add --help`".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    }
}

fn kinds_listed(names: &[String]) -> String {
    match names {
        [] => "none are known before the first sync".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    }
}

impl StoreError {
    /// A row that holds what Weir never writes there.
    pub(super) fn unreadable(what: &'static str, detail: impl ToString) -> Self {
        let source = io::Error::new(io::ErrorKind::InvalidData, format!("{what}: {}", detail.to_string()));
        Self::from(rusqlite::Error::FromSqlConversionFailure(
            0,
            rusqlite::types::Type::Text,
            Box::new(source),
        ))
    }

    /// Tells what was being done, and turns SQLite's codes into cases of ours.
    pub(super) fn attempting(self, attempted: &'static str, path: &Path) -> Self {
        let Self::Sql { source, .. } = self else { return self };
        match &source {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => {
                return Self::Damaged { path: path.into(), detail: source.to_string() };
            }
            _ => {}
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotOurs { path: path.into() },
            Some(ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path: path.into(), detail: source.to_string() }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { attempted },
            Some(ErrorCode::DiskFull) => Self::Full { attempted },
            Some(ErrorCode::SystemIoFailure) => Self::Disk { attempted, source },
            _ => Self::Sql { attempted, source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Sql { attempted: "use the store", source }
    }
}
