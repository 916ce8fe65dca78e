//! How often: an interval in whole minutes.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A source that is asked more often than this is asked while it is still being read.
pub const EVERY_MINUTES_MIN: u32 = 5;

/// 31 days. A sign-in that is not used for three months ends at some sources, and longer breaks are what
/// `manual` is for.
pub const EVERY_MINUTES_MAX: u32 = 44_640;

/// An hour: what was written this morning is found before noon, and an idle site costs a few requests a day.
pub const EVERY_DEFAULT: Every = Every(60);

/// From [`EVERY_MINUTES_MIN`] to [`EVERY_MINUTES_MAX`] minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Every(u32);

/// An interval that nobody can want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EveryFault {
    #[error("an interval is a number with m, h or d, as 30m, 2h or 1d")]
    Unreadable,
    #[error("an interval lasts from 5 minutes to 31 days")]
    Beyond,
}

impl Every {
    /// # Errors
    /// [`EveryFault::Beyond`].
    pub fn minutes(minutes: u32) -> Result<Self, EveryFault> {
        let allowed = EVERY_MINUTES_MIN..=EVERY_MINUTES_MAX;
        if allowed.contains(&minutes) { Ok(Self(minutes)) } else { Err(EveryFault::Beyond) }
    }

    pub fn as_minutes(self) -> u32 {
        self.0
    }

    pub fn as_duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 60)
    }

    pub(super) fn milliseconds(self) -> u64 {
        u64::from(self.0) * 60_000
    }
}

impl FromStr for Every {
    type Err = EveryFault;

    /// `30m`, `2h`, `1d`, or a number of minutes.
    fn from_str(text: &str) -> Result<Self, EveryFault> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let factor = match text.get(digits.len()..).unwrap_or_default() {
            "" | "m" | "min" => 1,
            "h" => 60,
            "d" => 24 * 60,
            _ => return Err(EveryFault::Unreadable),
        };
        let number: u32 = digits.parse().map_err(|_| EveryFault::Unreadable)?;
        Self::minutes(number.checked_mul(factor).ok_or(EveryFault::Beyond)?)
    }
}

impl fmt::Display for Every {
    /// In the largest unit that says it whole.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            minutes if minutes % (24 * 60) == 0 => write!(out, "{}d", minutes / (24 * 60)),
            minutes if minutes % 60 == 0 => write!(out, "{}h", minutes / 60),
            minutes => write!(out, "{minutes}m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Every, EveryFault};

    #[test]
    fn intervals_are_read_and_written() {
        let table = [
            ("5m", Ok(("5m", 5))),
            ("90", Ok(("90m", 90))),
            ("120min", Ok(("2h", 120))),
            ("24h", Ok(("1d", 1_440))),
            ("31d", Ok(("31d", 44_640))),
            ("4m", Err(EveryFault::Beyond)),
            ("32d", Err(EveryFault::Beyond)),
            ("4294967295d", Err(EveryFault::Beyond)),
            ("0", Err(EveryFault::Beyond)),
            ("1.5h", Err(EveryFault::Unreadable)),
            ("-5m", Err(EveryFault::Unreadable)),
            ("hourly", Err(EveryFault::Unreadable)),
            ("", Err(EveryFault::Unreadable)),
        ];
        for (text, expected) in table {
            let read = text.parse::<Every>().map(|every| (every.to_string(), every.as_minutes()));
            let expected = expected.map(|(text, minutes): (&str, u32)| (text.to_owned(), minutes));
            assert_eq!(read, expected, "{text}");
        }
    }
}
