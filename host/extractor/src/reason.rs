//! Why a file has no words.

/// As `reason` in `wit/extract.wit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Encrypted,
    Scanned,
    /// What it seems to be.
    Unsupported(String),
    Expands,
    /// What is wrong with it.
    Damaged(String),
    Empty,
}

impl Reason {
    pub(crate) fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }
}
