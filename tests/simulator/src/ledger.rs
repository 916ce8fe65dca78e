//! Every request the site was asked, in the order of arrival.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// One request and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Counted from 1.
    pub sequence: u64,
    /// Since the server started.
    pub started_ms: u64,
    pub method: String,
    /// Path and query, as they came.
    pub target: String,
    /// `/wiki/api/v2/pages/{id}`; empty where no endpoint was meant.
    pub endpoint: &'static str,
    pub status: u16,
    /// Of the body, before compression.
    pub bytes: u64,
    /// What the request costs where points are charged.
    pub points: u64,
    pub authorization: bool,
    /// An `Authorization` header came to the media host: a leaked credential.
    pub leaked: bool,
    /// A fault decided the answer.
    pub fault: bool,
    /// Requests under way when this one arrived, itself included.
    pub in_flight: u64,
}

#[derive(Default)]
pub struct Ledger(Mutex<Vec<Entry>>);

impl Ledger {
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entry.sequence = entries.len() as u64 + 1;
        entries.push(entry);
    }

    /// A copy of all entries so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests came so far.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many requests went to an endpoint, by its template.
    pub fn count(&self, endpoint: &str) -> usize {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().filter(|entry| entry.endpoint == endpoint).count()
    }

    /// Requests by endpoint, in the order of the endpoints' names.
    pub fn by_endpoint(&self) -> std::collections::BTreeMap<&'static str, usize> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = std::collections::BTreeMap::new();
        for entry in entries.iter() {
            *counts.entry(entry.endpoint).or_default() += 1;
        }
        counts
    }
}
