//! How an origin is to be asked: how wide, and from when on. Pure: answers in, decisions out.

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::limits::{QUOTA_PERCENT_MAX, REST_MAX, WIDEN_AFTER};
use super::points::{hour_of, next_hour};
use super::signs::{Kind, Quota, Signs};
use crate::model::Allowance;

/// What is known of one origin.
#[derive(Debug)]
pub(super) struct Pace {
    /// As wide as it may be, and as it is while nothing is near its end.
    width_max: usize,
    width: usize,
    /// Good answers since it last changed.
    good: u32,
    /// Until when little of the quota is left.
    near_until: Option<SystemTime>,
    rest: Option<Rest>,
    /// The quota that was told last.
    quota: Option<Quota>,
    /// Grows with each narrowing: what was sent before one does not narrow again.
    narrowings: u64,
}

/// A time during which nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest {
    from: SystemTime,
    pub until: SystemTime,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The origin asked for it.
    Asked,
    /// The origin's quota is spent.
    Quota,
    /// All that a user allowed.
    Allowance(u64),
    /// All of the told limit that is not left for others.
    Share(u64),
}

impl Pace {
    pub fn new(width_max: usize) -> Self {
        Self {
            width_max,
            width: width_max,
            good: 0,
            near_until: None,
            rest: None,
            quota: None,
            narrowings: 0,
        }
    }

    /// Requests that may be in flight now.
    pub fn width(&self) -> usize {
        if self.near_until.is_some() { 1 } else { self.width }
    }

    /// What a request that goes out now is to bring back to `learn`.
    pub fn narrowings(&self) -> u64 {
        self.narrowings
    }

    /// A user allows another width: it holds at once.
    pub fn set_width(&mut self, width_max: usize) {
        if width_max != self.width_max {
            (self.width_max, self.width, self.good) = (width_max, width_max, 0);
        }
    }

    /// Takes in what an answer says. `sent` is what `narrowings` was when its request went out.
    pub fn learn(&mut self, signs: &Signs, sent: u64, now: SystemTime) {
        match signs.near {
            Some(true) => self.near_until = Some(next_hour(now)),
            Some(false) => self.near_until = None,
            None => {}
        }
        // Answers overtake each other; one of an hour that is over tells nothing.
        self.quota =
            signs.quota.filter(|told| self.quota.is_none_or(|known| known.hour <= told.hour)).or(self.quota);
        if let Some(rest) = signs.rest {
            let why = if signs.refusal == Some(Kind::Quota) { Why::Quota } else { Why::Asked };
            self.leave_alone(Rest { from: now, until: now + rest.min(REST_MAX), why });
        }
        match signs.refusal {
            Some(Kind::Burst) if sent == self.narrowings => {
                (self.width, self.good) = ((self.width / 2).max(1), 0);
                self.narrowings += 1;
            }
            Some(_) => self.good = 0,
            None if signs.good => self.widen(),
            None => {}
        }
    }

    fn widen(&mut self) {
        self.good += 1;
        if self.good >= WIDEN_AFTER {
            (self.width, self.good) = ((self.width + 1).min(self.width_max), 0);
        }
    }

    /// The longest one counts.
    fn leave_alone(&mut self, rest: Rest) {
        if self.rest.is_none_or(|present| !present.holds(rest.from) || present.until < rest.until) {
            self.rest = Some(rest);
        }
    }

    /// Points an hour, as the origin told last.
    pub fn limit(&self) -> Option<u64> {
        self.quota.map(|quota| quota.limit)
    }

    /// Forgets what is over.
    pub fn tick(&mut self, now: SystemTime) {
        self.rest = self.rest.filter(|rest| rest.holds(now));
        // A clock that was put back does not make it longer than an hour.
        self.near_until = self.near_until.filter(|until| now < *until && *until <= next_hour(now));
    }

    /// Why nothing may be sent now. `spent` is what the connection spent in this hour; none where points bound
    /// nobody.
    pub fn rest(&self, spent: Option<u64>, allowance: &Allowance, now: SystemTime) -> Option<Rest> {
        let asked = self.rest.filter(|rest| rest.holds(now));
        asked.or_else(|| {
            let why = self.overspent(spent?, allowance, now)?;
            Some(Rest { from: now, until: next_hour(now), why })
        })
    }

    fn overspent(&self, spent: u64, allowance: &Allowance, now: SystemTime) -> Option<Why> {
        if let Some(points) = allowance.points_per_hour {
            return (spent >= points).then_some(Why::Allowance(points));
        }
        let Quota { limit, remaining, .. } = self.quota.filter(|quota| quota.hour == hour_of(now))?;
        let by_all = remaining.map_or(0, |left| limit.saturating_sub(left));
        let used = u128::from(spent.max(by_all)) * 100;
        (used >= u128::from(limit) * u128::from(QUOTA_PERCENT_MAX)).then_some(Why::Share(limit))
    }
}

impl Rest {
    /// One that began in the future belongs to a clock that was put back.
    fn holds(&self, now: SystemTime) -> bool {
        self.from <= now && now < self.until
    }

    pub fn left(&self, now: SystemTime) -> Duration {
        self.until.duration_since(now).unwrap_or_default()
    }
}

/// Why the host did not ask, for people and for the connector.
impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = DateTime::<Utc>::from(self.until).format("%H:%M:%S UTC");
        match self.why {
            Why::Asked => {
                write!(f, "not asked before {until}, since the source wants to be left alone until then")
            }
            Why::Quota => write!(f, "not asked before {until}, when the source's quota is full again"),
            Why::Allowance(points) => write!(
                f,
                "not asked before {until}, since the {points} points an hour of this connection are spent (weir connection limit)"
            ),
            Why::Share(limit) => write!(
                f,
                "not asked before {until}: {QUOTA_PERCENT_MAX} % of the {limit} points an hour are spent, the rest is left to others"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Pace, Why};
    use crate::gate::limits::{REST_MAX, WIDEN_AFTER};
    use crate::gate::signs::{Kind, Quota, Signs};
    use crate::model::Allowance;

    fn at(hour: u64, seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3_600 + seconds)
    }

    fn good() -> Signs {
        Signs { good: true, ..Signs::default() }
    }

    fn burst() -> Signs {
        Signs { refusal: Some(Kind::Burst), ..Signs::default() }
    }

    fn quota(limit: u64, remaining: Option<u64>) -> Signs {
        Signs { quota: Some(Quota { hour: 7, limit, remaining }), ..good() }
    }

    fn why(pace: &Pace, spent: Option<u64>, allowed: Option<u64>, now: SystemTime) -> Option<Why> {
        let allowance = Allowance { points_per_hour: allowed, width: None };
        pace.rest(spent, &allowance, now).map(|rest| rest.why)
    }

    #[test]
    fn a_burst_halves_the_width_once_and_good_answers_bring_it_back() {
        let mut pace = Pace::new(5);
        // Three requests went out together, and all three are refused.
        for _ in 0..3 {
            pace.learn(&burst(), 0, at(7, 0));
        }
        assert_eq!(pace.width(), 2);
        pace.learn(&burst(), pace.narrowings(), at(7, 1));
        pace.learn(&burst(), pace.narrowings(), at(7, 2));
        assert_eq!(pace.width(), 1, "never none at all");
        let mut widths = Vec::new();
        for _ in 0..5 * WIDEN_AFTER {
            pace.learn(&good(), pace.narrowings(), at(7, 3));
            widths.push(pace.width());
        }
        widths.dedup();
        assert_eq!(widths, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn trouble_neither_narrows_nor_widens() {
        let mut pace = Pace::new(5);
        pace.learn(&burst(), 0, at(7, 0));
        for _ in 0..10 * WIDEN_AFTER {
            pace.learn(&Signs::default(), 1, at(7, 0));
        }
        assert_eq!(pace.width(), 2);
    }

    #[test]
    fn near_the_limit_one_at_a_time_until_it_is_told_otherwise_or_the_hour_ends() {
        let mut pace = Pace::new(5);
        let near = |near| Signs { near: Some(near), ..good() };
        pace.learn(&near(true), 0, at(7, 100));
        pace.learn(&good(), 0, at(7, 101));
        assert_eq!(pace.width(), 1, "an answer that does not say changes nothing");
        pace.learn(&near(false), 0, at(7, 102));
        assert_eq!(pace.width(), 5);
        pace.learn(&near(true), 0, at(7, 103));
        pace.tick(at(7, 3_599));
        assert_eq!(pace.width(), 1);
        pace.tick(at(8, 0));
        assert_eq!(pace.width(), 5);
        pace.learn(&near(true), 0, at(8, 0));
        pace.tick(at(3, 0));
        assert_eq!(pace.width(), 5, "the clock was put back");
    }

    #[test]
    fn the_longest_rest_counts_and_none_is_for_ever() {
        let mut pace = Pace::new(5);
        let rest = |seconds| Signs { rest: Some(Duration::from_secs(seconds)), ..Signs::default() };
        pace.learn(&rest(60), 0, at(7, 0));
        pace.learn(&rest(5), 0, at(7, 1));
        assert_eq!(why(&pace, None, None, at(7, 59)), Some(Why::Asked));
        assert_eq!(why(&pace, None, None, at(7, 60)), None);
        pace.learn(&rest(5), 0, at(7, 100));
        assert_eq!(why(&pace, None, None, at(7, 104)), Some(Why::Asked), "a shorter one after it was over");
        pace.learn(&rest(10 * 365 * 86_400), 0, at(7, 200));
        assert_eq!(why(&pace, None, None, at(7, 200) + REST_MAX), None);
        assert_eq!(why(&pace, None, None, at(3, 0)), None, "the clock was put back");
    }

    #[test]
    fn nine_tenths_of_a_told_limit_are_spent_whoever_spent_them() {
        let mut pace = Pace::new(5);
        let now = at(7, 100);
        assert_eq!(why(&pace, Some(1_000_000), None, now), None, "no limit was ever told");
        pace.learn(&quota(1_000, None), 0, now);
        assert_eq!(why(&pace, Some(899), None, now), None);
        assert_eq!(why(&pace, Some(900), None, now), Some(Why::Share(1_000)));
        assert_eq!(why(&pace, None, None, now), None, "whom points do not bound");
        pace.learn(&quota(1_000, Some(100)), 0, now);
        assert_eq!(why(&pace, Some(3), None, now), Some(Why::Share(1_000)), "others spent the rest");
        assert_eq!(why(&pace, Some(0), None, at(8, 0)), None, "a new hour");
    }

    #[test]
    fn a_user_s_own_limit_takes_the_place_of_the_share() {
        let mut pace = Pace::new(5);
        let now = at(7, 100);
        assert_eq!(why(&pace, Some(40), Some(40), now), Some(Why::Allowance(40)));
        assert_eq!(why(&pace, Some(39), Some(40), now), None);
        assert_eq!(why(&pace, Some(0), Some(0), now), Some(Why::Allowance(0)), "nothing at all");
        pace.learn(&quota(1_000, Some(1)), 0, now);
        assert_eq!(
            why(&pace, Some(999), Some(2_000), now),
            None,
            "the source refuses what is beyond its own"
        );
    }

    #[test]
    fn what_is_said_of_a_rest() {
        let mut pace = Pace::new(5);
        pace.learn(&quota(1_000, Some(0)), 0, at(7, 0));
        let words = |pace: &Pace, allowed| {
            let allowance = Allowance { points_per_hour: allowed, width: None };
            pace.rest(Some(7), &allowance, at(7, 0)).map(|rest| rest.to_string()).unwrap_or_default()
        };
        let (share, allowance) = (words(&pace, None), words(&pace, Some(7)));
        let rest = |refusal| Signs { refusal, rest: Some(Duration::from_secs(61)), ..Signs::default() };
        pace.learn(&rest(None), 0, at(7, 0));
        let asked = words(&pace, None);
        pace.learn(&Signs { rest: Some(Duration::from_secs(62)), ..rest(Some(Kind::Quota)) }, 0, at(7, 0));
        insta::assert_snapshot!([share, allowance, asked, words(&pace, None)].join("\n"), @"
        not asked before 08:00:00 UTC: 90 % of the 1000 points an hour are spent, the rest is left to others
        not asked before 08:00:00 UTC, since the 7 points an hour of this connection are spent (weir connection limit)
        not asked before 07:01:01 UTC, since the source wants to be left alone until then
        not asked before 07:01:02 UTC, when the source's quota is full again
        ");
    }
}
