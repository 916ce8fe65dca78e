//! When a connection is to be read next.

use super::Schedule;
use crate::model::Timestamp;
use crate::store::Outcome;

/// A connection that fails is asked less and less often, down to an eighth: its source may be down for days, and
/// should be found again within hours.
const BACKOFF_DOUBLINGS_MAX: u32 = 3;

/// A turn comes up to a twentieth of the interval late, each time another part of it ...
const JITTER_SHARE: u64 = 20;

/// ... but no later than two minutes: nobody should wonder where it is.
const JITTER_MS_MAX: u64 = 120_000;

/// The last run of a connection, however it came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRun {
    pub started: Timestamp,
    /// None if it goes on, or if it was cut off and nobody has noticed.
    pub outcome: Option<Outcome>,
}

/// When to read a connection that is not being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Now,
    At(Timestamp),
    Never(Why),
}

/// Why a connection is not read by itself. Of several reasons the first that a person must see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    SettingUp,
    NeedsSignIn,
    Paused,
    Manual,
}

/// When a connection is due. What was cut off goes on at once; what was missed is caught up once, since only the
/// last run counts and not how many might have been.
pub fn due(schedule: &Schedule, last: Option<LastRun>, now: Timestamp) -> When {
    if schedule.setting_up {
        return When::Never(Why::SettingUp);
    }
    if schedule.needs_sign_in {
        return When::Never(Why::NeedsSignIn);
    }
    if schedule.paused {
        return When::Never(Why::Paused);
    }
    if schedule.manual {
        return When::Never(Why::Manual);
    }
    let Some(last) = last else { return When::Now };
    let cut_off = matches!(last.outcome, None | Some(Outcome::Interrupted));
    // A run of the future says that the clock was set back; when it was, nobody knows.
    if cut_off || last.started > now {
        return When::Now;
    }
    match next_turn(schedule, last.started) {
        turn if turn <= now => When::Now,
        turn => When::At(turn),
    }
}

/// The first turn that is at least half an interval after a run. Turns stand on a grid of the connection's own, so
/// that connections which ran together once, after a pause of the host, do not run together for ever.
fn next_turn(schedule: &Schedule, started: Timestamp) -> Timestamp {
    let every = schedule.every.milliseconds();
    let backoff = 1 << schedule.failures.min(BACKOFF_DOUBLINGS_MAX);
    let earliest = started.saturating_add(every * backoff - every / 2);
    let offset = (every * u64::from(schedule.phase)) >> 32;
    let turn = earliest.saturating_sub(offset).div_ceil(every);
    let jitter = (every / JITTER_SHARE).min(JITTER_MS_MAX);
    turn.saturating_mul(every).saturating_add(offset).saturating_add(scatter(schedule.phase, turn) % jitter)
}

/// A number that looks like chance and is the same each time it is asked for (`SplitMix64`).
fn scatter(phase: u32, turn: u64) -> u64 {
    let mut number = turn.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(u64::from(phase));
    number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::{LastRun, When, Why, due};
    use crate::model::Timestamp;
    use crate::schedule::{EVERY_DEFAULT, Schedule};
    use crate::store::Outcome::{self, Canceled, Complete, Failed, Incomplete, Interrupted};

    const MINUTE: Timestamp = 60_000;

    /// Every hour, at a quarter past and up to two minutes later.
    const HOURLY: Schedule = Schedule {
        manual: false,
        every: EVERY_DEFAULT,
        paused: false,
        needs_sign_in: false,
        setting_up: false,
        failures: 0,
        phase: 1 << 30,
    };

    fn after(schedule: Schedule, started: Timestamp, outcome: Option<Outcome>, now: Timestamp) -> When {
        due(&schedule, Some(LastRun { started: started * MINUTE, outcome }), now * MINUTE)
    }

    /// Between which minutes the turn after a run comes.
    #[track_caller]
    fn comes(schedule: Schedule, started: Timestamp, outcome: Outcome, minute: Timestamp) {
        let When::At(turn) = after(schedule, started, Some(outcome), started) else { panic!("no turn") };
        assert!((minute..minute + 2).contains(&(turn / MINUTE)), "at minute {}", turn / MINUTE);
        assert_eq!(after(schedule, started, Some(outcome), minute - 1), When::At(turn), "asked again");
        assert_eq!(after(schedule, started, Some(outcome), minute + 2), When::Now);
    }

    #[test]
    fn a_turn_comes_on_the_grid_and_not_right_after_a_run() {
        for (started, turn) in [(15, 75), (16, 75), (45, 75), (46, 135), (74, 135), (75, 135)] {
            comes(HOURLY, started, Complete, turn);
        }
        comes(HOURLY, 15, Incomplete, 75);
        comes(HOURLY, 15, Canceled, 75);
    }

    #[test]
    fn what_fails_is_asked_less_and_less_often() {
        for (failures, turn) in [(1, 135), (2, 255), (3, 495), (4, 495), (u32::MAX, 495)] {
            comes(Schedule { failures, ..HOURLY }, 15, Failed, turn);
        }
    }

    #[test]
    fn what_never_ran_or_was_cut_off_is_due_at_once() {
        assert_eq!(due(&HOURLY, None, 0), When::Now);
        for outcome in [None, Some(Interrupted)] {
            assert_eq!(after(HOURLY, 15, outcome, 16), When::Now);
        }
    }

    #[test]
    fn runs_that_were_missed_are_caught_up_once() {
        assert_eq!(after(HOURLY, 15, Some(Complete), 10_000), When::Now);
        comes(HOURLY, 10_000, Complete, 10_035);
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nothing() {
        assert_eq!(after(HOURLY, 10_000, Some(Complete), 5), When::Now);
    }

    #[test]
    fn some_connections_are_only_read_by_hand() {
        let (setting_up, sign_in) = (Why::SettingUp, Why::NeedsSignIn);
        let (paused, manual) = (Why::Paused, Why::Manual);
        let table = [
            (Schedule { manual: true, ..HOURLY }, manual),
            (Schedule { manual: true, paused: true, ..HOURLY }, paused),
            (Schedule { manual: true, paused: true, needs_sign_in: true, ..HOURLY }, sign_in),
            (Schedule { setting_up: true, ..HOURLY }, setting_up),
            (Schedule { setting_up: true, manual: true, needs_sign_in: true, ..HOURLY }, setting_up),
        ];
        for (schedule, why) in table {
            assert_eq!(due(&schedule, None, 0), When::Never(why));
            assert_eq!(after(schedule, 15, Some(Interrupted), 10_000), When::Never(why));
        }
    }

    #[test]
    fn the_lateness_of_turns_differs() {
        let turn = |started| match after(HOURLY, started, Some(Complete), started) {
            When::At(turn) => turn % (60 * MINUTE),
            other => panic!("{other:?}"),
        };
        assert_ne!(turn(15), turn(75));
    }

    #[test]
    fn no_number_is_too_large() {
        assert_eq!(
            due(&HOURLY, Some(LastRun { started: u64::MAX, outcome: Some(Complete) }), u64::MAX),
            When::Now
        );
    }
}
