//! How a connection stands, in one word.

use super::Schedule;

/// Of several the one that a person should hear of first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is being read.
    Syncing,
    /// Nothing is read before somebody finishes setting it up.
    SettingUp,
    /// Nothing is read before somebody signs in again.
    NeedsSignIn,
    Paused,
    /// Its last run failed.
    Failing,
    /// It is read when somebody asks for it.
    Manual,
    /// It is read on schedule.
    Active,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syncing => "syncing",
            Self::SettingUp => "setting-up",
            Self::NeedsSignIn => "needs-sign-in",
            Self::Paused => "paused",
            Self::Failing => "failing",
            Self::Manual => "manual",
            Self::Active => "active",
        }
    }
}

/// How a connection stands; `syncing` is whether a run of it goes on.
pub fn state(schedule: &Schedule, syncing: bool) -> State {
    match schedule {
        _ if syncing => State::Syncing,
        Schedule { setting_up: true, .. } => State::SettingUp,
        Schedule { needs_sign_in: true, .. } => State::NeedsSignIn,
        Schedule { paused: true, .. } => State::Paused,
        Schedule { failures: 1.., .. } => State::Failing,
        Schedule { manual: true, .. } => State::Manual,
        _ => State::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::{State, state};
    use crate::schedule::{EVERY_DEFAULT, Schedule};

    #[test]
    fn what_a_person_must_see_to_comes_first() {
        let mut schedule = Schedule {
            manual: false,
            every: EVERY_DEFAULT,
            paused: false,
            needs_sign_in: false,
            setting_up: false,
            failures: 0,
            phase: 0,
        };
        assert_eq!(state(&schedule, false), State::Active);
        schedule.manual = true;
        assert_eq!(state(&schedule, false), State::Manual);
        schedule.failures = 1;
        assert_eq!(state(&schedule, false), State::Failing);
        schedule.paused = true;
        assert_eq!(state(&schedule, false), State::Paused);
        schedule.needs_sign_in = true;
        assert_eq!(state(&schedule, false), State::NeedsSignIn);
        schedule.setting_up = true;
        assert_eq!(state(&schedule, false), State::SettingUp);
        assert_eq!(state(&schedule, true), State::Syncing);
    }
}
