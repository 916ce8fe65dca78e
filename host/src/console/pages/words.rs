//! Numbers and times as people read them.

use maud::{Markup, html};

use crate::model::Timestamp;

/// `12,345`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

/// `1 page`, `2 pages`.
pub fn count(of: u64, noun: &str) -> String {
    let plural = if of == 1 || noun.ends_with('s') { "" } else { "s" };
    format!("{} {noun}{plural}", number(of))
}

/// How long ago, with the moment itself for those who point at it.
pub fn ago(then: Timestamp, now: Timestamp) -> Markup {
    html! { time datetime=(moment(then)) title=(moment(then)) data-ago="" { (since(then, now)) } }
}

/// `3 min ago`, `in 2 h`.
pub fn since(then: Timestamp, now: Timestamp) -> String {
    if then > now {
        return format!("in {}", length(then - now));
    }
    match now - then {
        0..=4_999 => "just now".to_owned(),
        past => format!("{} ago", length(past)),
    }
}

/// `45 s`, `12 min`, `3 h`, `5 d`: of milliseconds, rounded down.
pub fn length(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// `2026-03-02T09:15:00Z`; the store's times are UTC.
pub fn moment(milliseconds: Timestamp) -> String {
    i64::try_from(milliseconds)
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis)
        .map_or_else(String::new, |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::{count, number, since};

    #[test]
    fn numbers_and_times_are_words() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([count(1, "page"), count(2, "page"), count(2, "files")], ["1 page", "2 pages", "2 files"]);
        let now: u64 = 10_000_000_000;
        let past =
            [1_000, 61_000, 7_300_000, 90_000_000_000_u64].map(|ms| since(now.saturating_sub(ms), now));
        assert_eq!(past, ["just now", "1 min ago", "2 h ago", "115 d ago"]);
        assert_eq!(since(now + 3_600_000, now), "in 1 h");
    }
}
