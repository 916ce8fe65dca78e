//! Signing in, and looking a connection over: each feed is asked once.

use url::Url;

use super::describe::ANONYMOUS;
use super::settings::Settings;
use crate::contract::exports::weir::connector::setup::{Account, Finding, Verdict};
use crate::contract::weir::connector::types::{Error, Issue};
use crate::document::Document;
use crate::fetch::{Source, Web};

/// Feeds that are looked at in one go.
const FEEDS_DIAGNOSED: usize = 20;

/// Every feed must be one. A site that is down for the moment proves nothing, unless all are.
///
/// # Errors
///
/// `invalid-settings` with each address that is no feed; else what the last one said, if none answered.
pub fn authenticate<W: Web>(
    source: &Source<'_, W>,
    settings: &Settings,
    login: &str,
) -> Result<Account, Error> {
    let (mut issues, mut answered, mut down) = (Vec::new(), 0, None);
    for (at, url) in settings.feeds.iter().enumerate() {
        match source.document(url) {
            Ok(_) => answered += 1,
            Err(Error::NotFound(message) | Error::Forbidden(message) | Error::Unexpected(message)) => {
                issues.push(Issue { pointer: format!("/feeds/{at}"), message });
            }
            Err(error @ Error::Unauthenticated(_)) => return Err(error),
            Err(error) => down = Some(error),
        }
    }
    match down {
        _ if !issues.is_empty() => Err(Error::InvalidSettings(issues)),
        Some(error) if answered == 0 => Err(error),
        _ => Ok(Account { session: login.to_owned(), label: label(settings, login), user: None }),
    }
}

fn label(settings: &Settings, login: &str) -> String {
    let feeds = match settings.feeds.as_slice() {
        [one] => one.host_str().unwrap_or_default().to_owned(),
        many => format!("{} feeds", many.len()),
    };
    let how = if login == ANONYMOUS { "without signing in" } else { "with a password" };
    format!("{feeds}, read {how}")
}

/// # Errors
///
/// Never: what cannot be read is a finding.
pub fn diagnose<W: Web>(source: &Source<'_, W>, settings: &Settings) -> Result<Vec<Finding>, Error> {
    let feeds = settings.feeds.iter().take(FEEDS_DIAGNOSED);
    Ok(feeds.map(|url| finding(url, source.document(url))).collect())
}

fn finding(url: &Url, read: Result<Document, Error>) -> Finding {
    let told = |verdict, message: String, remedy: Option<&str>| Finding {
        name: "feed".to_owned(),
        verdict,
        message: format!("{url}: {message}"),
        remedy: remedy.map(str::to_owned),
    };
    match read {
        Ok(document) if document.complete || document.older.is_some() => {
            let words =
                format!("“{}” shows {} entries, and all older ones", document.title, document.told.len());
            told(Verdict::Good, words, None)
        }
        Ok(document) => {
            let words = format!("“{}” shows its newest {} entries", document.title, document.told.len());
            let remedy = "older ones cannot be read; sync more often than it publishes that many";
            told(Verdict::Notice, words, Some(remedy))
        }
        Err(Error::Unauthenticated(words)) => told(Verdict::Bad, words, Some("sign in again")),
        Err(Error::Unavailable(words)) => told(Verdict::Bad, words, Some("look again later")),
        Err(Error::Throttled(throttle)) => told(Verdict::Bad, throttle.message, Some("look again later")),
        Err(Error::Forbidden(words) | Error::NotFound(words) | Error::Unexpected(words)) => {
            told(Verdict::Bad, words, Some("change the settings"))
        }
        Err(Error::InvalidSettings(_) | Error::StalePosition(_)) => {
            told(Verdict::Bad, "it could not be read".to_owned(), None)
        }
    }
}
