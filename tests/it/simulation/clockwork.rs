//! Time that is moved by hand, and chance that comes from the seed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use confluence_simulator::WRITTEN_UNTIL;
use weir::gate::{BoxFuture, Chance, Clock};

/// The site's time, in milliseconds since 1970.
#[derive(Clone)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    pub fn begins() -> Self {
        Self(Arc::new(AtomicI64::new(WRITTEN_UNTIL)))
    }

    pub fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clock that the site reads.
    pub fn of_site(&self) -> confluence_simulator::Clock {
        confluence_simulator::Clock::Manual(Arc::clone(&self.0))
    }

    /// The clock that a host reads which is this much ahead.
    pub fn of_host(&self, ahead_ms: i64) -> Arc<dyn Clock> {
        Arc::new(Wrong { time: self.clone(), ahead_ms })
    }
}

/// A clock that goes wrong by always the same. Sleeping moves the time at once.
struct Wrong {
    time: Time,
    ahead_ms: i64,
}

impl Clock for Wrong {
    fn now(&self) -> SystemTime {
        let now = (self.time.now() + self.ahead_ms).max(0);
        SystemTime::UNIX_EPOCH + Duration::from_millis(now.unsigned_abs())
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.time.pass(i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4));
        Box::pin(tokio::task::yield_now())
    }
}

pub struct Dice(pub Mutex<fastrand::Rng>);

impl Chance for Dice {
    fn unit(&self) -> f64 {
        self.0.lock().unwrap().f64()
    }
}
