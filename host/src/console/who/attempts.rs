//! How often an address may try to sign in.
//!
//! Tokens are too long to be guessed; what this spares is the store, and whoever looks for the one wrong token among
//! a million. Each address has its own allowance, so that nobody is kept out by what others try.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::console::Trouble;
use crate::model::Timestamp;

/// Attempts at once: somebody mistypes, or has several windows.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// And how many more come back in each minute.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Addresses that are told apart; with more than these, new ones share one allowance until some are forgotten. A few
/// hundred kilobytes.
const ADDRESSES_MAX: usize = 10_000;
/// A house has so many bits of its IPv6 addresses to itself.
const IPV6_BITS: u32 = 64;

/// The clock of the host, as it was when it was last asked.
#[derive(Clone, Default)]
struct Moment(Arc<AtomicU64>);

impl Clock for Moment {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

pub struct Attempts {
    moment: Moment,
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, Moment, NoOpMiddleware<Duration>>,
}

impl Default for Attempts {
    fn default() -> Self {
        let moment = Moment::default();
        let quota = Quota::per_minute(A_MINUTE).allow_burst(AT_ONCE);
        Self { limiter: RateLimiter::hashmap_with_clock(quota, moment.clone()), moment }
    }
}

impl Attempts {
    /// Counts an attempt.
    ///
    /// # Errors
    ///
    /// [`Trouble::TooMany`] when the address has none left.
    pub fn count(&self, address: Option<IpAddr>, now: Timestamp) -> Result<(), Trouble> {
        self.moment.0.fetch_max(now, Ordering::Relaxed);
        if self.limiter.len() >= ADDRESSES_MAX {
            self.limiter.retain_recent();
        }
        let shared = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let full = self.limiter.len() >= ADDRESSES_MAX;
        let key = address.filter(|_| !full).map_or(shared, house);
        self.limiter.check_key(&key).map_err(|refused| {
            let wait = refused.wait_time_from(self.moment.now());
            Trouble::TooMany(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
        })
    }
}

/// What one house or machine has to itself.
fn house(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let kept = u128::MAX << (128 - IPV6_BITS);
            Ipv6Addr::from_bits(address.to_bits() & kept).into()
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{ADDRESSES_MAX, AT_ONCE, Attempts};
    use crate::console::Trouble;

    const NOW: u64 = 1_772_442_900_000;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_address_runs_out_of_attempts_and_gets_them_back_and_others_never_notice() {
        let attempts = Attempts::default();
        for _ in 0..AT_ONCE.get() {
            attempts.count(ip("10.0.0.7"), NOW).unwrap();
        }
        let Err(Trouble::TooMany(wait)) = attempts.count(ip("10.0.0.7"), NOW) else { panic!("let in") };
        assert_eq!(wait, 3_000, "a minute has twenty");
        attempts.count(ip("10.0.0.8"), NOW).unwrap();
        attempts.count(None, NOW).unwrap();
        assert!(attempts.count(ip("10.0.0.7"), NOW + wait - 1).is_err());
        attempts.count(ip("10.0.0.7"), NOW + wait).unwrap();
        assert!(attempts.count(ip("10.0.0.7"), NOW + wait).is_err());
        assert!(attempts.count(ip("10.0.0.7"), NOW).is_err(), "a clock that goes back gives nothing");
    }

    #[test]
    fn a_house_has_one_allowance_however_many_addresses() {
        let attempts = Attempts::default();
        for host in 0..AT_ONCE.get() {
            attempts.count(ip(&format!("2001:db8::{host:x}")), NOW).unwrap();
        }
        assert!(attempts.count(ip("2001:db8::ffff:1"), NOW).is_err());
        attempts.count(ip("2001:db8:0:1::1"), NOW).unwrap();
    }

    #[test]
    fn so_many_addresses_are_told_apart_and_no_more() {
        let attempts = Attempts::default();
        let count = |number: u32, now| attempts.count(Some(Ipv4Addr::from_bits(number + 1).into()), now);
        for number in 0..ADDRESSES_MAX as u32 + AT_ONCE.get() {
            count(number, NOW).unwrap();
        }
        assert!(count(u32::MAX - 9, NOW).is_err(), "the newcomers' allowance is used up");
        assert!(attempts.limiter.len() <= ADDRESSES_MAX + 1);
        count(u32::MAX - 9, NOW + 3_600_000).unwrap();
        assert!(attempts.limiter.len() <= 2, "the others are forgotten");
    }
}
