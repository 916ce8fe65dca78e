//! What stands on a tape: JSON Lines, packed with zstd. One line a thing, in the order in which things ended, so
//! that calls side by side lie between each other; a call's number ties its lines together.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::octets::Octets;
use crate::model::{Lineage, Origin, Partition, Position, Timestamp};
use crate::sandbox::Denied;

/// The number of this format. A reader refuses any other.
pub const FORMAT: u32 = 1;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The first one.
    Tape(Header),
    /// A call began.
    Asked(Asking),
    /// A request of a call, and what came of it.
    Exchange(Exchange),
    /// A call ended.
    Answered(Answered),
    /// The last one; a tape without it was cut off.
    End(End),
}

/// What all calls of a tape have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: u32,
    /// The version of Weir that recorded.
    pub weir: String,
    pub connector: Component,
    /// What the user calls the connection.
    pub connection: String,
    /// A JSON text.
    pub settings: String,
    /// Identifiers and addresses, never a secret.
    pub session: String,
    pub login: String,
    /// The header of the login, which a connector may not set. Its value is on no tape.
    pub login_header: Option<String>,
    pub origins: Vec<Origin>,
    /// What the run set out to learn: `since`, `inventory` or `everything`.
    pub mode: String,
    pub started: Timestamp,
}

/// Which connector was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// `confluence` for the built-in one, otherwise the file's name without its folders.
    pub given: String,
    pub name: String,
    pub version: String,
    /// Of the component's bytes, in hex.
    pub sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Asking {
    pub call: u64,
    pub at: Timestamp,
    /// 32 bytes in hex: what the guest's randomness is made of.
    pub seed: String,
    pub what: Asked,
}

/// A call of the contract, with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    ListPartitions { dataset: String },
    ReadPage { partition: Partition, position: Position, limit: u32 },
    ReadItems { ids: Vec<String> },
    InScope { items: Vec<Lineage> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub call: u64,
    /// The how-manieth request of its call.
    pub number: u64,
    pub method: String,
    /// As the connector knows it, with its query.
    pub url: String,
    /// Of the headers that the connector set, those that say what it wants.
    pub headers: Vec<(String, Octets)>,
    pub body: Octets,
    /// None if nothing had come when the call was over.
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As the connector saw it: what the gate tried again, or took away, is not here.
    Response {
        status: u16,
        headers: Vec<(String, Octets)>,
        body: Octets,
        end: BodyEnd,
    },
    Denied(Denied),
}

/// How a response's body ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyEnd {
    Whole,
    /// The connector read no further.
    Unread,
    TooLarge(u64),
    Silent,
    Broken(String),
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Answered {
    pub call: u64,
    /// What the guest's clocks said, in order: nanoseconds since 1970, and since the call began.
    pub wall: Vec<u64>,
    pub monotonic: Vec<u64>,
    /// Of `answer`, byte for byte, in hex.
    pub sha256: String,
    /// An [`Answer`](super::Answer).
    pub answer: Box<RawValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub calls: u64,
    pub exchanges: u64,
}

impl Asked {
    /// The call and what it was about, in a few words.
    pub fn words(&self) -> String {
        match self {
            Self::ListPartitions { dataset } => format!("list-partitions {dataset}"),
            Self::ReadPage { partition, position, .. } => {
                format!("read-page {} {}", partition.id, begins(position))
            }
            Self::ReadItems { ids } => format!("read-items of {}", ids.len()),
            Self::InScope { items } => format!("in-scope of {}", items.len()),
        }
    }
}

fn begins(position: &Position) -> &'static str {
    match position {
        Position::Everything => "everything",
        Position::Inventory => "inventory",
        Position::Since(_) => "since a checkpoint",
        Position::After(_) => "after a cursor",
    }
}
