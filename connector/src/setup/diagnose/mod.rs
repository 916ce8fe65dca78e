//! What a careful administrator would look at: some requests side by side, and a finding for each thing they show.
//!
//! `ask` knows the requests, `tell` and `grants` what the answers mean; both are functions of values. It takes five
//! requests, one more for each thing asked about besides (audit log, chosen spaces, an app's grants), and with a token that
//! has scopes one for each scope that no other request needs: nothing else tells which ones it has.
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
    site.get_many(ask::questions(site, way, chosen)?, |question, url, answer| {
        answers.push(Answered { question, url: url.clone(), answer });
        Ok(None)
    })?;
    if let Some(error) = silence(&answers) {
        return Err(error);
    }
    Ok(tell::findings(site.host(), way, opened, chosen, &answers))
}

/// The first failure, if nothing came back from anywhere.
fn silence(answers: &Answers) -> Option<Error> {
    let answered = answers.iter().any(|it| match &it.answer {
        Ok(_) => true,
        Err(refusal) => refusal.status.is_some(),
    });
    let first = answers.iter().find_map(|it| it.answer.as_ref().err());
    first.filter(|_| !answered).map(|refusal| refusal.error.clone())
}
