//! Why a connector is not installed, or not run.

use std::path::PathBuf;

use super::short;

/// A component file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    pub name: String,
    /// What it was when somebody agreed to it.
    pub sha256: String,
    pub from: String,
    pub path: PathBuf,
}

impl KeptFile {
    /// The command that brings the same bytes again.
    fn adding(&self) -> String {
        format!("weir connector add {} --name {} --digest sha256:{}", self.from, self.name, self.sha256)
    }
}

/// Each case says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum InstalledFault {
    #[error(
        "there is no connector `{name}`; there are: {known}. A component is installed with `weir connector add FILE`",
        known = .known.join(", ")
    )]
    Unknown { name: String, known: Vec<String> },
    #[error(
        "the connector is the file {path}, which could change after somebody agreed to it, and is not run any more: \
         `weir connector add {path}` installs it, and its connections go on with what was installed"
    )]
    IsAPath { path: String },
    #[error("`{}` is built in: give what you install another name with --name", super::BUILT_IN)]
    Reserved,
    #[error(
        "`{name}` cannot name a connector: use up to 64 lower-case letters, digits, `-`, `_` and `.`, and say it with --name"
    )]
    BadName { name: String },
    #[error(
        "`{name}` is another connector: it calls itself `{was}`, and this one `{is}`; install it with another --name, or \
         remove that one first"
    )]
    OtherConnector { name: String, was: String, is: String },
    #[error(
        "every version of `{name}` has to be signed by the key {fingerprint}, and this one is not signed: get the signed \
         one, or say --key none if you no longer want that"
    )]
    Unsigned { name: String, fingerprint: String },
    #[error(
        "the signature is not by the key {fingerprint} ({reason}): these bytes come from somebody else, or were changed on \
         the way; nothing was kept"
    )]
    Signature { fingerprint: String, reason: String },
    #[error(
        "the file of the connector `{}` ({}) cannot be read ({source}), and nothing else is run in its place: add the same bytes \
         again (`{}`), or bring the data folder back from a backup",
        file.name, file.path.display(), file.adding()
    )]
    Missing { file: Box<KeptFile>, source: std::io::Error },
    #[error(
        "the file of the connector `{}` ({}) was changed after somebody agreed to it (it is sha256:{found} now), and is not \
         run: add the same bytes again (`{}`)",
        file.name, file.path.display(), file.adding()
    )]
    Changed { file: Box<KeptFile>, found: String },
    #[error(
        "the connector `{name}` ({}) says other things of itself than when somebody agreed to it ({}), and is not run: go back \
         with `weir connector rollback {name}`, and report it to its author",
        short(.sha256),
        .differences.join("; ")
    )]
    Unlike { name: String, sha256: String, differences: Vec<String> },
    #[error(
        "`{name}` is used by {}: remove these connections first (`weir connection remove NAME`)",
        .connections.join(", ")
    )]
    Used { name: String, connections: Vec<String> },
    #[error("no former version of `{name}` is kept, so there is nothing to go back to")]
    NoFormer { name: String },
    #[error(
        "no version `{digest}` of `{name}` is kept, or several begin so; kept are: {}",
        .kept.join(", ")
    )]
    NoSuchVersion { name: String, digest: String, kept: Vec<String> },
    #[error("the connector or its connections were changed while you looked at it; run the command again")]
    ChangedMeanwhile,
    #[error("could not {attempted} {}: {source}; check that you may write there and that the disk has room", path.display())]
    File { attempted: &'static str, path: PathBuf, source: std::io::Error },
}

impl InstalledFault {
    /// The command that mends it, if one does.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::IsAPath { path } => Some(format!("run `weir connector add {path}`")),
            Self::Missing { file, .. } | Self::Changed { file, .. } => {
                Some(format!("run `{}`", file.adding()))
            }
            Self::Unlike { name, .. } => Some(format!("run `weir connector rollback {name}`")),
            Self::Unknown { name, .. } => {
                Some(format!("install it again: `weir connector add FILE --name {name}`"))
            }
            _ => None,
        }
    }
}
