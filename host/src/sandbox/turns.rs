//! Who computes next: between two ticks as many guests as there are processors for them, and of those that wait one of
//! each component in turn.
//!
//! A guest that never ends uses all of what it is given. Were every call given the same, a component with eight of them
//! would get eight times what its neighbour with one gets, and requests, pages and writes of the host would wait
//! behind all of them. What nobody else asks for, one component gets alone.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::{Receiver, Sender, channel};

use super::lane::Lane;

/// The turns of one engine.
pub struct Turns {
    /// How many guests may begin to compute between two ticks.
    at_once: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// Turns that nobody has taken since the last tick.
    left: usize,
    /// The guests that wait, by lane.
    of: HashMap<u64, VecDeque<Sender<()>>>,
    /// The lanes that have one, in the order in which they are served.
    order: VecDeque<u64>,
}

impl Turns {
    pub fn new(at_once: usize) -> Arc<Self> {
        let waiting = Mutex::new(Waiting { left: at_once, ..Waiting::default() });
        Arc::new(Self { at_once, waiting })
    }

    /// A tick passed: the next ones go on.
    pub fn tick(&self) {
        let mut waiting = self.waiting();
        waiting.left = self.at_once;
        while waiting.left > 0 {
            let Some(lane) = waiting.order.pop_front() else { return };
            let Some(guests) = waiting.of.get_mut(&lane) else { continue };
            // A call that was given up waits no more.
            let went_on = guests.pop_front().is_some_and(|guest| guest.send(()).is_ok());
            if guests.is_empty() {
                waiting.of.remove(&lane);
            } else {
                waiting.order.push_back(lane);
            }
            waiting.left -= usize::from(went_on);
        }
    }

    /// Ends when a guest of this lane may compute until the next tick.
    pub fn turn(self: &Arc<Self>, lane: &Lane) -> impl Future<Output = ()> + Send + 'static {
        let turn = self.ask(lane.id());
        async move {
            match turn {
                // Others of this thread come first all the same.
                None => tokio::task::yield_now().await,
                // The sender goes only with the turns themselves.
                Some(turn) => turn.await.unwrap_or_default(),
            }
        }
    }

    /// None if it is this one's turn at once.
    fn ask(&self, lane: u64) -> Option<Receiver<()>> {
        let mut waiting = self.waiting();
        if waiting.left > 0 && waiting.order.is_empty() {
            waiting.left -= 1;
            return None;
        }
        let (guest, turn) = channel();
        let guests = waiting.of.entry(lane).or_default();
        let is_first = guests.is_empty();
        guests.push_back(guest);
        if is_first {
            waiting.order.push_back(lane);
        }
        Some(turn)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guests of these lanes ask in this order, and again after each turn; which lanes go on at each tick.
    fn played(at_once: usize, guests: &[u64], ticks: usize) -> Vec<Vec<u64>> {
        let turns = Turns::new(at_once);
        // What was left from the beginning is taken by somebody else.
        for _ in 0..at_once {
            assert!(turns.ask(99).is_none());
        }
        let mut asked: Vec<_> = guests.iter().map(|lane| (*lane, turns.ask(*lane))).collect();
        let mut played = Vec::new();
        for _ in 0..ticks {
            turns.tick();
            let mut went_on = Vec::new();
            for (lane, turn) in &mut asked {
                if turn.as_mut().is_some_and(|turn| turn.try_recv().is_ok()) {
                    went_on.push(*lane);
                }
            }
            for (lane, turn) in &mut asked {
                if turn.as_ref().is_some_and(Receiver::is_terminated) {
                    *turn = turns.ask(*lane);
                }
            }
            played.push(went_on);
        }
        played
    }

    #[test]
    fn one_of_each_component_goes_on_in_turn_however_many_calls_it_has() {
        let crowd = [1, 1, 1, 1, 1, 1, 1, 1, 2];
        assert_eq!(played(1, &crowd, 6), [[1], [2], [1], [2], [1], [2]]);
        assert_eq!(played(2, &crowd, 3), [[1, 2], [1, 2], [1, 2]]);
        assert_eq!(played(1, &[1, 1, 2, 3], 6), [[1], [2], [3], [1], [2], [3]]);
    }

    #[test]
    fn what_nobody_else_asks_for_one_component_gets_alone() {
        assert_eq!(played(2, &[1, 1, 1], 2), [[1, 1], [1, 1]]);
        let turns = Turns::new(2);
        assert!(turns.ask(1).is_none() && turns.ask(1).is_none());
        assert!(turns.ask(1).is_some(), "no more than there are processors");
    }

    #[test]
    fn a_call_that_was_given_up_takes_no_turn() {
        let turns = Turns::new(1);
        assert!(turns.ask(9).is_none());
        drop(turns.ask(1));
        let other = turns.ask(2);
        turns.tick();
        assert!(other.is_some_and(|mut turn| turn.try_recv().is_ok()));
    }

    #[tokio::test]
    async fn a_guest_that_waits_goes_on_at_a_tick() {
        let (turns, lane) = (Turns::new(1), Lane::new());
        turns.turn(&lane).await;
        let second = tokio::spawn(turns.turn(&lane));
        turns.tick();
        assert!(second.await.is_ok());
    }
}
