//! The requests of a diagnosis.

use super::{Answered, Answers, Chosen, Way};
use crate::confluence::answer::Refusal;
use crate::confluence::cloud;
use crate::confluence::site::Site;
use crate::error::Error;
use crate::setup::scopes::{self, Scope};
use crate::transport::{Response, Transport};
use url::Url;

/// As many as one listing may name.
pub const KEYS_MAX: usize = 250;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    User,
    CurrentSpaces,
    ArchivedSpaces,
    /// The spaces that the settings name.
    ChosenSpaces,
    RoleMode,
    /// One page, with its restrictions.
    Search,
    Audit,
    /// The sites and scopes that an app was granted.
    Grants,
    /// Whether a scope is there that no other question needs.
    Scope(&'static Scope),
}

impl Question {
    /// The scope whose lack this question shows.
    pub fn scope(self) -> Option<&'static Scope> {
        let name = match self {
            Question::User => "read:confluence-user",
            Question::CurrentSpaces => "read:space:confluence",
            Question::RoleMode => "read:configuration:confluence",
            Question::Search => "search:confluence",
            Question::Audit => "read:audit-log:confluence",
            Question::Scope(scope) => scope.name,
            Question::ArchivedSpaces | Question::ChosenSpaces | Question::Grants => return None,
        };
        scopes::SCOPES.iter().find(|scope| scope.name == name)
    }
}

/// What is asked before anything else.
pub fn first<T: Transport>(site: &Site<'_, T>) -> (Question, Url) {
    (Question::User, site.v1(&["user", "current"], &[]))
}

pub fn questions<T: Transport>(
    site: &Site<'_, T>,
    way: Way,
    chosen: &Chosen,
) -> Result<Vec<(Question, Url)>, Error> {
    let spaces = |status| site.v2(&["spaces"], &[("status", status), ("limit", "250")]);
    let restrictions = "restrictions.read.restrictions.user,restrictions.read.restrictions.group";
    let one_page = [("cql", "type=page"), ("limit", "1"), ("expand", restrictions)];
    let mut questions = vec![
        (Question::CurrentSpaces, spaces("current")),
        (Question::ArchivedSpaces, spaces("archived")),
        (Question::RoleMode, site.v2(&["space-role-mode"], &[])),
        (Question::Search, site.v1(&["content", "search"], &one_page)),
    ];
    if !chosen.space_keys.is_empty() {
        let keys = chosen.space_keys.get(..KEYS_MAX).unwrap_or(&chosen.space_keys).join(",");
        let query = [("keys", keys.as_str()), ("limit", "250")];
        questions.push((Question::ChosenSpaces, site.v2(&["spaces"], &query)));
    }
    if chosen.wanted.audit {
        questions.push((Question::Audit, site.v1(&["audit"], &[("limit", "1")])));
    }
    match way {
        Way::Token => {}
        Way::App => questions.push((Question::Grants, cloud::resources_url()?)),
        Way::ScopedToken => {
            let asked = questions.iter().map(|(question, _)| *question).chain([Question::User]);
            let shown = scopes_of(asked);
            let others = hidden(chosen, &shown).filter(|scope| !may_be_made_good(scope, chosen));
            questions.extend(others.map(|scope| (Question::Scope(scope), site.below_wiki(scope.probe))));
        }
    }
    Ok(questions)
}

/// The scopes of a token that are still in doubt: others might have made them good, and were not there.
pub fn rest<T: Transport>(
    site: &Site<'_, T>,
    way: Way,
    chosen: &Chosen,
    answers: &Answers,
) -> Vec<(Question, Url)> {
    if way != Way::ScopedToken {
        return Vec::new();
    }
    let shown = scopes_of(answers.iter().map(|it| it.question));
    let there = answers.iter().filter(|it| !it.answer.as_ref().is_err_and(Refusal::lacks_scope));
    let there: Vec<String> = scopes_of(there.map(|it| it.question)).into_iter().map(str::to_owned).collect();
    let doubtful = hidden(chosen, &shown).filter(|scope| !scope.is_among(&there));
    doubtful.map(|scope| (Question::Scope(scope), site.below_wiki(scope.probe))).collect()
}

fn scopes_of(questions: impl Iterator<Item = Question>) -> Vec<&'static str> {
    questions.filter_map(|question| question.scope()).map(|scope| scope.name).collect()
}

/// The scopes that the settings need and no question shows.
fn hidden(chosen: &Chosen, shown: &[&str]) -> impl Iterator<Item = &'static Scope> {
    scopes::needed(&chosen.wanted).filter(|scope| !scope.probe.is_empty() && !shown.contains(&scope.name))
}

/// Whether scopes that are looked at anyway do as well.
fn may_be_made_good(scope: &Scope, chosen: &Chosen) -> bool {
    let looked_at: Vec<String> = scopes::needed(&chosen.wanted).map(|scope| scope.name.to_owned()).collect();
    !scope.instead.is_empty() && scope.instead.iter().all(|name| looked_at.iter().any(|it| it == name))
}

/// The answer to a question, if it was asked.
pub fn answer_to(answers: &Answers, question: Question) -> Option<&Answered> {
    answers.iter().find(|it| it.question == question)
}

/// An answer read in some way, or why there is none.
pub fn read<R>(
    answers: &Answers,
    question: Question,
    reader: impl Fn(&Url, &Response) -> Result<R, Refusal>,
) -> Result<R, Refusal> {
    let never = || Refusal::unexpected("nothing was asked".to_owned());
    let answered = answer_to(answers, question).ok_or_else(never)?;
    match &answered.answer {
        Ok(response) => reader(&answered.url, response),
        Err(refusal) => Err(refusal.clone()),
    }
}
