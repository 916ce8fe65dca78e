//! How fast a run reads: items of the last seconds, by a clock that comes in by the door.

use std::collections::VecDeque;

use crate::model::Timestamp;

/// Long enough that a page of a hundred items is no spike, short enough that a stall shows.
const WINDOW_MS: u64 = 10_000;

/// Items of so long are counted together, which bounds what is kept to forty numbers.
const STEP_MS: u64 = 250;

/// Before that no rate is told: one page would make any.
const TOLD_AFTER_MS: u64 = 1_000;

/// Items that were read lately.
#[derive(Debug, Clone)]
pub struct Pace {
    since: Timestamp,
    steps: VecDeque<Step>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    at: Timestamp,
    items: u64,
}

impl Pace {
    pub fn begun(now: Timestamp) -> Self {
        Self { since: now, steps: VecDeque::new() }
    }

    pub fn add(&mut self, items: u64, now: Timestamp) {
        match self.steps.back_mut() {
            Some(last) if now.saturating_sub(last.at) < STEP_MS => {
                last.items = last.items.saturating_add(items)
            }
            _ => self.steps.push_back(Step { at: now, items }),
        }
        let from = now.saturating_sub(WINDOW_MS);
        while self.steps.front().is_some_and(|step| step.at < from) {
            self.steps.pop_front();
        }
    }

    /// Items a second over the last ten seconds, or since the beginning; None in the first second.
    pub fn per_second(&self, now: Timestamp) -> Option<f64> {
        let from = now.saturating_sub(WINDOW_MS).max(self.since);
        let time = now.saturating_sub(from);
        if time < TOLD_AFTER_MS {
            return None;
        }
        let items: u64 = self.steps.iter().filter(|step| step.at >= from).map(|step| step.items).sum();
        Some(items as f64 * 1_000.0 / time as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_rate_is_that_of_the_last_ten_seconds() {
        let mut pace = Pace::begun(5_000);
        assert_eq!(pace.per_second(5_999), None, "too soon");
        assert_eq!(pace.per_second(6_000), Some(0.0));
        pace.add(100, 6_000);
        pace.add(100, 6_100);
        assert_eq!(pace.per_second(7_000), Some(100.0), "since the beginning");
        assert_eq!(pace.per_second(15_000), Some(20.0));
        pace.add(50, 16_000);
        assert_eq!(pace.per_second(16_500), Some(5.0), "what is older does not count");
        assert_eq!(pace.per_second(90_000), Some(0.0), "a stall shows");
        assert_eq!(pace.per_second(0), None, "a clock that was set back");
    }

    #[test]
    fn what_is_kept_does_not_grow() {
        let mut pace = Pace::begun(0);
        (0..100_000).for_each(|at| pace.add(1, at));
        assert!(pace.steps.len() <= 41, "{}", pace.steps.len());
        assert_eq!(pace.per_second(99_999).map(f64::round), Some(1_000.0));
    }
}
