//! What a law was judged to be, and what was found.

use super::law::Law;

/// One law, judged.
pub struct Report {
    pub law: &'static Law,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Perhaps with a word on how little there was to judge.
    Kept(Option<&'static str>),
    Broken(Vec<Finding>),
    /// Why not.
    NotJudged(String),
}

/// One way in which a law is broken. All of it is one line each, cut where it would be long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// What happened, in one sentence.
    pub what: String,
    /// Which call: dataset, partition, position, page.
    pub place: String,
    pub expected: String,
    pub came: String,
    /// `/pointer: this, where that was expected`.
    pub differences: Vec<String>,
    /// What to change, if more can be said than the law does.
    pub help: Option<String>,
}

impl Verdict {
    pub fn of(findings: Vec<Finding>) -> Self {
        if findings.is_empty() { Self::Kept(None) } else { Self::Broken(findings) }
    }

    pub fn word(&self) -> &'static str {
        match self {
            Self::Kept(_) => "kept",
            Self::Broken(_) => "broken",
            Self::NotJudged(_) => "not judged",
        }
    }
}

/// Characters of one value in a finding: a body is one line, however long.
const CHARS_MAX: usize = 160;

/// A text short enough for a line.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}
