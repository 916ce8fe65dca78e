//! Instants as feeds write them: RFC 3339 in Atom, RFC 822 in RSS, and each in the other.

use chrono::{DateTime, NaiveDate, NaiveTime};

/// Milliseconds since 1970. None for what is no instant, or before it: an entry without a date is still an entry.
pub fn instant(text: &str) -> Option<u64> {
    let text = text.trim();
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_rfc2822(without_weekday(text)))
        .ok()
        .map(|at| at.timestamp_millis());
    let millis = parsed.or_else(|| midnight(text))?;
    u64::try_from(millis).ok()
}

/// A weekday that does not fit its date, or in another language, says nothing.
fn without_weekday(text: &str) -> &str {
    text.split_once(',').map_or(text, |(_, rest)| rest.trim_start())
}

fn midnight(text: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn dates_as_they_are_found() {
        let noon = Some(1_767_614_400_000);
        for text in [
            "2026-01-05T12:00:00Z",
            " 2026-01-05T13:00:00.000+01:00\n",
            "Mon, 05 Jan 2026 12:00:00 GMT",
            "Mon, 5 Jan 2026 07:00:00 EST",
            "Fri, 05 Jan 2026 12:00:00 +0000",
            "lun., 05 Jan 2026 12:00:00 +0000",
            "05 Jan 26 12:00 UT",
        ] {
            assert_eq!(instant(text), noon, "{text}");
        }
        assert_eq!(instant("2026-01-05"), Some(1_767_571_200_000));
        for text in ["", "yesterday", "1969-07-20T20:17:00Z", "2026-13-40T12:00:00Z"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
