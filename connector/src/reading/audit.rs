//! The audit log: what happened at the site, where the account may know.
//!
//! It is read by offset, newest first as far as is known. The first answer tells the newest record, and the
//! further ones are asked for up to that time, so that what happens meanwhile shifts nothing. A site that lists
//! the oldest first is read all the same: there, what is new comes at the end.

use super::cursor::Cursor;
use super::partitions::{Token, partition};
use crate::confluence::answer::{self, Refusal};
use crate::confluence::audit::AuditRow;
use crate::confluence::list;
use crate::confluence::objects;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::item::activity::Alike;
use crate::model::{Change, Page, Partition};
use crate::transport::{Level, Transport};
use serde::{Deserialize, Serialize};
use url::Url;

/// What Atlassian's document of the route gives as its default; it says that a site may return fewer.
const RECORDS_PER_REQUEST: usize = 1_000;

/// The first read goes no further back from the newest record. The log is kept for a year; who did what last
/// spring says little about what to read again now.
const FIRST_READ_DAYS: u64 = 90;

/// A read begins this long before the newest record of the one before: records may appear late.
const OVERLAP_MINUTES: u64 = 10;

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// Where a read of the log is, and what it knows. Times are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPlace {
    /// How many records were read.
    start: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    /// The newest record met, in this read or the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Checkpoint {
    newest: u64,
}

/// How many records the site was ready to tell.
#[derive(Deserialize)]
struct Size {
    limit: Option<usize>,
}

/// The one partition; none, and a word why, where the account may not read the log. Costs a request.
pub fn partitions<T: Transport>(site: &Site<'_, T>) -> Result<Vec<Partition>, Error> {
    let probe = site.v1(&["audit"], &[("start", "0"), ("limit", "1")]);
    match site.get(&probe).and_then(|response| list::open(&probe, &response).map(|_| ())) {
        Ok(()) => Ok(vec![partition("audit", "Audit log".to_owned(), &Token::Audit)?]),
        Err(Refusal { status: Some(403 | 404 | 405 | 410 | 501), error, .. })
            if !matches!(error, Error::Unauthenticated(_)) =>
        {
            let reason = error.message();
            let message = "the audit log is left out: only Confluence administrators may read it, and not on the \
                           Free plan";
            site.log(Level::Info, message, &[("reason", &reason)]);
            Ok(Vec::new())
        }
        Err(refusal) => Err(refusal.error),
    }
}

/// Where a read since a checkpoint begins.
pub fn since(checkpoint: &str) -> Result<AuditPlace, Error> {
    let Checkpoint { newest } = serde_json::from_str(checkpoint)
        .map_err(|error| Error::StalePosition(format!("could not understand the checkpoint: {error}")))?;
    let from = Some(newest.saturating_sub(OVERLAP_MINUTES * MINUTE));
    Ok(AuditPlace { from, newest: Some(newest), ..AuditPlace::default() })
}

/// The activities of one answer, and where to read on, or else the checkpoint for the next read.
pub fn read<T: Transport>(site: &Site<'_, T>, place: AuditPlace) -> Result<Page, Error> {
    let url = address(site, &place);
    let response = site.get(&url)?;
    let listing = list::open(&url, &response)?;
    let texts = listing.texts();
    let size: Size = answer::parse(&url, &response)?;
    let full = size.limit.map_or(RECORDS_PER_REQUEST, |limit| limit.clamp(1, RECORDS_PER_REQUEST));
    let further = texts.len() >= full || (listing.next.is_some() && !texts.is_empty());
    let mut rows: Vec<(AuditRow, &str)> = Vec::with_capacity(texts.len());
    for text in &texts {
        match objects::from_str(text) {
            Ok(row) => rows.push((row, *text)),
            Err(error) => {
                let fields = [("reason", &*error.to_string())];
                site.log(Level::Warn, "skipped an audit record of an unknown shape", &fields);
            }
        }
    }
    let times: Vec<u64> = rows.iter().map(|(row, _)| row.creation_date).collect();
    let place = place.after(texts.len(), &times);
    let in_time = |time: u64| place.from.is_none_or(|from| time >= from);
    let further = further && times.last().is_none_or(|last| in_time(*last));
    let mut alike = Alike::default();
    let rows = rows.into_iter().filter(|(row, _)| in_time(row.creation_date));
    let changes = rows.map(|(row, text)| Change::Activity(alike.activity(row, text))).collect();
    match further {
        true => Ok(Page { changes, next: Some(Cursor::Audit(place).encode()?), checkpoint: None }),
        false => Ok(Page { changes, next: None, checkpoint: checkpoint(&place)? }),
    }
}

/// The position after a whole read; none if the log was empty.
fn checkpoint(place: &AuditPlace) -> Result<Option<String>, Error> {
    let write = |newest| serde_json::to_string(&Checkpoint { newest });
    let written = place.newest.map(write).transpose();
    written.map_err(|error| Error::Unexpected(format!("could not write a checkpoint down: {error}")))
}

fn address<T: Transport>(site: &Site<'_, T>, place: &AuditPlace) -> Url {
    let (start, limit) = (place.start.to_string(), RECORDS_PER_REQUEST.to_string());
    let window = [("startDate", place.from), ("endDate", place.until)];
    let window: Vec<(&str, String)> =
        window.into_iter().filter_map(|(name, time)| Some((name, time?.to_string()))).collect();
    let mut query: Vec<(&str, &str)> = window.iter().map(|(name, time)| (*name, time.as_str())).collect();
    query.extend([("start", start.as_str()), ("limit", limit.as_str())]);
    site.v1(&["audit"], &query)
}

impl AuditPlace {
    /// The place behind an answer of `count` records, of which `times` tells those that could be read.
    fn after(mut self, count: usize, times: &[u64]) -> AuditPlace {
        let first = self.start == 0;
        self.start += count;
        self.newest = self.newest.max(times.iter().copied().max());
        let newest_first = times.first() >= times.last();
        if first
            && newest_first
            && let Some(newest) = times.first().copied()
        {
            self.until = Some(newest);
            self.from.get_or_insert(newest.saturating_sub(FIRST_READ_DAYS * DAY));
        }
        self
    }
}
