//! Why a token address gave no token, and what to do about it. Pure.

use std::fmt;
use std::time::Duration;

use crate::gate::{Failure, Refusal};

/// From so many minutes on a difference of clocks may be the reason, and is told.
const CLOCK_DIFFERS_MINUTES_MIN: u64 = 5;

/// What a server said, made harmless: one line, short, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The origin that was asked.
    pub place: String,
    pub status: u16,
    pub error: String,
    pub description: String,
    pub clock_differs_minutes: u64,
}

/// Each case says what to do next. Nothing of 4xx is worth asking again (Atlassian's own errors,
/// as measured: 401 `access_denied`, 403 `unauthorized_client` and `invalid_grant`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("{0}: the client id or the client secret is wrong; copy both again from the app's settings")]
    Client(Said),
    #[error("{0}: the code or the refresh token is unknown, was used before, or has ended")]
    Grant(Said),
    #[error(
        "{0}: the redirect URL is not the registered one; register it exactly as it is shown, with scheme, host, port and path"
    )]
    Redirect(Said),
    #[error("{0}: the app may not ask for one of these scopes; add them to the app's permissions first")]
    Scope(Said),
    #[error("{0}: this app may not sign in so; check its settings")]
    Refused(Said),
    #[error("{said}; it is busy or down, try again later")]
    Busy { said: Said, wait: Option<Duration> },
    #[error("{place} answered in a way that cannot be used: {what}; try again, and report it if it stays so")]
    Answer { place: String, what: &'static str },
    #[error("no token could be asked for: {0}")]
    Unreachable(Refusal),
    #[error("no answer came from {place} within {} s; try again later", .max.as_secs())]
    Silent { place: String, max: Duration },
    #[error(
        "{place} gave a token that ends soon and none to renew it with; the scope `offline_access`, or what the source calls it, must be asked for and granted"
    )]
    NoRefreshToken { place: String },
    #[error("the address `{0}` cannot be asked for tokens; report this to the connector's authors")]
    Address(String),
}

impl TokenFault {
    /// Which case an error answer is.
    pub(super) fn of(said: Said, wait: Option<Duration>) -> Self {
        let (error, about) = (said.error.as_str(), said.description.to_ascii_lowercase());
        match (said.status, error) {
            (429 | 500..=599, _) => Self::Busy { said, wait },
            (300..=399, _) => {
                Self::Answer { place: said.place, what: "it sends elsewhere, which is not followed" }
            }
            (_, error) if error.contains("redirect") || about.contains("redirect") => Self::Redirect(said),
            (_, "invalid_grant") => Self::Grant(said),
            (_, "unauthorized_client") if about.contains("token") => Self::Grant(said),
            (_, "invalid_scope") => Self::Scope(said),
            (401, _) | (_, "invalid_client") => Self::Client(said),
            _ => Self::Refused(said),
        }
    }

    /// Whether the same request may be answered otherwise a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy { .. } | Self::Silent { .. } | Self::Answer { .. } => true,
            Self::Unreachable(refusal) => !refusal.is_policy(),
            _ => false,
        }
    }

    /// Whether the request may have had its effect although no usable answer came.
    pub(super) fn may_have_worked(&self) -> bool {
        match self {
            Self::Silent { .. } | Self::Answer { .. } => true,
            Self::Busy { said, .. } => said.status != 429,
            Self::Unreachable(Refusal::Failed { failure, .. }) => {
                matches!(failure, Failure::Silent | Failure::Broken(_))
            }
            _ => false,
        }
    }

    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Busy { wait, .. } => *wait,
            _ => None,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.place, self.status)?;
        if !self.error.is_empty() {
            write!(f, " {}", self.error)?;
        }
        if !self.description.is_empty() {
            write!(f, " ({})", self.description)?;
        }
        match self.clock_differs_minutes {
            CLOCK_DIFFERS_MINUTES_MIN.. => {
                write!(
                    f,
                    ", and its clock differs from this machine's by {} minutes",
                    self.clock_differs_minutes
                )
            }
            _ => Ok(()),
        }
    }
}
