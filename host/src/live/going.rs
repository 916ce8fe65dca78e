//! What goes on at which connection, and who is woken when that changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::{Doing, Done, Goal, Hour, Told};
use crate::gate::{Clock, Governors};
use crate::model::{ConnectionId, Timestamp, timestamp};
use crate::sync::{Event, Progress};

/// Before this share of the parts was read, they say nothing of the rest: the first are often the smallest.
const PARTS_SHARE_MIN: u64 = 4;

/// Nor before this time.
const ELAPSED_MS_MIN: u64 = 3_000;

/// What goes on in this process, one thing at a connection at most. Cloning it is cheap and shares it.
#[derive(Clone, Default)]
pub struct Live(Arc<Inner>);

#[derive(Default)]
struct Inner {
    going: Mutex<BTreeMap<ConnectionId, Arc<Heard>>>,
    changed: watch::Sender<()>,
}

/// Something that goes on, until this is dropped.
pub struct Going {
    live: Live,
    connection: ConnectionId,
    heard: Arc<Heard>,
}

/// Who listens to it.
struct Heard {
    live: Live,
    clock: Arc<dyn Clock>,
    /// What it costs, and what that was before it.
    governors: Governors,
    before: (u64, u64),
    told: Mutex<(Told, Option<Goal>)>,
}

/// What goes on at a connection, at one moment.
#[derive(Debug, Clone)]
pub struct Seen {
    pub told: Told,
    pub now: Timestamp,
    /// Items a second, over the last ten seconds.
    pub per_second: Option<f64>,
    /// About how many items there are, where that is known.
    pub expected: Option<u64>,
    /// About how long it still takes, once that can be told.
    pub left: Option<Duration>,
    pub requests: u64,
    /// None where the source does not bound them.
    pub points: Option<u64>,
}

impl Live {
    /// Begins something. What went on at the connection before is not told any more.
    pub fn begin(
        &self,
        connection: ConnectionId,
        doing: Doing,
        clock: Arc<dyn Clock>,
        governors: Governors,
    ) -> Going {
        let told = Told::begun(doing, timestamp(clock.now()));
        let (live, before) = (self.clone(), governors.so_far());
        let heard = Arc::new(Heard { live, clock, governors, before, told: Mutex::new((told, None)) });
        self.going().insert(connection, Arc::clone(&heard));
        self.tell();
        Going { live: self.clone(), connection, heard }
    }

    /// What goes on at a connection now; None if nothing does.
    #[must_use]
    pub fn seen(&self, connection: ConnectionId) -> Option<Seen> {
        let heard = self.going().get(&connection).cloned();
        heard.map(|heard| heard.seen())
    }

    /// Whether anything goes on anywhere.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.going().is_empty()
    }

    /// Woken whenever something is told, begins or ends; also by [`Live::tell`].
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// Wakes those who watch: a connection changed in a way that nothing under way tells.
    pub fn tell(&self) {
        self.0.changed.send_replace(());
    }

    fn going(&self) -> std::sync::MutexGuard<'_, BTreeMap<ConnectionId, Arc<Heard>>> {
        self.0.going.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Going {
    /// Who is to be told what happens.
    #[must_use]
    pub fn progress(&self) -> Arc<dyn Progress> {
        Arc::clone(&self.heard) as _
    }

    /// About how much there is, so that the time that is left can be told.
    pub fn expect(&self, goal: Goal) {
        self.heard.told().1 = Some(goal);
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let mut going = self.live.going();
        if going.get(&self.connection).is_some_and(|heard| Arc::ptr_eq(heard, &self.heard)) {
            going.remove(&self.connection);
        }
        drop(going);
        self.live.tell();
    }
}

impl Progress for Heard {
    fn notice(&self, event: Event<'_>) {
        let now = timestamp(self.clock.now());
        if self.told().0.take(&event, now) {
            self.live.tell();
        }
    }
}

impl Heard {
    fn told(&self) -> std::sync::MutexGuard<'_, (Told, Option<Goal>)> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> Seen {
        let (told, goal) = self.told().clone();
        let now = self.clock.now();
        let so_far = self.governors.so_far();
        let bound = self.governors.points_per_hour();
        let hour = bound.map(|bound| Hour { allowed: bound.points, spent: self.governors.spent(now), now });
        let points = so_far.1.saturating_sub(self.before.1);
        Seen {
            requests: so_far.0.saturating_sub(self.before.0),
            points: bound.map(|_| points),
            ..look(told, goal, points, hour, now)
        }
    }
}

/// What is to be seen of what was told, without what it cost.
fn look(told: Told, goal: Option<Goal>, points: u64, hour: Option<Hour>, now: SystemTime) -> Seen {
    let at = timestamp(now);
    let elapsed = Duration::from_millis(at.saturating_sub(told.since));
    let left = match goal {
        Some(goal) => goal.left(Done { items: told.items, points, elapsed }, hour),
        None => left_by_parts(told.parts(), elapsed),
    };
    let hinted = told.items.saturating_add(told.remaining());
    let expected = goal.map_or(hinted, |goal| goal.items).max(hinted);
    Seen {
        now: at,
        per_second: told.pace.per_second(at),
        expected: Some(expected).filter(|items| *items > told.items),
        left: left.filter(|_| told.stage == super::Stage::Reading),
        requests: 0,
        points: None,
        told,
    }
}

/// The rest of the parts takes as long as those that were read did.
fn left_by_parts((done, all): (u64, u64), elapsed: Duration) -> Option<Duration> {
    let early =
        elapsed.as_millis() < u128::from(ELAPSED_MS_MIN) || done.saturating_mul(PARTS_SHARE_MIN) < all;
    if early || done == 0 {
        return None;
    }
    Some(elapsed.mul_f64(all.saturating_sub(done) as f64 / done as f64))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};

    use super::{Live, left_by_parts, look};
    use crate::gate::{Governors, SystemClock};
    use crate::live::{Doing, Goal, Told};
    use crate::model::Partition;
    use crate::store::Mode;
    use crate::sync::Event;

    const SYNC: Doing = Doing::Sync(Mode::Everything);

    #[test]
    fn the_rest_of_the_parts_takes_as_long_as_those_that_were_read() {
        let left = |done, all, seconds| {
            left_by_parts((done, all), Duration::from_secs(seconds)).map(|left| left.as_secs())
        };
        assert_eq!(left(0, 8, 60), None);
        assert_eq!(left(1, 8, 60), None, "too little was read");
        assert_eq!(left(2, 8, 2), None, "too soon");
        assert_eq!(left(2, 8, 60), Some(180));
        assert_eq!(left(8, 8, 60), Some(0));
        assert_eq!(left(9, 8, 60), Some(0), "more than was listed");
    }

    #[test]
    fn a_goal_says_how_much_is_to_come_unless_there_is_more() {
        let mut told = Told::begun(SYNC, 0);
        let part = Partition { id: "1".to_owned(), label: String::new(), token: String::new() };
        told.take(&Event::Listed { dataset: "content", partitions: 2 }, 0);
        told.take(
            &Event::Page { dataset: "content", partition: &part, changes: 500, remaining: None },
            9_000,
        );
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10);
        let seen = |items: Option<u64>| {
            let goal = items.map(|items| Goal { items, points: None });
            let seen = look(told.clone(), goal, 0, None, now);
            (seen.expected, seen.left.map(|left| left.as_secs()))
        };
        assert_eq!(seen(Some(1_000)), (Some(1_000), Some(10)));
        assert_eq!(seen(Some(400)), (None, None));
        assert_eq!(seen(None), (None, None));
        told.take(&Event::Confirming { suspects: 3 }, 9_000);
        assert_eq!(look(told.clone(), None, 0, None, now).left, None, "nobody knows how long that takes");
    }

    #[tokio::test]
    async fn who_watches_is_woken_by_a_beginning_by_news_and_by_an_end() {
        let live = Live::default();
        let mut changes = live.changes();
        assert!(!changes.has_changed().unwrap() && live.seen(7).is_none());
        let begin = || live.begin(7, SYNC, Arc::new(SystemClock), Governors::default());
        let going = begin();
        changes.changed().await.unwrap();
        going.progress().notice(Event::Listed { dataset: "content", partitions: 3 });
        changes.changed().await.unwrap();
        assert_eq!(live.seen(7).unwrap().told.parts(), (0, 3));
        drop(going);
        changes.changed().await.unwrap();
        assert!(live.seen(7).is_none() && live.is_idle());
        let (first, second) = (begin(), begin());
        drop(first);
        assert!(live.seen(7).is_some(), "the second goes on");
        drop(second);
    }
}
