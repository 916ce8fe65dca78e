//! How long an item is left alone before the source is asked about it again.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Seconds after the first failure, the second and so on. What a source mends soon is read soon; what has failed
/// for days is hardly ever asked for, and never given up.
const FAILED_SECONDS: [u64; 6] = [5 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY];

/// Seconds after the source first said of an item that no read mentions that it is there, and so on. Not longer
/// than a day: nothing else would tell that the item is gone after all.
const CONFIRMED_SECONDS: [u64; 3] = [HOUR, 6 * HOUR, DAY];

/// The time to leave an item alone that failed in so many runs.
pub fn retry_after(failures: u32) -> Duration {
    nth(&FAILED_SECONDS, failures)
}

/// The time not to ask again about an item that is not mentioned and was so often said to be there.
pub fn confirm_after(times: u32) -> Duration {
    nth(&CONFIRMED_SECONDS, times)
}

fn nth(waits: &[u64], times: u32) -> Duration {
    let at = usize::try_from(times.saturating_sub(1)).unwrap_or(usize::MAX).min(waits.len() - 1);
    Duration::from_secs(waits.get(at).copied().unwrap_or(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_and_does_not_end() {
        let waits = [0, 1, 2, 3, 4, 5, 6, 7, u32::MAX].map(|failures| retry_after(failures).as_secs());
        assert_eq!(waits, [300, 300, 3_600, 21_600, DAY, 3 * DAY, 7 * DAY, 7 * DAY, 7 * DAY]);
        assert_eq!([1, 2, 3, 4].map(|times| confirm_after(times).as_secs()), [3_600, 21_600, DAY, DAY]);
    }
}
