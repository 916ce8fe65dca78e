//! When a connection is read by itself: pure decisions of values.
//!
//! `store` keeps what is said here of each connection, `host` asks what is due and runs it, `cli` shows it.
//! When a connection is due next is nowhere written down: it follows from its last run, so that runs missed
//! while nobody was there are caught up once and not once each, and a clock that was set is no trouble.
//!
//! Deliberately absent: clocks, chance and waiting. What differs from connection to connection follows from
//! a number of the data folder's own.

mod due;
mod every;
mod state;

pub use due::{LastRun, When, Why, due};
pub use every::{EVERY_DEFAULT, EVERY_MINUTES_MAX, EVERY_MINUTES_MIN, Every, EveryFault};
pub use state::{State, state};

use crate::model::ConnectionId;

/// How a connection is to be read, and what its last runs say of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Only when somebody asks for it.
    pub manual: bool,
    pub every: Every,
    pub paused: bool,
    /// The source refused the sign-in; only a new one can help.
    pub needs_sign_in: bool,
    /// Somebody has not finished setting it up.
    pub setting_up: bool,
    /// Runs that failed, one after the other, up to now.
    pub failures: u32,
    /// Where in each interval its turn comes, as a share of 2^32.
    pub phase: u32,
}

/// 2^32 divided by the golden ratio: multiples of it, cut to 32 bits, stay as far apart as so many can.
const GOLDEN: u32 = 0x9E37_79B9;

/// Where a connection's turn comes: apart from those of the others in its data folder, however many there are,
/// and for each data folder elsewhere. `seed` is any number that is the folder's own.
pub fn phase(seed: u32, connection: ConnectionId) -> u32 {
    // Numbers of connections are small; what is cut off would only turn the circle.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = connection as u32;
    seed.wrapping_add(number.wrapping_mul(GOLDEN))
}

#[cfg(test)]
mod tests {
    use super::phase;

    /// The minutes of an hour at which so many connections come.
    fn minutes(seed: u32, connections: i64) -> Vec<u64> {
        let minute = |id| (u64::from(phase(seed, id)) * 60) >> 32;
        let mut minutes: Vec<u64> = (1..=connections).map(minute).collect();
        minutes.sort_unstable();
        minutes
    }

    #[test]
    fn no_two_of_twenty_connections_come_at_the_same_minute() {
        for seed in [0, 1, 77_777, u32::MAX] {
            let mut minutes = minutes(seed, 20);
            minutes.dedup();
            assert_eq!(minutes.len(), 20, "seed {seed}");
        }
        assert_ne!(minutes(1, 5), minutes(1 << 30, 5), "another folder comes at other minutes");
    }
}
