//! What came of a file: its words, or the reason why there are none.

use serde::Serialize;

use crate::model::TextFormat;

/// The words of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    pub format: TextFormat,
    /// Whether there were more, which were left out.
    pub cut: bool,
}

/// Why a file has no words. The words after `#[error]` are for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    #[error("it is protected by a password")]
    Encrypted,
    #[error("its pages are pictures; there is no text in them")]
    Scanned,
    #[error("its words cannot be taken out of {0}")]
    Unsupported(String),
    #[error("it has {bytes} bytes, more than the {max} that are fetched; --file-bytes-max sets that limit")]
    TooLarge { bytes: u64, max: u64 },
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("reading it took too long")]
    TooSlow,
    #[error("reading it took too much memory")]
    TooMuchMemory,
    #[error("it expands far beyond what an honest file does")]
    Expands,
    #[error("there are no words in it")]
    Empty,
    /// Tried again at a later sync.
    #[error("it could not be fetched: {0}")]
    Unfetched(String),
}

impl Reason {
    /// A short name for listing and storing.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Scanned => "scanned",
            Self::Unsupported(_) => "unsupported",
            Self::TooLarge { .. } => "too-large",
            Self::Damaged(_) => "damaged",
            Self::TooSlow => "too-slow",
            Self::TooMuchMemory => "too-much-memory",
            Self::Expands => "expands",
            Self::Empty => "empty",
            Self::Unfetched(_) => "unfetched",
        }
    }
}
