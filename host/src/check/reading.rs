//! Reads of a whole source, as the host drives them: partitions of each dataset, page after page.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::{Call, start};
use super::source::Asked;
use super::subject::Subject;
use super::trial::Trial;
use super::turn::{Told, Turn};
use crate::model::{Change, Connection, Dataset, Item, Next, Partition, Position};

/// Pages of one read: at fifty changes a page, more items than a source to check with should have.
pub const PAGES_MAX: usize = 2_000;

/// Which read, and of which datasets.
#[derive(Debug, Clone)]
pub enum Manner {
    Everything,
    Inventory,
    /// By dataset and partition.
    Since(BTreeMap<(String, String), String>),
}

/// One read of the whole source.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    pub listings: Vec<Turn>,
    pub reads: Vec<Read>,
}

/// One read of a partition.
#[derive(Debug, Clone)]
pub struct Read {
    pub dataset: String,
    pub partition: Partition,
    pub turns: Vec<Turn>,
    pub end: End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With a checkpoint, if there is one.
    Done(Option<String>),
    /// The last turn has no page.
    Failed,
    /// This cursor came twice.
    Repeats(String),
    /// There were more than `PAGES_MAX` pages.
    Endless,
}

impl Subject {
    /// Reads all datasets in their order.
    pub(super) async fn read(&self, trial: &Trial, connection: &Connection, manner: &Manner) -> Reads {
        let mut reads = Reads::default();
        for dataset in &self.connector.description().datasets {
            if !manner.takes(dataset) {
                continue;
            }
            let call = Call::Partitions { dataset: dataset.name.clone() };
            let listing = self.call(trial, connection, call).await;
            let partitions = match &listing.outcome {
                Ok(Told::Partitions(partitions)) => partitions.clone(),
                _ => Vec::new(),
            };
            reads.listings.push(listing);
            for partition in partitions {
                if let Some(position) = manner.position(&dataset.name, &partition.id) {
                    let kind = start(&position);
                    reads.reads.push(
                        self.read_on(trial, connection, &dataset.name, partition, kind, position).await,
                    );
                }
            }
        }
        reads
    }

    /// Reads a partition from a position to its end.
    pub(super) async fn read_on(
        &self,
        trial: &Trial,
        connection: &Connection,
        dataset: &str,
        partition: Partition,
        start: &'static str,
        mut position: Position,
    ) -> Read {
        let (mut turns, mut cursors) = (Vec::new(), BTreeSet::new());
        let end = loop {
            let (dataset, partition, number) = (dataset.to_owned(), partition.clone(), turns.len() + 1);
            let call = Call::Page { dataset, partition, start, position, number };
            let turn = self.call(trial, connection, call).await;
            let next = turn.page().map(|page| page.next.clone());
            turns.push(turn);
            match next {
                None => break End::Failed,
                Some(Next::Done(checkpoint)) => break End::Done(checkpoint),
                Some(Next::More(cursor)) if !cursors.insert(cursor.clone()) => break End::Repeats(cursor),
                Some(Next::More(_)) if turns.len() == PAGES_MAX => break End::Endless,
                Some(Next::More(cursor)) => position = Position::After(cursor),
            }
        };
        Read { dataset: dataset.to_owned(), partition, turns, end }
    }
}

impl Manner {
    fn takes(&self, dataset: &Dataset) -> bool {
        match self {
            Self::Everything => true,
            Self::Inventory => dataset.inventory,
            Self::Since(_) => dataset.since,
        }
    }

    fn position(&self, dataset: &str, partition: &str) -> Option<Position> {
        match self {
            Self::Everything => Some(Position::Everything),
            Self::Inventory => Some(Position::Inventory),
            Self::Since(checkpoints) => {
                checkpoints.get(&(dataset.to_owned(), partition.to_owned())).cloned().map(Position::Since)
            }
        }
    }
}

impl Reads {
    pub fn turns(&self) -> impl Iterator<Item = &Turn> {
        self.listings.iter().chain(self.reads.iter().flat_map(|read| &read.turns))
    }

    pub fn changes(&self) -> impl Iterator<Item = (&Turn, &Change)> {
        let turns = self.reads.iter().flat_map(|read| &read.turns);
        turns.flat_map(|turn| turn.changes().iter().map(move |change| (turn, change)))
    }

    /// Every item that was told whole; the last telling of each.
    pub fn items(&self) -> BTreeMap<&str, (&Turn, &Item)> {
        let upserts = self.changes().filter_map(|(turn, change)| match change {
            Change::Upsert(item) => Some((item.id.as_str(), (turn, item.as_ref()))),
            _ => None,
        });
        upserts.collect()
    }

    /// Where the next reads begin.
    pub fn checkpoints(&self) -> BTreeMap<(String, String), String> {
        let checkpoint = |read: &Read| match &read.end {
            End::Done(Some(checkpoint)) => {
                Some(((read.dataset.clone(), read.partition.id.clone()), checkpoint.clone()))
            }
            _ => None,
        };
        self.reads.iter().filter_map(checkpoint).collect()
    }

    /// The first request that the source could not answer.
    pub fn missing(&self) -> Option<&Asked> {
        self.turns().find_map(|turn| turn.missing.first())
    }

    /// The first call that did not answer.
    pub fn failed(&self) -> Option<&Turn> {
        self.turns().find(|turn| turn.outcome.is_err())
    }

    /// Whether every partition was read to its end.
    pub fn is_whole(&self) -> bool {
        self.missing().is_none()
            && self.failed().is_none()
            && self.reads.iter().all(|read| matches!(read.end, End::Done(_)))
    }
}
