//! Why a call failed, as the contract tells it: each case is something the host does next.

/// The contract's `types.error`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    InvalidSettings(Vec<Issue>),
    Unauthenticated(String),
    Forbidden(String),
    NotFound(String),
    Throttled {
        message: String,
        /// What the source asked for, in milliseconds.
        wait: Option<u64>,
    },
    Unavailable(String),
    StalePosition(String),
    Unexpected(String),
}

/// What is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// A JSON Pointer (RFC 6901) into the settings; empty for the settings as a whole.
    pub pointer: String,
    pub message: String,
}

impl Error {
    /// The sentence for people.
    pub fn message(&self) -> String {
        match self {
            Error::InvalidSettings(issues) => {
                issues.iter().map(|issue| issue.message.as_str()).collect::<Vec<_>>().join(" ")
            }
            Error::Throttled { message, .. } => message.clone(),
            Error::Unauthenticated(message)
            | Error::Forbidden(message)
            | Error::NotFound(message)
            | Error::Unavailable(message)
            | Error::StalePosition(message)
            | Error::Unexpected(message) => message.clone(),
        }
    }
}
