//! The door by which reads come in: a connector behind its gate, or a test's script.

use std::future::Future;

use crate::gate::Gate;
use crate::model::{Change, Connection, Lineage, Page, Partition, Position};
use crate::sandbox::{CallError, Connector, Journal};
use crate::store::Traffic;

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
}

impl Source for Remote {
    async fn partitions(&self, dataset: &str) -> Answer<Vec<Partition>> {
        self.connector.list_partitions(&self.gate, &self.connection, dataset).await
    }

    async fn page(&self, partition: &Partition, position: &Position, limit: u32) -> Answer<Page> {
        self.connector.read_page(&self.gate, &self.connection, partition, position, limit).await
    }

    async fn items(&self, ids: &[String]) -> Answer<Vec<Change>> {
        self.connector.read_items(&self.gate, &self.connection, ids).await
    }

    async fn in_scope(&self, items: &[Lineage]) -> Result<Vec<bool>, CallError> {
        self.connector.in_scope(&self.connection, items).await
    }

    fn turned_away(&self) -> u64 {
        let endpoints = self.gate.ledger().traffic().by_endpoint;
        endpoints.values().filter_map(|endpoint| endpoint.by_status.get(&UNAUTHORIZED)).sum()
    }

    fn traffic(&self) -> Traffic {
        let traffic = self.gate.ledger().traffic();
        Traffic { requests: traffic.requests, bytes: traffic.bytes, retries: traffic.retries, points: 0 }
    }
}
