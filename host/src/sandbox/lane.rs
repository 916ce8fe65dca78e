//! One component's share of the sandbox: how many of its calls run side by side, and what memory they hold together.
//!
//! A connection cannot get more by having more partitions, nor a connector by having more connections.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits;

/// The lanes of an engine by what the components are: the same bytes loaded twice share one.
#[derive(Default)]
pub struct Lanes(Mutex<HashMap<Vec<u8>, Weak<Lane>>>);

impl Lanes {
    pub fn of(&self, wasm: &[u8]) -> Arc<Lane> {
        let digest = Sha256::digest(wasm).to_vec();
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&digest).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let lane = Lane::new();
        lanes.insert(digest, Arc::downgrade(&lane));
        lane
    }
}

/// The share of one component, held by all of its calls.
pub struct Lane {
    /// Tells it from other lanes.
    id: u64,
    seats: Arc<Semaphore>,
    memory_bytes: AtomicUsize,
}

impl Lane {
    pub fn new() -> Arc<Self> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Arc::new(Self {
            id: LAST.fetch_add(1, Ordering::Relaxed),
            seats: Arc::new(Semaphore::new(limits::CALLS_OF_ONE_MAX as usize)),
            memory_bytes: AtomicUsize::new(0),
        })
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    /// Waits until another call of this component may begin. None only if the semaphore was closed, which nobody does.
    pub async fn seat(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.seats).acquire_owned().await.ok()
    }

    /// Takes so much memory more for one of the calls; false, and nothing taken, if all together would have too much.
    pub fn take_memory(&self, bytes: usize) -> bool {
        let more =
            |held: usize| held.checked_add(bytes).filter(|sum| *sum <= limits::MEMORY_OF_ONE_BYTES_MAX);
        self.memory_bytes.try_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
    }

    pub fn give_memory_back(&self, bytes: usize) {
        let less = |held: usize| Some(held.saturating_sub(bytes));
        let _always = self.memory_bytes.try_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_has_one_lane_however_often_it_is_loaded() {
        let lanes = Lanes::default();
        let (lane, again, other) = (lanes.of(b"one"), lanes.of(b"one"), lanes.of(b"other"));
        assert!(lane.id() == again.id() && lane.id() != other.id());
        drop((lane, again));
        let _other = lanes.of(b"third");
        assert_eq!(
            lanes.0.lock().unwrap_or_else(PoisonError::into_inner).len(),
            2,
            "what is gone is forgotten"
        );
    }

    #[test]
    fn the_calls_of_one_component_share_its_memory() {
        let (lane, other) = (Lane::new(), Lane::new());
        for _ in 0..limits::MEMORY_OF_ONE_BYTES_MAX / limits::MEMORY_BYTES_MAX {
            assert!(lane.take_memory(limits::MEMORY_BYTES_MAX));
        }
        assert!(!lane.take_memory(1), "it is used up");
        assert!(other.take_memory(limits::MEMORY_BYTES_MAX), "another one's is not");
        lane.give_memory_back(limits::MEMORY_BYTES_MAX);
        assert!(lane.take_memory(1));
    }
}
