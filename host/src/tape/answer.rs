//! What a call answered, in the one way in which it is written down: two answers are the same if their JSON is.

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::{Change, Fault, Page, Partition};
use crate::sandbox::CallError;

/// An answer as it is read from a tape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Partitions(Vec<Partition>),
    Page(Page),
    Items(Vec<Change>),
    InScope(Vec<bool>),
    Failed(Failed),
}

/// Why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failed {
    /// The connector's own word. What the gate refused is not part of it: when a call ends early, it is chance
    /// which of the requests that were under way had been looked at.
    Fault(Fault),
    OutOfMemory,
    OutOfTime,
    /// Most of the time went into waiting, so that it cannot be repeated.
    TooSlow,
    Crashed {
        reason: String,
    },
}

/// Which call an answer belongs to; its JSON bears this name.
#[derive(Debug, Clone, Copy)]
pub enum Sort {
    Partitions,
    Page,
    Items,
    InScope,
}

impl Answer {
    /// The changes that it brings.
    pub fn changes(&self) -> &[Change] {
        match self {
            Self::Page(page) => &page.changes,
            Self::Items(changes) => changes,
            _ => &[],
        }
    }
}

/// The JSON of an [`Answer`], written without copying what it is made of.
///
/// # Errors
///
/// None that a value of the contract could bring about.
pub fn json<T: Serialize>(sort: Sort, answer: &Result<T, CallError>) -> serde_json::Result<String> {
    match answer {
        Ok(value) => serde_json::to_string(&Named(name(sort), value)),
        Err(error) => serde_json::to_string(&Named("failed", &Failed::of(error))),
    }
}

/// In hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name(sort: Sort) -> &'static str {
    match sort {
        Sort::Partitions => "partitions",
        Sort::Page => "page",
        Sort::Items => "items",
        Sort::InScope => "in-scope",
    }
}

struct Named<'a, T>(&'static str, &'a T);

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_variant("Answer", 0, self.0, self.1)
    }
}

impl Failed {
    fn of(error: &CallError) -> Self {
        match error {
            CallError::Fault { fault, .. } => Self::Fault(fault.clone()),
            CallError::OutOfMemory { .. } | CallError::OutOfMemoryTogether { .. } => Self::OutOfMemory,
            CallError::OutOfTime { .. } => Self::OutOfTime,
            CallError::TooSlow { .. } => Self::TooSlow,
            CallError::Crashed { reason, .. } => Self::Crashed { reason: reason.clone() },
            // The first is of a plan, and plans are on no tape.
            CallError::Overreached { .. } | CallError::Excessive { .. } => {
                Self::Crashed { reason: error.to_string() }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::{Next, Position};

    fn again<T: Serialize>(sort: Sort, answer: &Result<T, CallError>) -> (String, Answer) {
        let text = json(sort, answer).unwrap();
        let read: Answer = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text, "read and written it is the same");
        (text, read)
    }

    #[test]
    fn an_answer_is_written_as_it_is_read() {
        let page = Page {
            changes: vec![Change::Delete("page:1".into())],
            next: Next::Done(None),
            remaining: Some(1),
            pause: None,
        };
        let (text, read) = again(Sort::Page, &Ok(page.clone()));
        assert_eq!(
            text,
            r#"{"page":{"changes":[{"delete":"page:1"}],"next":{"done":null},"remaining":1,"pause":null}}"#
        );
        assert_eq!(read, Answer::Page(page));
        let (text, _) = again(Sort::InScope, &Ok(vec![true, false]));
        assert_eq!(text, r#"{"in-scope":[true,false]}"#);
        let fault = Fault::Unavailable("down".into());
        let failed: Result<Vec<Partition>, _> = Err(CallError::Fault { fault, refusals: vec!["no".into()] });
        let (text, _) = again(Sort::Partitions, &failed);
        assert_eq!(text, r#"{"failed":{"fault":{"unavailable":"down"}}}"#);
        let position = serde_json::to_string(&Position::Since("x".into())).unwrap();
        assert_eq!(position, r#"{"since":"x"}"#);
    }
}
