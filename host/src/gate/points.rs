//! Points: what a source charges for its answers, in its own measure, by the hour of UTC. Pure.

use std::time::{Duration, SystemTime};

pub(super) const HOUR: Duration = Duration::from_secs(3_600);

/// Hours of UTC since 1970.
pub fn hour_of(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / HOUR.as_secs()
}

/// When the hour after this moment begins: at the moment an hour begins it is the next one's.
pub(super) fn next_hour(now: SystemTime) -> SystemTime {
    let seconds = hour_of(now).saturating_add(1).saturating_mul(HOUR.as_secs());
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(now)
}

/// What a connection spent in the present hour, here and in other processes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Points {
    hour: u64,
    /// Known to the store.
    kept: u64,
    /// Not known to it yet.
    unkept: u64,
    /// Of the hour before, not known to the store yet.
    late: Option<(u64, u64)>,
}

impl Points {
    pub fn spend(&mut self, units: u64, now: SystemTime) {
        self.enter(hour_of(now));
        self.unkept = self.unkept.saturating_add(units);
    }

    pub fn spent(&self, now: SystemTime) -> u64 {
        if self.hour == hour_of(now) { self.kept.saturating_add(self.unkept) } else { 0 }
    }

    /// What the store does not know yet, by hour; it counts as known from now on.
    pub fn take_unkept(&mut self) -> Vec<(u64, u64)> {
        let late = self.late.take();
        let unkept = std::mem::take(&mut self.unkept);
        self.kept = self.kept.saturating_add(unkept);
        late.into_iter().chain((unkept > 0).then_some((self.hour, unkept))).collect()
    }

    /// The store's own sum for an hour, which others may have added to.
    pub fn learn(&mut self, hour: u64, sum: u64) {
        if hour > self.hour {
            self.enter(hour);
        }
        if hour == self.hour {
            self.kept = self.kept.max(sum);
        }
    }

    fn enter(&mut self, hour: u64) {
        if hour != self.hour {
            self.late = (self.unkept > 0).then_some((self.hour, self.unkept)).or(self.late);
            (self.hour, self.kept, self.unkept) = (hour, 0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Points, hour_of, next_hour};

    fn at(hour: u64, seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3_600 + seconds)
    }

    #[test]
    fn an_hour_ends_with_its_last_second() {
        assert_eq!((hour_of(at(7, 0)), hour_of(at(7, 3_599)), hour_of(at(8, 0))), (7, 7, 8));
        assert_eq!(
            (next_hour(at(7, 0)), next_hour(at(7, 3_599)), next_hour(at(8, 0))),
            (at(8, 0), at(8, 0), at(9, 0))
        );
    }

    #[test]
    fn points_are_those_of_the_present_hour_whoever_spent_them() {
        let mut points = Points::default();
        points.learn(7, 100);
        points.spend(20, at(7, 3_599));
        assert_eq!((points.spent(at(7, 3_599)), points.spent(at(8, 0))), (120, 0));
        // The store was told nothing of the 20 when the next hour began.
        points.spend(5, at(8, 0));
        assert_eq!(points.spent(at(8, 0)), 5);
        assert_eq!(points.take_unkept(), [(7, 20), (8, 5)]);
        assert!(points.take_unkept().is_empty(), "each is told once");
        points.learn(8, 35);
        assert_eq!(points.spent(at(8, 1)), 35, "another process spent 30");
        points.learn(7, 1_000);
        assert_eq!(points.spent(at(8, 1)), 35, "an hour that is over");
        points.spend(u64::MAX, at(8, 2));
        points.spend(u64::MAX, at(8, 2));
        assert_eq!(points.spent(at(8, 2)), u64::MAX);
    }
}
