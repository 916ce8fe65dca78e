//! Sorted lists, made once for an account and an order and kept until the site
//! changes, so that each page of a long walk costs what it returns.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::sight::Sight;
use crate::site::Id;

/// What a list is sorted by. Within one list all keys are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    Number(i64),
    Text(String),
}

impl SortKey {
    pub fn to_json(&self) -> Value {
        match self {
            SortKey::Number(number) => json!(number),
            SortKey::Text(text) => json!(text),
        }
    }

    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().map(SortKey::Number),
            Value::String(text) => Some(SortKey::Text(text.clone())),
            _ => None,
        }
    }
}

/// A place in a sorted list: the sort key, and the id among equals.
pub type Place = (SortKey, Id);

/// Places in order. `descending` says which way the keys run.
#[derive(Debug)]
pub struct Listing {
    pub places: Vec<Place>,
    pub descending: bool,
}

impl Listing {
    pub fn new(mut places: Vec<Place>, descending: bool) -> Self {
        places.sort_unstable();
        if descending {
            places.reverse();
        }
        Listing { places, descending }
    }

    /// The places that follow `last`, or all of them.
    pub fn after(&self, last: Option<&Place>) -> &[Place] {
        let Some(last) = last else {
            return &self.places;
        };
        let start = self.places.partition_point(|place| match self.descending {
            false => place <= last,
            true => place >= last,
        });
        self.places.get(start..).unwrap_or_default()
    }
}

/// Lists kept at a time; a walk needs a handful, so more are old ones.
const LISTINGS_MAX: usize = 64;

/// The lists and sights in use. Emptied whenever the site or a knob changes.
#[derive(Default)]
pub struct Listings {
    lists: Mutex<HashMap<String, Arc<Listing>>>,
    sights: Mutex<HashMap<String, Arc<Sight>>>,
}

impl Listings {
    pub fn forget(&self) {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.sights.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub fn list(&self, key: String, make: impl FnOnce() -> Listing) -> Arc<Listing> {
        kept(&self.lists, key, make)
    }

    pub fn sight(&self, account_id: &str, make: impl FnOnce() -> Sight) -> Arc<Sight> {
        kept(&self.sights, account_id.to_string(), make)
    }
}

fn kept<T>(map: &Mutex<HashMap<String, Arc<T>>>, key: String, make: impl FnOnce() -> T) -> Arc<T> {
    let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = map.get(&key) {
        return found.clone();
    }
    if map.len() >= LISTINGS_MAX {
        map.clear();
    }
    let made = Arc::new(make());
    map.insert(key, made.clone());
    made
}
