//! One governor for each origin of a connection: whose turn it is to ask, and whether anybody may.
//!
//! What to do is decided in `pace`, what answers say of it is read in `signs`; here are only the locks. All gates
//! of a connection in one process share its [`Governors`], so that a wait that one request was asked for holds for
//! all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::{QUOTA_PERCENT_MAX, WIDTH};
use super::pace::{Pace, Rest};
use super::points::Points;
use super::signs::Signs;
use crate::model::Allowance;

/// The governors of one connection, and what it spent. A clone is the same.
#[derive(Debug, Clone, Default)]
pub struct Governors(Arc<All>);

#[derive(Debug, Default)]
struct All {
    allowance: Mutex<Allowance>,
    points: Mutex<Points>,
    /// Requests sent and points spent since they were made, for those who watch.
    requests: AtomicU64,
    units: AtomicU64,
    /// By origin as it was agreed, so that there are no more than were agreed.
    by_origin: Mutex<HashMap<String, Arc<Governor>>>,
}

/// How many points of an hour a connection may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Bound {
    pub points: u64,
    /// The source's own limit, of which `points` are a share; none if it is the user's word.
    pub told: Option<u64>,
}

impl Governors {
    pub fn new(allowance: Allowance) -> Self {
        let governors = Self::default();
        governors.allow(allowance);
        governors
    }

    /// From now on so much is allowed; what is in flight comes to its end.
    pub fn allow(&self, allowance: Allowance) {
        *lock(&self.0.allowance) = allowance;
        for governor in lock(&self.0.by_origin).values() {
            governor.change(|pace| pace.set_width(width(&allowance)));
        }
    }

    /// A request goes out.
    pub(super) fn asked(&self) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent and points spent by this process, retries apart. They only grow.
    pub fn so_far(&self) -> (u64, u64) {
        (self.0.requests.load(Ordering::Relaxed), self.0.units.load(Ordering::Relaxed))
    }

    /// Points that may be spent in one hour, if anything bounds them, and whether a source told so.
    pub fn points_per_hour(&self) -> Option<Bound> {
        if let Some(points) = lock(&self.0.allowance).points_per_hour {
            return Some(Bound { points, told: None });
        }
        let by_origin = lock(&self.0.by_origin);
        let limits = by_origin.values().filter_map(|governor| lock(&governor.state).pace.limit());
        let limit = limits.min()?;
        Some(Bound { points: limit.saturating_mul(QUOTA_PERCENT_MAX) / 100, told: Some(limit) })
    }

    /// Requests that may be in flight to one origin while all is well.
    pub fn width(&self) -> usize {
        width(&lock(&self.0.allowance))
    }

    /// Answers have cost so many points.
    pub(super) fn spend(&self, units: u64, now: SystemTime) {
        self.0.units.fetch_add(units, Ordering::Relaxed);
        lock(&self.0.points).spend(units, now);
    }

    /// Points spent in this hour of UTC, as far as this process knows.
    pub fn spent(&self, now: SystemTime) -> u64 {
        lock(&self.0.points).spent(now)
    }

    /// Points that are not in the store yet, by hours since 1970. The caller puts them there.
    pub fn take_unkept(&self) -> Vec<(u64, u64)> {
        lock(&self.0.points).take_unkept()
    }

    /// What the store has for an hour.
    pub fn learn_kept(&self, hour: u64, points: u64) {
        lock(&self.0.points).learn(hour, points);
    }

    /// The one of an origin.
    pub(super) fn of(&self, origin: &str) -> Arc<Governor> {
        let width = width(&lock(&self.0.allowance));
        let mut by_origin = lock(&self.0.by_origin);
        let governor = by_origin.entry(origin.to_owned()).or_insert_with(|| Arc::new(Governor::new(width)));
        Arc::clone(governor)
    }

    /// Why an origin may not be asked now. `metered` says whether points bound who asks: its answers are charged to
    /// this connection, which is so where the credential goes, and it is to leave some to others.
    pub(super) fn rest(&self, governor: &Governor, metered: bool, now: SystemTime) -> Option<Rest> {
        let allowance = *lock(&self.0.allowance);
        let spent = metered.then(|| self.spent(now));
        governor.change(|pace| {
            pace.tick(now);
            pace.rest(spent, &allowance, now)
        })
    }
}

/// Lets requests to one origin out, so many at a time.
#[derive(Debug)]
pub(super) struct Governor {
    state: Mutex<State>,
    turns: Arc<Semaphore>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// Turns that there are, taken or not. More than the width for as long as those in flight last.
    turns: usize,
}

/// Leave to send one request. Given back when it is dropped.
pub(super) struct Turn {
    governor: Arc<Governor>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Governor {
    fn new(width: usize) -> Self {
        let state = Mutex::new(State { pace: Pace::new(width), turns: width });
        Self { state, turns: Arc::new(Semaphore::new(width)) }
    }

    /// Waits for a turn, in the order of asking.
    pub async fn turn(self: &Arc<Self>) -> Turn {
        // The semaphore is never closed; if it were, there would be no turns to take.
        let permit = Arc::clone(&self.turns).acquire_owned().await.ok();
        Turn { governor: Arc::clone(self), permit }
    }

    /// What to bring back with the answer of a request that goes out now.
    pub fn narrowings(&self) -> u64 {
        lock(&self.state).pace.narrowings()
    }

    pub fn learn(&self, signs: &Signs, sent: u64, now: SystemTime) {
        self.change(|pace| pace.learn(signs, sent, now));
    }

    /// Changes the pace, then makes as many turns as it has room for.
    fn change<T>(&self, change: impl FnOnce(&mut Pace) -> T) -> T {
        let mut state = lock(&self.state);
        let result = change(&mut state.pace);
        let width = state.pace.width();
        if width > state.turns {
            self.turns.add_permits(width - state.turns);
            state.turns = width;
        } else {
            // Those that are taken go when they are given back.
            state.turns -= self.turns.forget_permits(state.turns - width);
        }
        result
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        let mut state = lock(&self.governor.state);
        if state.turns > state.pace.width() {
            state.turns -= 1;
            permit.forget();
        }
    }
}

fn width(allowance: &Allowance) -> usize {
    allowance.width.unwrap_or(WIDTH).max(1)
}

/// A thread that panicked has left nothing half done: each change is one assignment after another.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
