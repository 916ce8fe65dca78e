//! Points in time.

use chrono::DateTime;

/// Milliseconds since 1970 of an RFC 3339 time; none for anything else, or for a time before.
pub fn milliseconds(text: Option<&str>) -> Option<u64> {
    let time = DateTime::parse_from_rfc3339(text?).ok()?;
    u64::try_from(time.timestamp_millis()).ok()
}
