//! Answers with more in them than any source needs. Pure.
//!
//! What an answer *says* is for others to judge. How much of it there is, is a limit like memory and time: such an
//! answer is none, before anything is made of it.

use super::limits::{
    CHANGES_MAX, CHOICES_MAX, DESCRIBED_MAX, ID_BYTES_MAX, KEPT_BYTES_MAX, ORIGINS_MAX, PARTITIONS_MAX,
    SCHEMA_BYTES_MAX, SETTINGS_BYTES_MAX, TOKEN_BYTES_MAX,
};
use crate::model::{Account, Change, Choice, Description, Next, Page, Partition, Plan};

/// What a page goes on with, measured.
pub const POSITION: &str = "bytes of cursor or checkpoint";

/// An answer that may be more than the host takes.
pub trait Measured {
    /// What there is too much of, and how much would be taken; None for an answer of any sense.
    fn excess(&self) -> Option<String>;
}

/// The first measure that is beyond its maximum, in words.
fn first<'a>(measures: impl IntoIterator<Item = (&'a str, usize, usize)>) -> Option<String> {
    let beyond = measures.into_iter().find(|(_, found, max)| found > max);
    beyond.map(|(what, found, max)| format!("{found} {what}, where at most {max} are taken"))
}

impl Measured for Page {
    fn excess(&self) -> Option<String> {
        let position = match &self.next {
            Next::More(cursor) => cursor.len(),
            Next::Done(checkpoint) => checkpoint.as_ref().map_or(0, String::len),
        };
        first([
            ("changes in one page", self.changes.len(), CHANGES_MAX),
            (POSITION, position, KEPT_BYTES_MAX),
        ])
    }
}

impl Measured for Vec<Change> {
    fn excess(&self) -> Option<String> {
        first([("changes", self.len(), CHANGES_MAX)])
    }
}

impl Measured for Vec<Partition> {
    fn excess(&self) -> Option<String> {
        let longest = |bytes: fn(&Partition) -> usize| self.iter().map(bytes).max().unwrap_or(0);
        first([
            ("partitions", self.len(), PARTITIONS_MAX),
            ("bytes in the id of a partition", longest(|partition| partition.id.len()), ID_BYTES_MAX),
            (
                "bytes in the token of a partition",
                longest(|partition| partition.token.len()),
                TOKEN_BYTES_MAX,
            ),
        ])
    }
}

impl Measured for Vec<Choice> {
    fn excess(&self) -> Option<String> {
        first([("values to choose from", self.len(), CHOICES_MAX)])
    }
}

impl Measured for Account {
    fn excess(&self) -> Option<String> {
        first([("bytes of session", self.session.len(), KEPT_BYTES_MAX)])
    }
}

impl Measured for Plan {
    fn excess(&self) -> Option<String> {
        first([
            ("origins", self.origins.len(), ORIGINS_MAX),
            ("bytes of settings", self.settings.len(), SETTINGS_BYTES_MAX),
        ])
    }
}

impl Measured for Description {
    fn excess(&self) -> Option<String> {
        first([
            ("kinds of items", self.kinds.len(), DESCRIBED_MAX),
            ("datasets", self.datasets.len(), DESCRIBED_MAX),
            ("ways to sign in", self.logins.len(), DESCRIBED_MAX),
            ("bounds", self.bounds.as_ref().map_or(0, Vec::len), DESCRIBED_MAX),
            ("bytes in the schema of settings", self.settings_schema.len(), SCHEMA_BYTES_MAX),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(changes: usize, next: Next) -> Page {
        let changes = (0..changes).map(|number| Change::Delete(number.to_string())).collect();
        Page { changes, next, remaining: None, pause: None }
    }

    #[test]
    fn what_is_taken_ends_at_its_limit() {
        let cursor = |bytes: usize| Next::More("c".repeat(bytes));
        assert_eq!(page(CHANGES_MAX, cursor(KEPT_BYTES_MAX)).excess(), None);
        let partition = |id: usize, token: usize| Partition {
            id: "i".repeat(id),
            label: "l".repeat(10_000),
            token: "t".repeat(token),
        };
        assert_eq!(vec![partition(ID_BYTES_MAX, 9); PARTITIONS_MAX].excess(), None);
        let beyond = [
            page(CHANGES_MAX + 1, Next::Done(None)).excess(),
            page(0, cursor(KEPT_BYTES_MAX + 1)).excess(),
            page(0, Next::Done(Some("c".repeat(KEPT_BYTES_MAX + 1)))).excess(),
            vec![partition(1, 0); PARTITIONS_MAX + 1].excess(),
            vec![partition(ID_BYTES_MAX + 1, 0)].excess(),
            vec![partition(1, TOKEN_BYTES_MAX + 1)].excess(),
        ];
        insta::assert_snapshot!(beyond.map(Option::unwrap_or_default).join("\n"), @r"
        100001 changes in one page, where at most 100000 are taken
        65537 bytes of cursor or checkpoint, where at most 65536 are taken
        65537 bytes of cursor or checkpoint, where at most 65536 are taken
        100001 partitions, where at most 100000 are taken
        513 bytes in the id of a partition, where at most 512 are taken
        16777217 bytes in the token of a partition, where at most 16777216 are taken
        ");
    }
}
