//! How records are asked for: the same words in the addresses of pages and of the API.

use chrono::{DateTime, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Trouble;
use crate::host::{RecordFilter, RecordState};
use crate::model::Timestamp;
use crate::store::{LevelKey, Newest, Span};

/// A day, for times that are told as days.
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Which records. Whatever is left out, or empty as a form sends it, does not narrow.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskedRecords {
    /// A connection's name.
    pub connection: Option<String>,
    /// A kind of items, as `page`.
    pub kind: Option<String>,
    /// The key of a space, in capitals or not: the space and what lies in it.
    pub space: Option<String>,
    /// A label, in capitals or not.
    pub label: Option<String>,
    /// Words of the title, in capitals or not.
    pub title: Option<String>,
    /// How it stands to searches: found, kind-off, not-chosen, withheld, waiting, file-waiting, file-without-words
    pub state: Option<String>,
    /// Updated on this day or later: `2026-03-02`, or an RFC 3339 time.
    pub from: Option<String>,
    /// Updated on this day or earlier: `2026-03-02`; or before an RFC 3339 time.
    pub to: Option<String>,
}

impl AskedRecords {
    /// # Errors
    ///
    /// [`Trouble::Bad`] for a state or a time that there is not.
    pub fn filter(&self) -> Result<RecordFilter, Trouble> {
        let Self { connection, kind, space, label, title, state, from, to } = self;
        let state = said(state).map(|state| {
            let known = RecordState::ALL.map(RecordState::as_str).join(", ");
            RecordState::parse(&state)
                .ok_or_else(|| Trouble::Bad(format!("there is no state `{state}`; there are {known}")))
        });
        let from = said(from).map(|from| time(&from)).transpose()?;
        let to = said(to).map(|to| time(&to)).transpose()?;
        let span = Span { from: from.map(|from| from.start), before: to.map(|to| to.end) };
        Ok(RecordFilter {
            connection: said(connection),
            kind: said(kind),
            space: said(space),
            label: said(label),
            title: said(title),
            state: state.transpose()?,
            span,
        })
    }

    /// The pairs of an address that asks the same.
    pub fn pairs(&self) -> [(&'static str, Option<&str>); 8] {
        let Self { connection, kind, space, label, title, state, from, to } = self;
        [
            ("connection", connection.as_deref()),
            ("kind", kind.as_deref()),
            ("space", space.as_deref()),
            ("label", label.as_deref()),
            ("title", title.as_deref()),
            ("state", state.as_deref()),
            ("from", from.as_deref()),
            ("to", to.as_deref()),
        ]
    }
}

fn said(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A moment, or a day: its first moment, and the first after it.
struct Told {
    start: Timestamp,
    end: Timestamp,
}

fn time(text: &str) -> Result<Told, Trouble> {
    let milliseconds = |time: i64| Timestamp::try_from(time).ok();
    if let Ok(day) = text.parse::<NaiveDate>() {
        let midnight = day.and_hms_opt(0, 0, 0).map(|time| time.and_utc().timestamp_millis());
        if let Some(start) = midnight.and_then(milliseconds) {
            return Ok(Told { start, end: start.saturating_add(DAY_MS) });
        }
    }
    let moment = DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis());
    let start = moment.and_then(milliseconds);
    let refused = || Trouble::Bad(format!("`{text}` is no day like 2026-03-02 and no RFC 3339 time"));
    start.map(|start| Told { start, end: start }).ok_or_else(refused)
}

/// The cursor of a list: a time and a number.
pub fn newest_cursor(place: Newest) -> String {
    format!("{}.{}", place.updated, place.num)
}

/// Whoever makes one up gets the first page.
pub fn newest_of(cursor: Option<&str>) -> Option<Newest> {
    let (updated, num) = cursor?.split_once('.')?;
    Some(Newest { updated: updated.parse().ok()?, num: num.parse().ok()? })
}

/// The cursor of a level: JSON, since titles are other people's words.
pub fn level_cursor(key: &LevelKey) -> String {
    serde_json::to_string(key).unwrap_or_default()
}

/// Whoever makes one up gets the first page.
pub fn level_of(cursor: Option<&str>) -> Option<LevelKey> {
    serde_json::from_str(cursor?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_leaves_empty_does_not_narrow() {
        let asked =
            AskedRecords { kind: Some(String::new()), title: Some("  ".into()), ..Default::default() };
        assert_eq!(asked.filter().unwrap(), RecordFilter::default());
    }

    #[test]
    fn days_and_moments_are_understood_and_others_refused() {
        let span = |from: &str, to: &str| {
            let asked =
                AskedRecords { from: Some(from.into()), to: Some(to.into()), ..AskedRecords::default() };
            asked.filter().map(|filter| (filter.span.from.unwrap(), filter.span.before.unwrap()))
        };
        assert_eq!(span("1970-01-02", "1970-01-02").unwrap(), (DAY_MS, 2 * DAY_MS), "the whole day");
        assert_eq!(span("1970-01-01T00:00:01Z", "1970-01-01T00:00:02+00:00").unwrap(), (1_000, 2_000));
        for bad in ["yesterday", "1969-12-31", "2026-13-01"] {
            assert!(matches!(span(bad, "1970-01-01"), Err(Trouble::Bad(_))), "{bad}");
        }
        let state = AskedRecords { state: Some("lost".into()), ..AskedRecords::default() };
        assert!(state.filter().unwrap_err().to_string().contains("there are found, kind-off"));
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_or_means_the_first_page() {
        let (place, key) = (Newest { updated: 7, num: 3 }, LevelKey("page".into(), "a \"b\" ü".into(), 3));
        assert_eq!(newest_of(Some(&newest_cursor(place))), Some(place));
        assert_eq!(level_of(Some(&level_cursor(&key))), Some(key));
        assert_eq!((newest_of(Some("x.1")), newest_of(None), level_of(Some("[1]"))), (None, None, None));
    }
}
