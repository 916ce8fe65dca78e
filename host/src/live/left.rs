//! How much of a run is still to come: a pure judgement of what was read, how long that took, and what may be spent.

use std::time::{Duration, SystemTime};

use crate::host::{Estimate, time_by_the_hour};

/// Before this share of the items was read, nothing is said: the first requests are the slowest.
const SHARE_MIN: u64 = 50;

/// Nor before this time.
const ELAPSED_MIN: Duration = Duration::from_secs(3);

/// What a run is expected to read, where it reads everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Goal {
    pub items: u64,
    /// None where nobody was asked what it costs.
    pub points: Option<u64>,
}

/// What was done so far.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    pub items: u64,
    pub points: u64,
    pub elapsed: Duration,
}

/// Points of an hour.
#[derive(Debug, Clone, Copy)]
pub struct Hour {
    pub allowed: u64,
    pub spent: u64,
    pub now: SystemTime,
}

impl Goal {
    pub fn of(estimate: &Estimate) -> Self {
        Self { items: estimate.items(), points: Some(estimate.points()) }
    }

    /// The time that is left, once it can be told.
    pub fn left(&self, done: Done, hour: Option<Hour>) -> Option<Duration> {
        let early = done.elapsed < ELAPSED_MIN || done.items.saturating_mul(SHARE_MIN) < self.items;
        let to_come = self.items.checked_sub(done.items)?;
        if early || done.items == 0 {
            return None;
        }
        let at_this_pace = done.elapsed.mul_f64(to_come as f64 / done.items as f64);
        let points = self.points.and_then(|points| points.checked_sub(done.points));
        Some(match hour.zip(points) {
            Some((Hour { allowed, spent, now }, points)) => {
                time_by_the_hour(at_this_pace, points, allowed, spent, now)
            }
            None => at_this_pace,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Done, Goal, Hour};

    fn done(items: u64, seconds: u64) -> Done {
        Done { items, points: 2 * items, elapsed: Duration::from_secs(seconds) }
    }

    #[test]
    fn the_rest_takes_as_long_as_what_was_done_did() {
        let goal = Goal { items: 10_000, points: None };
        let left = |items, seconds| goal.left(done(items, seconds), None).map(|left| left.as_secs());
        assert_eq!(left(0, 60), None);
        assert_eq!(left(199, 60), None, "too little was read");
        assert_eq!(left(5_000, 2), None, "too soon");
        assert_eq!(left(200, 60), Some(60 * 49));
        assert_eq!(left(5_000, 60), Some(60));
        assert_eq!(left(10_000, 60), Some(0));
        assert_eq!(left(10_001, 60), None, "there was more than was expected");
    }

    #[test]
    fn points_that_are_had_by_the_hour_make_it_longer() {
        let goal = Goal { items: 10_000, points: Some(20_000) };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(3_600 * 7 + 1_800);
        let left = |allowed, spent| {
            let hour = Hour { allowed, spent, now };
            goal.left(done(5_000, 600), Some(hour)).map(|left| left.as_secs() / 60)
        };
        assert_eq!(left(65_000, 10_000), Some(10), "they will do");
        assert_eq!(left(15_000, 10_000), Some(30 + 5), "half of the rest in the next hour");
        assert_eq!(left(5_000, 5_000), Some(30 + 60 + 5));
    }
}
