//! The file of a recorded source: settings, a clock, and answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use super::entry::{Entry, Written};
use super::{Answer, Asked};

/// A recorded source is written by hand or by `--record`; a larger one is some other file.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Everything that stands in the file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    pub settings: Value,
    /// The name of the login; the connector's first if none is named.
    pub login: Option<String>,
    /// Where the connector's clock begins, since 1970-01-01T00:00:00Z.
    pub now: Duration,
    pub(super) answers: Vec<Entry>,
    /// These stand before the answers once the source was edited.
    pub(super) edited: Vec<Entry>,
}

/// Why a file is no recorded source.
#[derive(Debug, thiserror::Error)]
pub enum SourceFault {
    #[error(
        "failed to read {path}: {error}; name a recorded source with --source FILE, or give --set and a secret"
    )]
    Unread { path: PathBuf, error: std::io::Error },
    #[error("{path} is longer than the {FILE_BYTES_MAX} bytes that a recorded source may have")]
    TooLarge { path: PathBuf },
    #[error("{path} is no JSON ({error}); docs/check.md shows what a recorded source looks like")]
    NotJson { path: PathBuf, error: serde_json::Error },
    #[error("in {path}, {place}: {words}")]
    Entry { path: PathBuf, place: String, words: String },
}

impl SourceFile {
    /// # Errors
    ///
    /// [`SourceFault`], which names the entry that is wrong.
    pub fn open(path: &Path) -> Result<Self, SourceFault> {
        let unread = |error| SourceFault::Unread { path: path.to_owned(), error };
        if path.metadata().map_err(unread)?.len() > FILE_BYTES_MAX {
            return Err(SourceFault::TooLarge { path: path.to_owned() });
        }
        Self::parse(&std::fs::read_to_string(path).map_err(unread)?, path)
    }

    /// `path` is only for the words of a fault.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, SourceFault> {
        let value = serde_json::from_str(text)
            .map_err(|error| SourceFault::NotJson { path: path.to_owned(), error })?;
        read(value).map_err(|(place, words)| SourceFault::Entry { path: path.to_owned(), place, words })
    }
}

/// The text of a file with these answers, each of which fits one request.
#[must_use]
pub fn written(
    settings: &Value,
    login: &str,
    now: Duration,
    answers: &[(Asked, Answer)],
    edited: &[(Asked, Answer)],
) -> String {
    let entries = |answers: &[(Asked, Answer)]| {
        answers.iter().map(|(asked, answer)| Written::of(asked, answer)).collect()
    };
    let (answers, edited): (Vec<Written>, Vec<Written>) = (entries(answers), entries(edited));
    let now =
        DateTime::from_timestamp(i64::try_from(now.as_secs()).unwrap_or_default(), 0).unwrap_or_default();
    let now = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let file =
        json!({ "settings": settings, "login": login, "now": now, "answers": answers, "edited": edited });
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

/// What is wrong, and where.
type Wrong = (String, String);

fn read(value: Value) -> Result<SourceFile, Wrong> {
    let whole = |words: &str| ("the file as a whole".to_owned(), words.to_owned());
    let Value::Object(mut file) = value else {
        return Err(whole("it must be an object with `settings`, `now` and `answers`"));
    };
    let settings = file.remove("settings").unwrap_or_else(|| json!({}));
    if !settings.is_object() {
        return Err(("`settings`".to_owned(), "they must be an object".to_owned()));
    }
    let login = match file.remove("login") {
        None | Some(Value::Null) => None,
        Some(Value::String(login)) => Some(login),
        Some(_) => return Err(("`login`".to_owned(), "it must be the name of a login".to_owned())),
    };
    let now = now(&file.remove("now").unwrap_or_default())?;
    let answers = entries(&mut file, "answers")?;
    let edited = entries(&mut file, "edited")?;
    if let Some(name) = file.keys().next() {
        return Err(whole(&format!(
            "nothing is called `{name}`: it has `settings`, `login`, `now`, `answers` and `edited`"
        )));
    }
    Ok(SourceFile { settings, login, now, answers, edited })
}

fn now(value: &Value) -> Result<Duration, Wrong> {
    let words =
        "it must be an instant with a zone, as 2026-01-05T12:00:00Z: the connector's clock begins there";
    let wrong = || ("`now`".to_owned(), words.to_owned());
    let instant = DateTime::parse_from_rfc3339(value.as_str().ok_or_else(wrong)?).map_err(|_| wrong())?;
    u64::try_from(instant.timestamp_millis()).map(Duration::from_millis).map_err(|_| wrong())
}

fn entries(file: &mut Map<String, Value>, name: &str) -> Result<Vec<Entry>, Wrong> {
    let list = match file.remove(name) {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err((format!("`{name}`"), "it must be a list of answers".to_owned())),
    };
    let place = |number: usize, value: &Value| {
        let url = ["get", "post"].iter().find_map(|method| value.get(method)).and_then(Value::as_str);
        let named = url.map_or_else(String::new, |url| format!(" ({url})"));
        format!("entry {} of `{name}`{named}", number + 1)
    };
    let read = |(number, value): (usize, Value)| {
        let place = place(number, &value);
        Entry::read(value).map_err(|words| (place, words))
    };
    list.into_iter().enumerate().map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::pattern::Sent;
    use super::*;

    fn fault(text: &str) -> String {
        SourceFile::parse(text, Path::new("source.json")).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_file_says_which_entry_is_wrong() {
        let answers = |entry: &str| {
            format!(r#"{{"now":"2026-01-05T12:00:00Z","answers":[{{"get":"https://n.example/"}},{entry}]}}"#)
        };
        for (text, words) in [
            (
                "[]",
                "in source.json, the file as a whole: it must be an object with `settings`, `now` and `answers`",
            ),
            ("{", "source.json is no JSON"),
            (r#"{"now":"noon"}"#, "in source.json, `now`: it must be an instant with a zone"),
            (
                r#"{"now":"2026-01-05T12:00:00Z","answer":[]}"#,
                "the file as a whole: nothing is called `answer`",
            ),
            (r#"{"now":"2026-01-05T12:00:00Z","settings":[]}"#, "`settings`: they must be an object"),
            (&answers("{}"), "entry 2 of `answers`: it needs either `get` or `post`"),
            (&answers(r#"{"get":"/notes"}"#), "entry 2 of `answers` (/notes): `/notes` is no address"),
            (
                &answers(r#"{"get":"https://n.example/a","status":99}"#),
                "entry 2 of `answers` (https://n.example/a): 99 is no status",
            ),
            (&answers(r#"{"get":"https://n.example/a","josn":1}"#), "unknown field `josn`"),
            (
                &answers(r#"{"get":"https://n.example/a","json":1,"text":""}"#),
                "more than one of `json`, `text` and `base64`",
            ),
            (&answers(r#"{"get":"https://n.example/a","body":{}}"#), "`body` is what a `post` sends"),
            (&answers(r#"{"get":"https://n.example/a","headers":{"a b":""}}"#), "`a b: ` is no header"),
            (&answers(r#"{"post":"https://n.example/a","base64":"?"}"#), "`base64` is none"),
        ] {
            let told = fault(text);
            assert!(told.contains(words), "{told}");
        }
    }

    #[test]
    fn what_was_recorded_is_read_again() {
        let asked = |method: &str, url: &str, body: &'static str| Asked {
            method: method.to_owned(),
            url: url.to_owned(),
            body: body.into(),
        };
        let answer = |body: &'static [u8]| Answer { status: 200, headers: vec![], body: body.into() };
        let pairs = [
            (asked("GET", "https://n.example/a?q=*", ""), answer(b"{\"a\":1}")),
            (asked("POST", "https://n.example/a", "{\"q\": 1}"), answer(b"words")),
            (asked("POST", "https://n.example/a", "q=1"), answer(b"\xff")),
        ];
        let now = Duration::from_secs(1_767_614_400);
        let text = written(&json!({ "a": 1 }), "token", now, &pairs, &[]);
        let file = SourceFile::parse(&text, Path::new("recorded.json")).unwrap();
        assert_eq!((file.now, file.login.as_deref()), (now, Some("token")));
        for (asked, answer) in &pairs {
            let found: Vec<&Entry> =
                file.answers.iter().filter(|entry| entry.fits(asked, &Sent::of(&asked.url))).collect();
            assert_eq!((found.len(), &found[0].answer.body), (1, &answer.body), "{asked}");
        }
    }
}
