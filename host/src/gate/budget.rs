//! What one call of a connector may spend at the gate.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::limits::{CALL_REQUESTS_MAX, RESPONSE_BYTES_MAX, WAIT_MAX};

/// Made anew for each call into a component, and shared by all requests of that call.
#[derive(Debug)]
pub struct CallBudget {
    requests_max: u32,
    requests_left: AtomicU32,
    response_bytes_max: u64,
    wait_max: Duration,
}

impl Default for CallBudget {
    fn default() -> Self {
        Self::new(CALL_REQUESTS_MAX)
    }
}

impl CallBudget {
    /// With the usual limits, for this many requests. Retries are not counted: they are the
    /// gate's own and have their own limit.
    pub fn new(requests_max: u32) -> Self {
        Self {
            requests_max,
            requests_left: AtomicU32::new(requests_max),
            response_bytes_max: RESPONSE_BYTES_MAX,
            wait_max: WAIT_MAX,
        }
    }

    /// With another limit for each response, as a download needs.
    #[must_use]
    pub fn response_bytes_max(self, response_bytes_max: u64) -> Self {
        Self { response_bytes_max, ..self }
    }

    /// With another limit for all waits of one request: less where a person is waiting.
    #[must_use]
    pub fn wait_max(self, wait_max: Duration) -> Self {
        Self { wait_max, ..self }
    }

    /// Takes one request; false if none is left.
    pub(super) fn take(&self) -> bool {
        self.requests_left
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }

    pub(super) fn limits(&self) -> (u32, u64, Duration) {
        (self.requests_max, self.response_bytes_max, self.wait_max)
    }
}
