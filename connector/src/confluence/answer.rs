//! Telling good answers from bad ones.
//!
//! Confluence refuses in many voices: v2 and v1 have an envelope each, gateways and login walls answer HTML,
//! unknown routes XML. A rejected credential answers 403 on v1 and 404 "Not Found" on v2, while a thing
//! that is truly missing is named in the 404, so the words decide as much as the number.

use super::objects;
use crate::error::Error;
use crate::setup::scopes;
use crate::transport::{Response, TransportError, TransportErrorKind};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use url::Url;

/// How much of an answer that nobody understands is quoted: enough to recognise a login page.
const QUOTE_CHARS_MAX: usize = 200;

/// How the gateway says, with 401, that the credential is good and no scope of it fits.
const SCOPE_WORDS: &str = "scope does not match";

/// A request that brought nothing usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// None when there was no whole answer.
    pub status: Option<u16>,
    /// The answer came late or was too large, so that asking for less may help.
    pub asked_too_much: bool,
    pub error: Error,
}

impl Refusal {
    pub fn unexpected(message: String) -> Refusal {
        Refusal { status: None, asked_too_much: false, error: Error::Unexpected(message) }
    }

    /// What an accepted answer turned out to mean.
    pub fn about(error: Error) -> Refusal {
        Refusal { status: None, asked_too_much: false, error }
    }

    /// Whether the sign-in is good, but not for this kind of request: no scope of it fits.
    pub fn lacks_scope(&self) -> bool {
        self.status == Some(401) && matches!(self.error, Error::Forbidden(_))
    }

    /// Whether the next request of its kind would fare no better, so that the call had better end here. Otherwise the
    /// refusal is about the one thing that was asked for.
    pub fn concerns_everything(&self) -> bool {
        match self.error {
            Error::Unauthenticated(_) | Error::Throttled { .. } => true,
            Error::Forbidden(_) => self.lacks_scope(),
            Error::Unavailable(_) => self.status != Some(500),
            _ => false,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        refusal.error
    }
}

/// Lets an answer of status 200 through.
pub fn accept(url: &Url, answer: Result<Response, TransportError>) -> Result<Response, Refusal> {
    match answer {
        Ok(response) if response.status == 200 => Ok(response),
        Ok(response) => Err(refused(url, &response)),
        Err(error) => Err(unanswered(url, &error)),
    }
}

/// Reads an accepted answer as JSON.
///
/// As text, like the rows of listings: a second kind of reader would double the code that serde makes.
pub fn parse<'a, R: Deserialize<'a>>(url: &Url, response: &'a Response) -> Result<R, Refusal> {
    let text = str::from_utf8(&response.body).map_err(|error| puzzled(url, response, &error))?;
    objects::from_str(text).map_err(|error| puzzled(url, response, &error))
}

fn puzzled(url: &Url, response: &Response, error: &dyn fmt::Display) -> Refusal {
    Refusal {
        status: Some(response.status),
        asked_too_much: false,
        error: Error::Unexpected(format!(
            "{} and got something else than the expected JSON ({error}): {}",
            attempt(url),
            quote(&response.body)
        )),
    }
}

/// "asked HOST for PATH": the query is left out, it may be long or hold what must stay secret.
pub fn attempt(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("asked {host} for {}", url.path())
}

/// The start of a body, on one line; of a web page its title.
pub fn quote(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = match titled(&text) {
        Some(title) => format!("a page titled {title:?}").into(),
        None => text,
    };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(QUOTE_CHARS_MAX).collect()
}

/// The title of a web page, as gateways and login walls send them.
fn titled(text: &str) -> Option<&str> {
    let (_, rest) = text.trim_start().strip_prefix('<')?.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    (!title.trim().is_empty()).then(|| title.trim())
}

/// What no answer, or half of one, means.
pub fn unanswered(url: &Url, error: &TransportError) -> Refusal {
    let message = format!("{}, but {}", attempt(url), error.message);
    let (asked_too_much, error) = match error.kind {
        TransportErrorKind::Denied => (false, Error::Forbidden(message)),
        TransportErrorKind::TooLarge => (true, Error::Unexpected(message)),
        TransportErrorKind::TimedOut => (true, Error::Unavailable(message)),
        TransportErrorKind::Unreachable => (false, Error::Unavailable(message)),
    };
    Refusal { status: None, asked_too_much, error }
}

/// What an answer other than 200 means.
pub fn refused(url: &Url, response: &Response) -> Refusal {
    let status = response.status;
    let said = words(&response.body);
    let told = match &said {
        Some(said) => said.clone(),
        None if response.body.is_empty() => "an empty answer".to_owned(),
        None => quote(&response.body),
    };
    let message = format!("{} and got {status}: {told}", attempt(url));
    let error = match status {
        400 if told.contains("cursor") => Error::StalePosition(message),
        401 if told.contains(SCOPE_WORDS) => Error::Forbidden(format!("{message}; {}", missing_scope(url))),
        401 => Error::Unauthenticated(message),
        403 if denies_entry(response, &told) => Error::Unauthenticated(message),
        403 => Error::Forbidden(message),
        // The title alone: v2 says so on every route when it rejects the credential.
        404 if told == "Not Found" => Error::Unauthenticated(message),
        404 if said.is_some() => Error::NotFound(message),
        429 => Error::Throttled { message, wait: retry_after(response) },
        500 | 502..=504 => Error::Unavailable(message),
        _ => Error::Unexpected(message),
    };
    Refusal { status: Some(status), asked_too_much: matches!(status, 500 | 504), error }
}

/// The scope by its name, for the gateway says only that one is missing.
fn missing_scope(url: &Url) -> String {
    let way = "add it to the token or the app, and sign in again";
    match scopes::of_path(url.path()) {
        Some(scope) => format!("the scope {} is missing ({}); {way}", scope.name, scope.reason),
        None => format!("a scope is missing, and this connector does not know which; {way}"),
    }
}

/// Whether a 403 is about the credential and not about the thing asked for.
fn denies_entry(response: &Response, told: &str) -> bool {
    response.header("x-seraph-loginreason").is_some()
        || told.contains("cannot access Confluence")
        || told.contains("not permitted to use Confluence")
}

/// What the body says went wrong, in any of the envelopes Confluence has.
fn words(body: &[u8]) -> Option<String> {
    let envelope: Value = serde_json::from_str(str::from_utf8(body).ok()?).ok()?;
    let places = ["/errors/0/title", "/message", "/data/errors/0/message/translation"];
    let found = places.iter().find_map(|place| envelope.pointer(place)?.as_str())?;
    let words = quote(without_class(found).as_bytes());
    (!words.is_empty()).then_some(words)
}

/// v1 puts the name of a Java class before the words that are for people, and sometimes the status around them:
/// `com.atlassian.…Exception: 403 FORBIDDEN "Request rejected …"`.
fn without_class(said: &str) -> &str {
    let is_class = |name: &str| name.contains('.') && name.ends_with("Exception") && !name.contains(' ');
    let words = match said.split_once(": ") {
        Some((name, words)) if is_class(name) => words,
        _ => return said,
    };
    let quoted = words.strip_suffix('"').and_then(|words| words.split_once('"'));
    match quoted {
        Some((status, quoted)) if status.starts_with(|c: char| c.is_ascii_digit()) => quoted,
        _ => words,
    }
}

/// Milliseconds from a `Retry-After` in seconds. Atlassian sends no dates there.
pub fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.header("retry-after")?.trim().parse().ok()?;
    seconds.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::without_class;

    #[test]
    fn what_is_for_people_is_quoted_without_what_is_for_programmers() {
        let table = [
            ("com.atlassian.rest.StacklessException: 403 FORBIDDEN \"Request rejected\"", "Request rejected"),
            ("com.atlassian.api.GoneException: This was \"removed\"", "This was \"removed\""),
            ("com.atlassian.api.NotFoundException: ", ""),
            ("No content found: 98765", "No content found: 98765"),
            ("Could not parse: title.Exception", "Could not parse: title.Exception"),
        ];
        for (said, words) in table {
            assert_eq!(without_class(said), words);
        }
    }
}
