//! What can go wrong with a data folder as a whole.

use std::path::PathBuf;

use super::Holder;
use crate::gate::{PlanFault, RouteFault};
use crate::index;
use crate::installed::InstalledFault;
use crate::model::{Fault, Issue};
use crate::sandbox::{CallError, EngineError, LoadError};
use crate::secrets::oauth::{ConsentFault, SafeFault, ServerFault, TokenFault};
use crate::secrets::{CredentialFault, KeyFault, VaultFault};
use crate::store::StoreError;
use crate::sync::SyncError;
use crate::tape::TapeError;

/// Each case says what was attempted, what came back, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error(transparent)]
    Vault(#[from] VaultFault),
    #[error(transparent)]
    Credential(#[from] CredentialFault),
    #[error(transparent)]
    Plan(#[from] PlanFault),
    #[error(transparent)]
    Route(#[from] RouteFault),
    #[error(transparent)]
    Sync(#[from] SyncError),
    #[error(transparent)]
    Query(#[from] index::QueryError),
    #[error(transparent)]
    Tape(#[from] TapeError),
    #[error("a part of the sync was lost ({0}); what it had kept is kept, run it again")]
    Lost(String),
    #[error(
        "the data folder {} is in use by {}; wait until it has ended, or stop it first",
        folder.display(),
        .holder.as_ref().map_or_else(|| "another process".to_owned(), ToString::to_string)
    )]
    Taken { folder: PathBuf, holder: Option<Box<Holder>> },
    #[error("cannot use the folder {}: {source}; check that you may write to it", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(
        "the store {} is missing or empty, although its folder holds what belongs to one; bring it back from a \
         backup, or move the folder aside, add its connections again and sync",
        path.display()
    )]
    LostStore { path: PathBuf },
    #[error("{0} could not be set up; run the command again")]
    NotReady(&'static str),
    #[error(transparent)]
    Installed(#[from] InstalledFault),
    #[error("`{name}` is no connector that this host can run: {error}")]
    Connector { name: String, error: Box<LoadError> },
    #[error(
        "the connector has no login `{asked}`; it offers {offered}",
        offered = .offered.join(", ")
    )]
    UnknownLogin { asked: String, offered: Vec<String> },
    #[error("the settings are refused:{}", lines(.0))]
    Settings(Vec<Issue>),
    #[error(
        "the setting `{setting}` says which source `{connection}` reads, and what was read of one must not meet the \
         people of another: add another connection, and remove this one if it is of no more use"
    )]
    OtherSource { setting: String, connection: String },
    #[error("failed to sign in: {0}")]
    SignIn(#[source] CallError),
    #[error(transparent)]
    Consent(#[from] ConsentFault),
    #[error("failed to sign in: {0}")]
    TokenServer(#[from] ServerFault),
    #[error("failed to sign in: {0}")]
    Token(#[from] TokenFault),
    #[error("the sign-in that is kept cannot be used: {0}")]
    Grant(#[from] SafeFault),
    #[error(
        "the login `{login}` of this connector does not sign in by OAuth 2.0; leave out what is only for that"
    )]
    NotOauth { login: String },
    #[error("the sign-in kept for `{connection}` cannot be locked: {source}")]
    GrantLock { connection: String, source: std::io::Error },
    #[error(
        "this sign-in is another account's: `{connection}` reads as {was}, and the approval was given by {is}; approve as \
         the same account, add another connection, or say --other-account if this one is to be read as {is} from now on"
    )]
    OtherAccount { connection: String, was: String, is: String },
    #[error(
        "`{connection}` is still being set up, and not read before: finish that in the console (`weir serve` says where), \
         or remove it with `weir connection remove {connection}` and add it with `weir connection add`"
    )]
    SettingUp { connection: String },
    #[error("the connector failed: {0}")]
    Call(#[from] CallError),
    #[error(
        "the connection `{connection}` has no secret in this data folder; remove it and add it again, or bring \
         back the folder's `key` file"
    )]
    NoSecret { connection: String },
    #[error(
        "there is no item `{id}` that has been read; an item is named by its id, such as page:98765, or by the address \
         of its page. If the source has it, the connection's account may not see it (`weir doctor`), its settings leave it \
         out (`weir connection show`), or it is newer than the last sync"
    )]
    UnknownItem { id: String },
    #[error(
        "several connections have an item `{id}` ({connections}); name one with --connection",
        connections = .connections.join(", ")
    )]
    AmbiguousItem { id: String, connections: Vec<String> },
    #[error("`{meant}` may mean several items ({ids}); name one by its whole id", ids = .ids.join(", "))]
    SeveralItems { meant: String, ids: Vec<String> },
    #[error("the connector offers nothing to choose from for `{setting}`; {}", elsewhere(.offered))]
    NoChoices { setting: String, offered: Vec<String> },
}

/// What the store says of installed connectors is one thing with what the host says of them.
impl From<StoreError> for HostError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Installed(fault) => Self::Installed(fault),
            error => Self::Store(error),
        }
    }
}

impl HostError {
    /// Whether only a person who signs in again can help.
    pub(super) fn needs_sign_in(&self) -> bool {
        matches!(self, Self::NoSecret { .. } | Self::Grant(_) | Self::Vault(_) | Self::Credential(_))
    }

    /// What a sign-in failed with. Settings may be refused only then, when the source was asked about them.
    pub(super) fn of_sign_in(error: CallError) -> Self {
        match error {
            CallError::Fault { fault: Fault::InvalidSettings(issues), .. } => Self::Settings(issues),
            error => Self::SignIn(error),
        }
    }
}

fn elsewhere(settings: &[String]) -> String {
    match settings {
        [] => "nor for any other setting".to_owned(),
        settings => format!("it does for {}", settings.join(", ")),
    }
}

fn lines(issues: &[Issue]) -> String {
    issues.iter().fold(String::new(), |text, Issue { pointer, message }| {
        let pointer = if pointer.is_empty() { "(all)" } else { pointer };
        text + "\n  " + pointer + ": " + message
    })
}
