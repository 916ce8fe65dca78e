//! One call that was made, and all that came of it.

use serde::Serialize;

use super::asked::Call;
use super::source::Asked;
use crate::model::{Account, Amount, Change, Page, Partition};
use crate::sandbox::{CallError, Journal};

#[derive(Debug, Clone)]
pub struct Turn {
    pub call: Call,
    pub outcome: Result<Told, CallError>,
    pub journal: Journal,
    /// What was sent, in order.
    pub asked: Vec<Asked>,
    /// What the source could not answer. Nothing may be concluded from such a call.
    pub missing: Vec<Asked>,
    /// Requests that no gate would let out, and why.
    pub strays: Vec<String>,
}

/// What a call answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    Account(Account),
    Partitions(Vec<Partition>),
    Page(Page),
    Items(Vec<Change>),
    InScope(Vec<bool>),
    Amounts(Vec<Amount>),
    File(Poured),
}

/// A file's bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Poured {
    pub bytes: u64,
    pub sha256: String,
    pub media_type: Option<String>,
}

impl Turn {
    pub fn page(&self) -> Option<&Page> {
        match &self.outcome {
            Ok(Told::Page(page)) => Some(page),
            _ => None,
        }
    }

    pub fn changes(&self) -> &[Change] {
        match &self.outcome {
            Ok(Told::Page(page)) => &page.changes,
            Ok(Told::Items(changes)) => changes,
            _ => &[],
        }
    }

    /// Why it did not answer: the host's words, with the case of the contract's `error` before them.
    pub fn error(&self) -> Option<String> {
        self.outcome.as_ref().err().map(told)
    }
}

/// An error in the contract's words.
pub fn told(error: &CallError) -> String {
    use crate::model::Fault;
    let CallError::Fault { fault, .. } = error else { return error.to_string() };
    let case = match fault {
        Fault::InvalidSettings(_) => "invalid-settings",
        Fault::Unauthenticated(_) => "unauthenticated",
        Fault::Forbidden(_) => "forbidden",
        Fault::NotFound(_) => "not-found",
        Fault::Throttled { .. } => "throttled",
        Fault::Unavailable(_) => "unavailable",
        Fault::StalePosition(_) => "stale-position",
        Fault::Unexpected(_) => "unexpected",
    };
    format!("error.{case}: {error}")
}
