//! The door by which reads come in: a connector behind its gate, or a test's script.

use std::future::Future;
use std::sync::Arc;

use serde::Serialize;

use tracing::Instrument as _;

use crate::gate::{self, Gate};
use crate::model::{Change, Connection, Lineage, Page, Partition, Position};
use crate::sandbox::{CallError, Connector, Journal, Way};
use crate::store::Traffic;
use crate::tape::{Asked, Recorder, Sort, Taping};

/// The answer to a request whose credential is not good (RFC 9110).
const UNAUTHORIZED: u16 = 401;

/// What a call brought, and what the connector said meanwhile.
pub type Answer<T> = (Result<T, CallError>, Journal);

/// Something that can be read. Every call may be made again, and side by side with others.
pub trait Source: Send + Sync + 'static {
    /// The parts of a dataset.
    fn partitions(&self, dataset: &str) -> impl Future<Output = Answer<Vec<Partition>>> + Send;

    /// The next page of a partition; `limit` is how many changes are welcome.
    fn page(
        &self,
        partition: &Partition,
        position: &Position,
        limit: u32,
    ) -> impl Future<Output = Answer<Page>> + Send;

    /// These items, at most 100 of them, as they are now.
    fn items(&self, ids: &[String]) -> impl Future<Output = Answer<Vec<Change>>> + Send;

    /// Whether the settings still ask for these items, at most 1,000 of them; asks no source.
    fn in_scope(&self, items: &[Lineage]) -> impl Future<Output = Result<Vec<bool>, CallError>> + Send;

    /// How often the source has turned the credential away so far. What it says in a call in which it
    /// did so proves nothing.
    fn turned_away(&self) -> u64 {
        0
    }

    /// What the reads so far have cost.
    fn traffic(&self) -> Traffic;
}

/// A connection's source, read by its connector through its gate.
pub struct Remote {
    pub connector: Connector,
    pub gate: Gate,
    pub connection: Connection,
    /// Where the calls are recorded, if they are.
    pub tape: Option<Arc<Recorder>>,
}

impl Remote {
    /// The way for a call, and its recording if there is one.
    fn way(&self, through: Way, asked: impl FnOnce() -> Asked) -> (Way, Option<Taping>) {
        let taping = self.tape.as_ref().map(|tape| tape.call(asked(), &through));
        (taping.as_ref().map_or(through, Taping::way), taping)
    }
}

impl Source for Remote {
    async fn partitions(&self, dataset: &str) -> Answer<Vec<Partition>> {
        let asked = || Asked::ListPartitions { dataset: dataset.to_owned() };
        let (way, taping) = self.way((&self.gate).into(), asked);
        let answer = self
            .connector
            .list_partitions(way, &self.connection, dataset)
            .instrument(called("list-partitions"))
            .await;
        note(taping, Sort::Partitions, &answer.0);
        answer
    }

    async fn page(&self, partition: &Partition, position: &Position, limit: u32) -> Answer<Page> {
        let asked = || Asked::ReadPage { partition: partition.clone(), position: position.clone(), limit };
        let (way, taping) = self.way((&self.gate).into(), asked);
        let reading = self.connector.read_page(way, &self.connection, partition, position, limit);
        let answer = reading.instrument(called("read-page")).await;
        note(taping, Sort::Page, &answer.0);
        answer
    }

    async fn items(&self, ids: &[String]) -> Answer<Vec<Change>> {
        let (way, taping) = self.way((&self.gate).into(), || Asked::ReadItems { ids: ids.to_vec() });
        let answer =
            self.connector.read_items(way, &self.connection, ids).instrument(called("read-items")).await;
        note(taping, Sort::Items, &answer.0);
        answer
    }

    async fn in_scope(&self, items: &[Lineage]) -> Result<Vec<bool>, CallError> {
        let (way, taping) = self.way(Way::nowhere(), || Asked::InScope { items: items.to_vec() });
        let answer =
            self.connector.in_scope(way, &self.connection, items).instrument(called("in-scope")).await;
        note(taping, Sort::InScope, &answer);
        answer
    }

    fn turned_away(&self) -> u64 {
        let endpoints = self.gate.ledger().traffic().by_endpoint;
        endpoints.values().filter_map(|endpoint| endpoint.by_status.get(&UNAUTHORIZED)).sum()
    }

    fn traffic(&self) -> Traffic {
        let gate::Traffic { requests, bytes, retries, points, .. } = self.gate.ledger().traffic();
        Traffic { requests, bytes, retries, points }
    }
}

/// A call of the connector, in traces.
fn called(function: &'static str) -> tracing::Span {
    tracing::info_span!(target: "weir::sync", "call", otel.name = function)
}

fn note<T: Serialize>(taping: Option<Taping>, sort: Sort, answer: &Result<T, CallError>) {
    if let Some(taping) = taping {
        taping.ended(sort, answer);
    }
}
