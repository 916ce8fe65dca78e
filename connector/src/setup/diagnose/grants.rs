//! Scopes granted against scopes needed.

use super::ask::{Question, read};
use super::{Answers, Chosen, Finding, Way};
use crate::confluence::answer::{Refusal, parse};
use crate::confluence::cloud::{self, Resource};
use crate::setup::app;
use crate::setup::scopes::{self, OFFLINE, Scope};

const NAME: &str = "scopes";

const TOKEN_REMEDY: &str = "make a new token with the scopes that are missing, and sign in again with it";
const APP_REMEDY: &str = "add the scopes that are missing to the app, then sign in again and approve them";

pub fn finding(way: Way, site: &str, chosen: &Chosen, answers: &Answers) -> Finding {
    match way {
        Way::Token => Finding::good(
            NAME,
            "the API token has no scopes: it may read whatever its account may".to_owned(),
        ),
        Way::ScopedToken => verdict(&refused(answers), "the API token", TOKEN_REMEDY),
        Way::App => match granted(site, answers) {
            Ok(resource) => {
                let mut missing = lacking(&resource, chosen);
                // What is listed and refused all the same is missing too.
                missing.extend(refused(answers).into_iter().filter(|scope| scope.is_among(&resource.scopes)));
                verdict(&missing, "the app", APP_REMEDY)
            }
            Err(message) => Finding::bad(NAME, message, "sign in again"),
        },
    }
}

/// The scopes whose requests were refused for their lack.
fn refused(answers: &Answers) -> Vec<&'static Scope> {
    let lacking = answers.iter().filter(|it| it.answer.as_ref().is_err_and(Refusal::lacks_scope));
    lacking.filter_map(|it| it.question.scope()).collect()
}

/// The scopes that the settings need and the list of what was granted does not name. It never names those of the account.
fn lacking(resource: &Resource, chosen: &Chosen) -> Vec<&'static Scope> {
    scopes::needed(&chosen.wanted)
        .filter(|scope| scope.name != OFFLINE && !scope.is_among(&resource.scopes))
        .collect()
}

fn granted(site: &str, answers: &Answers) -> Result<Resource, String> {
    let rows = read(answers, Question::Grants, |url, response| parse::<Vec<Resource>>(url, response));
    let merged = cloud::merged(rows.map_err(|refusal| refusal.error.message())?);
    app::choose(&merged, site).cloned().map_err(|error| error.message())
}

fn verdict(missing: &[&Scope], who: &str, remedy: &str) -> Finding {
    if missing.is_empty() {
        return Finding::good(NAME, format!("{who} has every scope that the settings need"));
    }
    let names = missing.iter().map(|scope| format!("{} ({})", scope.name, scope.reason));
    Finding::bad(NAME, format!("{who} lacks {}", names.collect::<Vec<_>>().join(", ")), remedy)
}
