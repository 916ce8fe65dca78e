//! The calls of a connector, as values: made, made again, and named in findings.

use std::fmt;

use crate::model::{Lineage, Partition, Position};

/// One call and its arguments; the connection is the subject's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Authenticate,
    Partitions {
        dataset: String,
    },
    /// `number` counts the pages of one read, from 1.
    Page {
        dataset: String,
        partition: Partition,
        start: &'static str,
        position: Position,
        number: usize,
    },
    Items {
        ids: Vec<String>,
    },
    InScope {
        items: Vec<Lineage>,
    },
    Estimate,
    Download {
        link: String,
        item: String,
    },
}

impl Call {
    /// The function of the contract.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::Partitions { .. } => "list-partitions",
            Self::Page { .. } => "read-page",
            Self::Items { .. } => "read-items",
            Self::InScope { .. } => "in-scope",
            Self::Estimate => "estimate",
            Self::Download { .. } => "download",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authenticate => out.write_str("authenticate"),
            Self::Partitions { dataset } => write!(out, "list-partitions, dataset {dataset}"),
            Self::Page { dataset, partition, start, number, .. } => {
                write!(
                    out,
                    "read-page, dataset {dataset}, partition {}, {start}, page {number}",
                    partition.id
                )
            }
            Self::Items { ids } => write!(out, "read-items of {}", few(ids)),
            Self::InScope { items } => write!(out, "in-scope of {} items", items.len()),
            Self::Estimate => out.write_str("estimate"),
            Self::Download { item, .. } => write!(out, "download of the file of {item}"),
        }
    }
}

/// A list of ids that may be long.
pub fn few(ids: &[String]) -> String {
    const NAMED_MAX: usize = 3;
    let named = ids.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(NAMED_MAX) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What a position is called in a place; a cursor is no start.
pub fn start(position: &Position) -> &'static str {
    match position {
        Position::Everything => "everything",
        Position::Inventory => "inventory",
        Position::Since(_) => "since",
        Position::After(_) => "after",
    }
}
