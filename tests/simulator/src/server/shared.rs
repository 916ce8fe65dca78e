//! What the requests of one served site share.

use std::collections::VecDeque;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::clock::Millis;
use crate::faults::{FaultCounters, Knobs};
use crate::ledger::Ledger;
use crate::rest::{Listings, Meter};
use crate::site::Site;

/// Earlier states that lists may still be read from; a lag that spans more changes is cut short.
const PAST_MAX: usize = 64;

pub(super) struct Shared {
    pub site: RwLock<Site>,
    pub knobs: RwLock<Knobs>,
    /// Earlier states and when each ended, oldest first. Kept while lists lag.
    pub past: Mutex<VecDeque<(Millis, Arc<Site>)>>,
    pub listings: Listings,
    pub meter: Mutex<Meter>,
    pub faults: Mutex<FaultCounters>,
    pub ledger: Ledger,
    pub started: Instant,
    pub in_flight: AtomicU64,
    pub answered: AtomicU64,
}

impl Shared {
    pub fn new(site: Site, knobs: Knobs) -> Self {
        Shared {
            site: RwLock::new(site),
            knobs: RwLock::new(knobs),
            past: Mutex::default(),
            listings: Listings::default(),
            meter: Mutex::default(),
            faults: Mutex::default(),
            ledger: Ledger::default(),
            started: Instant::now(),
            in_flight: AtomicU64::new(0),
            answered: AtomicU64::new(0),
        }
    }

    pub fn read<T>(&self, look: impl FnOnce(&Site) -> T) -> T {
        look(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut Site) -> T) -> T {
        let mut site = self.site.write().unwrap_or_else(PoisonError::into_inner);
        if self.knobs().list_lag_ms > 0 {
            let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
            past.push_back((site.clock.now(), Arc::new(site.clone())));
            if past.len() > PAST_MAX {
                past.pop_front();
            }
        }
        let result = change(&mut site);
        self.listings.forget();
        result
    }

    pub fn knobs(&self) -> Knobs {
        self.knobs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_knobs(&self, knobs: Knobs) {
        let mut current = self.knobs.write().unwrap_or_else(PoisonError::into_inner);
        if knobs.list_lag_ms == 0 {
            self.past.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        *current = knobs;
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = FaultCounters::default();
        *self.meter.lock().unwrap_or_else(PoisonError::into_inner) = Meter::default();
        self.listings.forget();
    }

    /// The site as a list shows it that lags so far behind; None if it is the site as it is.
    pub fn lagging(&self, now: Millis, lag_ms: i64) -> Option<Arc<Site>> {
        if lag_ms <= 0 {
            return None;
        }
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.iter().find(|(ended, _)| *ended > now - lag_ms).map(|(_, site)| Arc::clone(site))
    }

    pub fn latency(&self) -> Duration {
        Duration::from_millis(self.knobs().latency_ms)
    }
}
