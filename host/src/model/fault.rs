//! Why a connector's call failed. Each case is an instruction to the host.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The contract's `error`. Messages are sentences for people and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Stop, and ask the user to change a setting.
    #[error("the settings are refused: {}", Issue::list(.0))]
    InvalidSettings(Vec<Issue>),
    /// Stop, and ask the user to sign in again.
    #[error("{0}")]
    Unauthenticated(String),
    /// Report it, and go on with other partitions.
    #[error("{0}")]
    Forbidden(String),
    /// Drop the partition, item or file that was asked for.
    #[error("{0}")]
    NotFound(String),
    /// Wait (milliseconds, if the source said how long), then make the same call again.
    #[error("{message}{}", asking(*.wait))]
    Throttled { message: String, wait: Option<u64> },
    /// Back off, then make the same call again.
    #[error("{0}")]
    Unavailable(String),
    /// Read the partition again from the start.
    #[error("{0}")]
    StalePosition(String),
    /// Record a defect; do not try again by itself.
    #[error("{0}")]
    Unexpected(String),
}

/// What is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// A JSON Pointer (RFC 6901) into the settings; empty for all of them.
    pub pointer: String,
    pub message: String,
}

impl Issue {
    fn list(issues: &[Issue]) -> String {
        let words: Vec<String> = issues
            .iter()
            .map(|issue| match issue.pointer.as_str() {
                "" => issue.message.clone(),
                pointer => format!("{pointer}: {}", issue.message),
            })
            .collect();
        words.join("; ")
    }
}

fn asking(wait: Option<u64>) -> String {
    wait.map_or_else(String::new, |wait| {
        format!("; it asks to be left alone for {:?}", Duration::from_millis(wait))
    })
}
