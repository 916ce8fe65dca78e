//! What a first sync costs, before it is begun.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::spending::keep_points;
use super::{Host, HostError};
use crate::gate::{Bound, hour_of};
use crate::model::Amount;

/// What reading everything of a connection costs, about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimate {
    pub amounts: Vec<Amount>,
    /// Requests that the estimate itself took.
    pub asked: u64,
    /// Milliseconds until an answer began, on average of those.
    pub latency_ms: u64,
    /// Requests in flight at once.
    pub width: usize,
    /// How many points an hour may be spent, if anything bounds them.
    pub bound: Option<Bound>,
    /// Points spent in this hour already.
    pub spent: u64,
    /// How long it takes from now on.
    pub seconds: u64,
}

impl Estimate {
    pub fn items(&self) -> u64 {
        self.sum(|amount| amount.items)
    }

    pub fn requests(&self) -> u64 {
        self.sum(|amount| amount.requests)
    }

    pub fn points(&self) -> u64 {
        self.sum(|amount| amount.points)
    }

    fn sum(&self, of: impl Fn(&Amount) -> u64) -> u64 {
        self.amounts.iter().map(of).fold(0, u64::saturating_add)
    }
}

impl Host {
    /// Asks a connection's source how much there is, in a dozen requests or so.
    ///
    /// # Errors
    ///
    /// When there is no such connection, its connector or secret cannot be had, or the source would not tell.
    pub async fn estimate(&self, name: &str) -> Result<Estimate, HostError> {
        let connection = self.store.connection(name)?;
        let connector = self.connector(&connection.connector).await?;
        let gate = self.gate_of(&connection, &connector)?;
        let amounts = connector.estimate(&gate, &connection).await;
        let governors = self.governors(connection.id)?;
        keep_points(&self.store, connection.id, &governors)?;
        let (traffic, now) = (gate.ledger().traffic(), self.doors()?.clock.now());
        let mut estimate = Estimate {
            amounts: amounts?,
            asked: traffic.requests,
            latency_ms: traffic.answering_ms / (traffic.requests + traffic.retries).max(1),
            width: governors.width(),
            bound: governors.points_per_hour(),
            spent: governors.spent(now),
            seconds: 0,
        };
        let pure = work(estimate.requests(), estimate.latency_ms, estimate.width);
        let takes = match estimate.bound {
            Some(bound) => time_by_the_hour(pure, estimate.points(), bound.points, estimate.spent, now),
            None => pure,
        };
        estimate.seconds = takes.as_secs();
        Ok(estimate)
    }
}

/// How long so many requests take where nothing but the line bounds them.
fn work(requests: u64, latency_ms: u64, width: usize) -> Duration {
    let width = u64::try_from(width).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(requests.saturating_mul(latency_ms) / width)
}

/// How long the same takes where points are had by the hour of UTC: what this hour has left, whole hours, and
/// then as long as the rest of the work takes.
pub fn time_by_the_hour(pure: Duration, points: u64, per_hour: u64, spent: u64, now: SystemTime) -> Duration {
    let left = per_hour.saturating_sub(spent);
    if points <= left {
        return pure;
    }
    let Some(hours) = (points - left - 1).checked_div(per_hour) else {
        // Nothing is ever allowed; it never ends.
        return Duration::MAX;
    };
    let in_last = points - left - hours * per_hour;
    let into_hour =
        now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() - hour_of(now) * 3_600;
    let waits = Duration::from_secs((3_600 - into_hour).saturating_add(hours.saturating_mul(3_600)));
    waits.saturating_add(pure.mul_f64(in_last as f64 / points as f64))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{time_by_the_hour as metered, work};

    #[test]
    fn work_is_requests_side_by_side() {
        assert_eq!(work(1_000, 200, 5), Duration::from_secs(40));
        assert_eq!(work(1_000, 200, 0), Duration::from_secs(200));
        assert_eq!(work(0, 200, 5), Duration::ZERO);
    }

    #[test]
    fn points_are_had_by_the_hour() {
        let pure = Duration::from_secs(600);
        let at = |minutes: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(minutes * 60);
        let minutes = |points, per_hour, spent, minute| {
            metered(pure, points, per_hour, spent, at(minute)).as_secs() / 60
        };
        assert_eq!(minutes(65_000, 65_000, 0, 50), 10, "all of it fits");
        assert_eq!(minutes(65_000, 65_000, 6_500, 50), 10 + 1, "a tenth waits for the next hour");
        assert_eq!(minutes(130_000, 65_000, 0, 50), 10 + 5, "half of it now, half of it then");
        assert_eq!(minutes(130_000, 65_000, 65_000, 0), 60 + 60 + 5);
        assert_eq!(minutes(130_000, 65_000, 70_000, 0), 60 + 60 + 5, "more was spent than allowed");
        assert_eq!(minutes(260_001, 65_000, 0, 0), 4 * 60, "the last point opens an hour of its own");
        assert_eq!(metered(pure, 1, 0, 0, at(0)), Duration::MAX);
        assert_eq!(metered(pure, 0, 0, 0, at(0)), pure);
    }
}
