//! The settings: which feeds, and who may read them. Pure.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::describe::ANONYMOUS;
use crate::contract::exports::weir::connector::setup::{Origin, Plan};
use crate::contract::weir::connector::types::{Error, Issue};

/// Each costs a request in every sync, and a line in the list of origins that a person agrees to.
const FEEDS_MAX: usize = 200;

/// The word for anyone at all.
const EVERYONE: &str = "everyone";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub feeds: Vec<Url>,
    pub readers: Readers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readers {
    Everyone,
    /// E-mails in lower case.
    People(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    readers: Vec<String>,
}

impl Settings {
    /// Reads settings that `configure` returned.
    ///
    /// # Errors
    ///
    /// If they are none of those.
    pub fn read(settings: &str) -> Result<Self, Error> {
        // The login decided about the readers, so they are written down.
        check(settings, None).map_err(Error::InvalidSettings)
    }

    /// The origins of all feeds, each once.
    pub fn origins(&self) -> Vec<String> {
        let origins: BTreeSet<String> =
            self.feeds.iter().map(|url| url.origin().ascii_serialization()).collect();
        origins.into_iter().collect()
    }

    fn written(&self) -> String {
        let readers = match &self.readers {
            Readers::Everyone => vec![EVERYONE.to_owned()],
            Readers::People(people) => people.clone(),
        };
        let feeds: Vec<&str> = self.feeds.iter().map(Url::as_str).collect();
        json!({ "feeds": feeds, "readers": readers }).to_string()
    }
}

/// # Errors
///
/// Each fault, and where it is.
pub fn configure(settings: &str, login: &str) -> Result<Plan, Vec<Issue>> {
    let settings = check(settings, Some(login))?;
    let signs_in = login != ANONYMOUS;
    let origins = settings.origins();
    if signs_in && origins.len() > 1 {
        let words = format!(
            "these feeds are at {} sites, and one password would be sent to all of them; give each site a connection \
             of its own",
            origins.len()
        );
        return Err(vec![issue("/feeds", words)]);
    }
    let origin = |url: String| Origin {
        url,
        credential: signs_in,
        post: false,
        purpose: "read feeds and the files that their entries bring".to_owned(),
    };
    let origins = origins.into_iter().map(origin).collect();
    Ok(Plan { settings: settings.written(), origins, scopes: Vec::new() })
}

fn check(settings: &str, login: Option<&str>) -> Result<Settings, Vec<Issue>> {
    let written: Written = serde_json::from_str(settings)
        .map_err(|error| vec![issue("", format!("this is no setting: {error}"))])?;
    let mut issues = Vec::new();
    let (mut feeds, mut met) = (Vec::new(), BTreeSet::new());
    for (at, text) in written.feeds.iter().enumerate() {
        match address(text) {
            Ok(url) if !met.insert(url.clone()) => {}
            Ok(url) => feeds.push(url),
            Err(words) => issues.push(issue(&format!("/feeds/{at}"), words)),
        }
    }
    if written.feeds.is_empty() {
        issues.push(issue("/feeds", "name at least one feed".to_owned()));
    }
    if feeds.len() > FEEDS_MAX {
        issues.push(issue(
            "/feeds",
            format!("at most {FEEDS_MAX} feeds; make another connection for the rest"),
        ));
    }
    let readers = match readers(&written.readers, login) {
        Ok(readers) => readers,
        Err(mut wrong) => {
            issues.append(&mut wrong);
            Readers::People(Vec::new())
        }
    };
    if issues.is_empty() { Ok(Settings { feeds, readers }) } else { Err(issues) }
}

/// An address without its fragment, which no server sees.
fn address(text: &str) -> Result<Url, String> {
    let wrong = |why: &str| format!("{:?} {why}, like https://blog.example/feed.xml", text.trim());
    let mut url = Url::parse(text.trim()).map_err(|_| wrong("is no address"))?;
    if url.scheme() != "https" || url.host_str().is_none() {
        return Err(wrong("has to begin with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Not quoted: it may be a real one.
        return Err("an address without a name and a password in it; those belong to the sign-in".to_owned());
    }
    url.set_fragment(None);
    Ok(url)
}

fn readers(written: &[String], login: Option<&str>) -> Result<Readers, Vec<Issue>> {
    let words: BTreeSet<String> = written.iter().map(|word| word.trim().to_lowercase()).collect();
    if words.contains(EVERYONE) {
        return Ok(Readers::Everyone);
    }
    let is_email = |word: &&String| {
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
            && !word.contains(' ')
    };
    let wrong = words.iter().filter(|word| !is_email(word));
    let wrong: Vec<Issue> = wrong
        .map(|word| issue("/readers", format!("{word:?} is neither an e-mail nor `everyone`")))
        .collect();
    match (words.is_empty(), login) {
        _ if !wrong.is_empty() => Err(wrong),
        (false, _) => Ok(Readers::People(words.into_iter().collect())),
        (true, Some(ANONYMOUS)) => Ok(Readers::Everyone),
        (true, _) => Err(vec![issue(
            "/readers",
            "behind a sign-in a feed does not say who may read it: name e-mails, or `everyone`".to_owned(),
        )]),
    }
}

fn issue(pointer: &str, message: String) -> Issue {
    Issue { pointer: pointer.to_owned(), message }
}
