//! What a careful administrator would look at: some requests side by side, and a finding for each thing they show.
//!
//! `ask` knows the requests, `tell` and `grants` what the answers mean; both are functions of values. Who signed in is asked
//! first and alone: a credential that is no good is tried once. Then it takes four requests, one more for each thing asked
//! about besides (audit log, chosen spaces, an app's grants), and with a token that has scopes one for each scope that no
//! other request needs and no other scope makes good: nothing else tells which ones it has.
//! Absent: walks through the source, and anything that only the host knows.

mod ask;
mod grants;
mod limits;
mod tell;

use super::scopes::Wanted;
use super::{OAUTH, Opened};
use crate::confluence::answer::Refusal;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::transport::{Response, Transport};
use url::Url;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable lower-case name: `audit-log`.
    pub name: &'static str,
    pub verdict: Verdict,
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Notice,
    Bad,
}

impl Finding {
    fn good(name: &'static str, message: String) -> Finding {
        Finding { name, verdict: Verdict::Good, message, remedy: None }
    }

    fn notice(name: &'static str, message: String, remedy: &str) -> Finding {
        Finding { name, verdict: Verdict::Notice, message, remedy: Some(remedy.to_owned()) }
    }

    fn bad(name: &'static str, message: String, remedy: &str) -> Finding {
        Finding { name, verdict: Verdict::Bad, message, remedy: Some(remedy.to_owned()) }
    }
}

/// What the settings ask for, as far as a diagnosis depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub wanted: Wanted,
    /// Keys of spaces that the settings name, as they were typed.
    pub space_keys: Vec<String>,
}

/// How the connection signed in, which decides what can be known of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Token,
    ScopedToken,
    App,
}

impl Way {
    fn of(opened: &Opened) -> Way {
        match &opened.cloud {
            _ if opened.login == OAUTH => Way::App,
            Some(_) => Way::ScopedToken,
            None => Way::Token,
        }
    }
}

/// One request and what came of it.
struct Answered {
    question: ask::Question,
    url: Url,
    answer: Result<Response, Refusal>,
}

/// All answers, in the order of the questions.
type Answers = Vec<Answered>;

/// Looks at a connection. Fails only when no request was answered at all.
pub fn diagnose<T: Transport>(
    site: &Site<'_, T>,
    opened: &Opened,
    chosen: &Chosen,
) -> Result<Vec<Finding>, Error> {
    let way = Way::of(opened);
    let mut answers: Answers = Vec::new();
    put(site, vec![ask::first(site)], &mut answers)?;
    match tell::user(&answers) {
        Err(refusal) if refusal.status.is_none() => return Err(refusal.error),
        // Whatever else is asked would be refused in the same way.
        Err(refusal) if !refusal.lacks_scope() => {
            return Ok(tell::turned_away(site.host(), way, &refusal));
        }
        _ => {}
    }
    put(site, ask::questions(site, way, chosen)?, &mut answers)?;
    let rest = ask::rest(site, way, chosen, &answers);
    put(site, rest, &mut answers)?;
    Ok(tell::findings(site.host(), way, opened, chosen, &answers))
}

fn put<T: Transport>(
    site: &Site<'_, T>,
    questions: Vec<(ask::Question, Url)>,
    answers: &mut Answers,
) -> Result<(), Error> {
    site.get_many(questions, |question, url, answer| {
        answers.push(Answered { question, url: url.clone(), answer });
        Ok(None)
    })
}
