//! A filter in words, for the labels of partitions.

use super::{Filter, Window};
use crate::item::page::Posting;
use chrono::{DateTime, SecondsFormat};

/// A label that named more would not be read.
const NAMED_MAX: usize = 3;

impl Filter {
    /// What is asked of each page beside its space: `labelled runbook, changed from 2026-01-01T00:00:00Z on`.
    pub fn words(&self, posting: Posting) -> String {
        let ids = self.ids(posting);
        let below = if posting == Posting::Page { " and below" } else { "" };
        let id = |text: String| format!("{text}{below}");
        let mut parts = Vec::new();
        parts.extend(named(ids.only.iter()).map(|ids| id(format!("at {ids}"))));
        parts.extend(named(ids.never.iter()).map(|ids| id(format!("not at {ids}"))));
        parts.extend(named(self.labels.only.iter()).map(|labels| format!("labelled {labels}")));
        parts.extend(named(self.labels.never.iter()).map(|labels| format!("not labelled {labels}")));
        parts.extend(window("changed", &self.modified));
        parts.extend(window("created", &self.created));
        if posting == Posting::Page && !self.archived_pages {
            parts.push("not archived".to_owned());
        }
        parts.join(", ")
    }
}

fn named<V: ToString>(values: impl ExactSizeIterator<Item = V>) -> Option<String> {
    let count = values.len();
    let names: Vec<String> = values.take(NAMED_MAX).map(|value| value.to_string()).collect();
    let more = count.saturating_sub(NAMED_MAX);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (count > 0).then(|| format!("{}{more}", names.join(", ")))
}

fn window(verb: &str, window: &Window) -> Option<String> {
    let Window { after, before, within_days } = window;
    let days = within_days.map(|days| format!("in the last {days} days"));
    let fixed = match (after.map(instant), before.map(instant)) {
        (Some(after), Some(before)) => Some(format!("from {after} until {before}")),
        (Some(after), None) => Some(format!("from {after} on")),
        (None, Some(before)) => Some(format!("before {before}")),
        (None, None) => None,
    };
    let both: Vec<String> = [fixed, days].into_iter().flatten().collect();
    (!both.is_empty()).then(|| format!("{verb} {}", both.join(" and ")))
}

fn instant(milliseconds: u64) -> String {
    let time = i64::try_from(milliseconds).ok().and_then(DateTime::from_timestamp_millis);
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default()
}
