//! Instants and windows of time, in milliseconds since 1970-01-01T00:00:00Z.

use chrono::DateTime;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// From `after`, which is included, to `before`, which is not: windows that adjoin share nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub after: Option<u64>,
    pub before: Option<u64>,
    /// Slides: the last so many times 24 hours.
    pub within_days: Option<u32>,
}

impl Window {
    pub fn is_empty(&self) -> bool {
        *self == Window::default()
    }

    /// The window with its sliding part counted back from `now`. Where both are set, the later begins it.
    pub fn at(&self, now: u64) -> Window {
        let slid = self.within_days.map(|days| now.saturating_sub(u64::from(days) * DAY_MS));
        Window { after: self.after.max(slid), before: self.before, within_days: None }
    }

    /// None when the time is not known and matters.
    pub fn lets(&self, time: Option<u64>) -> Option<bool> {
        if self.after.is_none() && self.before.is_none() {
            return Some(true);
        }
        let time = time?;
        let late_enough = self.after.is_none_or(|after| time >= after);
        Some(late_enough && self.before.is_none_or(|before| time < before))
    }
}

/// Reads an instant of RFC 3339; a date alone or a time without a zone is told what it lacks.
pub fn parse(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let advice = "write an instant with its zone, as in 2026-01-31T00:00:00Z or 2026-01-31T00:00:00+01:00";
    let plain = |letters: &str| letters.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
    if text.len() == "2026-01-31".len() && plain(text) {
        return Err(format!(
            "{text} is a date without a time and a zone, so it could mean any of two days; {advice}"
        ));
    }
    let Ok(time) = DateTime::parse_from_rfc3339(text) else {
        if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok() {
            return Err(format!("{text} has no zone; {advice}"));
        }
        return Err(format!("{text:?} is not a time; {advice}"));
    };
    u64::try_from(time.timestamp_millis()).map_err(|_| format!("{text} is before 1970; {advice}"))
}
