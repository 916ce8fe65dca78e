//! Times as programs read them.

use crate::model::Timestamp;

/// RFC 3339 in UTC, as `2026-03-02T09:15:00.250Z`; empty for a time that no calendar has.
#[must_use]
pub fn rfc3339(milliseconds: Timestamp) -> String {
    let time = i64::try_from(milliseconds).ok().and_then(chrono::DateTime::from_timestamp_millis);
    time.map_or_else(String::new, |time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_written_as_rfc_3339_has_it() {
        let written = [0, 1_772_442_900_250, u64::MAX].map(super::rfc3339);
        assert_eq!(written, ["1970-01-01T00:00:00Z", "2026-03-02T09:15:00.250Z", ""]);
    }
}
