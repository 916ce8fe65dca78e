//! How long a file that could not be fetched is left alone.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Seconds after the first failure, the second and so on. A source that was down for a moment gets its chance at
/// the next sync; a file that failed for days is hardly ever asked for, and never given up.
const WAITS_SECONDS: [u64; 6] = [0, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];

/// The time to leave a file alone after this many failures.
pub fn wait_after(failures: u32) -> Duration {
    let at = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(WAITS_SECONDS.len() - 1);
    Duration::from_secs(WAITS_SECONDS.get(at).copied().unwrap_or(7 * DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_and_does_not_end() {
        let waits = [1, 2, 3, 4, 5, 6, 7, u32::MAX].map(|failures| wait_after(failures).as_secs());
        assert_eq!(waits, [0, 900, 3_600, 21_600, DAY, 7 * DAY, 7 * DAY, 7 * DAY]);
    }
}
