//! What a careful administrator would look at.

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable lower-case name: `audit-log`.
    pub name: &'static str,
    pub verdict: Verdict,
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Notice,
    Bad,
}
