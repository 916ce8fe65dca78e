//! What a run sets out to learn, and how it ended.

use crate::model::Position;

use super::StoreError;

/// What a run, or one read of a partition, sets out to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Everything,
    Inventory,
    Since,
}

/// What made a run begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// Somebody asked for it.
    Hand,
    Schedule,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every partition was read to its end.
    Complete,
    /// Some were; the message says what was left out.
    Incomplete,
    /// It had to stop; the message says why.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// The process ended before the run did, or another run began.
    Interrupted,
}

impl Mode {
    /// The mode of the read that begins at this position; None if it goes on there.
    pub fn beginning_at(position: &Position) -> Option<Self> {
        match position {
            Position::Everything => Some(Self::Everything),
            Position::Inventory => Some(Self::Inventory),
            Position::Since(_) => Some(Self::Since),
            Position::After(_) => None,
        }
    }

    /// Whether what such a read does not mention may be gone.
    pub fn is_complete(self) -> bool {
        self != Self::Since
    }

    /// Whether a run in this mode learns all that one in the other would.
    pub fn covers(self, other: Self) -> bool {
        let reach = |mode| match mode {
            Self::Since => 0,
            Self::Inventory => 1,
            Self::Everything => 2,
        };
        reach(self) >= reach(other)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Inventory => "inventory",
            Self::Since => "since",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Everything, Self::Inventory, Self::Since]
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| StoreError::unreadable("a mode", text))
    }
}

impl Trigger {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Schedule => "schedule",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Hand, Self::Schedule]
            .into_iter()
            .find(|trigger| trigger.as_str() == text)
            .ok_or_else(|| StoreError::unreadable("what began a run", text))
    }
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Interrupted => "interrupted",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Complete, Self::Incomplete, Self::Failed, Self::Canceled, Self::Interrupted]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
            .ok_or_else(|| StoreError::unreadable("an outcome", text))
    }
}
