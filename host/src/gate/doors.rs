//! How time and chance come in, so that no test sleeps and every test repeats.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{BoxFuture, Transport};

/// What a gate needs from the outside.
#[derive(Clone)]
pub struct Doors {
    pub transport: Arc<dyn Transport>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

pub trait Clock: Send + Sync {
    fn now(&self) -> SystemTime;
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;
}

pub trait Chance: Send + Sync {
    /// Evenly from 0 up to, but not including, 1.
    fn unit(&self) -> f64;

    /// Bytes that nobody can guess: the state and the verifier of a sign-in. The system's own
    /// unless a test says otherwise.
    ///
    /// # Errors
    /// If the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), getrandom::Error> {
        getrandom::fill(bytes)
    }
}

impl Doors {
    /// The real ones, around a transport that the whole process shares.
    pub fn real(transport: Arc<dyn Transport>) -> Self {
        Self { transport, clock: Arc::new(SystemClock), chance: Arc::new(SystemChance) }
    }
}

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

pub struct SystemChance;

impl Chance for SystemChance {
    fn unit(&self) -> f64 {
        // 32 bits fill a double's mantissa exactly. Without randomness the middle will do:
        // only the spreading of retries is lost.
        getrandom::u32().map_or(0.5, |bits| f64::from(bits) / (f64::from(u32::MAX) + 1.0))
    }
}
