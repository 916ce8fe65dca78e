//! What a guest's clock said: noted while a call is recorded, said again when it is repeated.

use std::sync::{Mutex, PoisonError};

/// Readings of one clock kept from one call. A connector asks for the time once or twice; one that asks for ever is to
/// fill no tape.
const KEPT_MAX: usize = 10_000;

/// How far the clock goes from one reading to the next once there are none left: a millisecond, in nanoseconds.
const STEP: u64 = 1_000_000;

/// The readings of one clock in one call.
#[derive(Debug, Default)]
pub struct Readings(Mutex<Read>);

#[derive(Debug, Default)]
struct Read {
    kept: Vec<u64>,
    said: usize,
}

impl Readings {
    /// Those of a tape.
    pub fn of(kept: Vec<u64>) -> Self {
        Self(Mutex::new(Read { kept, said: 0 }))
    }

    /// Notes what the clock says, as long as there is room, and says what the guest is told.
    pub fn read(&self, now: u64) -> u64 {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.kept.len() < KEPT_MAX {
            read.kept.push(now);
        }
        read.next()
    }

    /// Says the next reading again.
    pub fn again(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    pub fn kept(&self) -> Vec<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).kept.clone()
    }
}

impl Read {
    /// Behind the last one that was kept, time goes on in steps, in the recording and in the repetition alike.
    fn next(&mut self) -> u64 {
        self.said += 1;
        if let Some(reading) = self.kept.get(self.said - 1) {
            return *reading;
        }
        let beyond = (self.said - self.kept.len()) as u64;
        self.kept.last().copied().unwrap_or_default().saturating_add(beyond.saturating_mul(STEP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_again_what_it_said_and_goes_on_in_steps() {
        let recorded = Readings::default();
        let told: Vec<u64> = (0..KEPT_MAX as u64 + 2).map(|now| recorded.read(now * 7)).collect();
        let again = Readings::of(recorded.kept());
        assert_eq!(recorded.kept().len(), KEPT_MAX);
        assert_eq!((0..told.len()).map(|_| again.again()).collect::<Vec<_>>(), told);
        assert_eq!(told[KEPT_MAX + 1] - told[KEPT_MAX - 1], 2 * STEP);
        assert_eq!(Readings::default().again(), STEP, "a clock that nobody had asked");
    }
}
