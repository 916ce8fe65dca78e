//! What the answers mean.

use super::ask::{KEYS_MAX, Question, answer_to, read};
use super::{Answers, Chosen, Finding, Opened, Way, grants, limits};
use crate::confluence::answer::{Refusal, parse};
use crate::confluence::list::{self, List};
use crate::confluence::space::SpaceRow;
use crate::confluence::user::{self, UserRow};
use crate::error::Error;
use crate::setup::authenticate::name;
use crate::transport::Response;
use serde_json::Value;

const SIGN_IN_AGAIN: &str = "sign in again";

pub fn findings(host: &str, way: Way, opened: &Opened, chosen: &Chosen, answers: &Answers) -> Vec<Finding> {
    let site = format!("https://{host}");
    let user = user(answers);
    let mut findings = vec![sign_in(host, way, opened, &user), reachable(host, answers)];
    findings.extend(spaces(answers));
    findings.extend(chosen_spaces(chosen, answers));
    findings.push(grants::finding(way, &site, chosen, answers));
    findings.extend([roles(answers), restrictions(answers)]);
    findings.extend(audit(answers));
    findings.extend(time_zone(&user));
    findings.push(limits::finding(answers));
    findings
}

fn user(answers: &Answers) -> Result<UserRow, Refusal> {
    read(answers, Question::User, |url, response| parse(url, response)).map_err(user::rejected)
}

fn sign_in(host: &str, way: Way, opened: &Opened, user: &Result<UserRow, Refusal>) -> Finding {
    let how = match way {
        Way::Token => "with an API token without scopes",
        Way::ScopedToken => "with an API token that has scopes, through api.atlassian.com",
        Way::App => "with OAuth 2.0, through api.atlassian.com",
    };
    match user {
        Ok(row) if row.account_id.as_deref() == Some(&opened.account) => {
            Finding::good("sign-in", format!("signed in as {}, {how}", name(row, host)))
        }
        Ok(row) => Finding::bad(
            "sign-in",
            format!(
                "the credential is now that of {}, and not of the account that signed in",
                name(row, host)
            ),
            SIGN_IN_AGAIN,
        ),
        Err(refusal) => {
            let message = format!("who signed in could not be read: {}", refusal.error.message());
            Finding::bad("sign-in", message, remedy(refusal, SIGN_IN_AGAIN))
        }
    }
}

/// A refusal in Confluence's own words is an answer of Confluence too.
fn reachable(host: &str, answers: &Answers) -> Finding {
    let is_confluence = |answer: &Result<Response, Refusal>| match answer {
        Ok(response) => {
            str::from_utf8(&response.body).is_ok_and(|text| serde_json::from_str::<Value>(text).is_ok())
        }
        Err(refusal) => {
            refusal.status.is_some() && !matches!(refusal.error, Error::Unexpected(_) | Error::Unavailable(_))
        }
    };
    let own = || answers.iter().filter(|it| it.question != Question::Grants).map(|it| &it.answer);
    match own().find_map(|answer| answer.as_ref().err()) {
        _ if own().any(is_confluence) => Finding::good("site", format!("{host} answers as Confluence")),
        Some(refusal) => Finding::bad(
            "site",
            format!("{host} does not answer as Confluence: {}", refusal.error.message()),
            "check the address and that Confluence is part of the site's plan; if both are right, try again later",
        ),
        None => Finding::bad(
            "site",
            format!("{host} answers with something else than Confluence"),
            "check the address and that Confluence is part of the site's plan",
        ),
    }
}

fn spaces(answers: &Answers) -> Vec<Finding> {
    let list = |question| read(answers, question, list::read::<SpaceRow>);
    match (list(Question::CurrentSpaces), list(Question::ArchivedSpaces)) {
        (Ok(current), Ok(archived)) => vec![counted(&current, &archived)],
        (Err(refusal), _) | (_, Err(refusal)) => vec![Finding::bad(
            "spaces",
            format!("the spaces could not be listed: {}", refusal.error.message()),
            remedy(&refusal, "see what is said of the sign-in"),
        )],
    }
}

fn counted(current: &List<SpaceRow>, archived: &List<SpaceRow>) -> Finding {
    let personal = |list: &List<SpaceRow>| {
        list.rows.iter().filter(|space| space.kind.as_deref() == Some("personal")).count()
    };
    if current.rows.is_empty() && archived.rows.is_empty() {
        return Finding::bad(
            "spaces",
            "the account sees no space".to_owned(),
            "ask a Confluence administrator to give the account access to the spaces that shall be searched",
        );
    }
    let personal = personal(current);
    let more = if current.next.is_some() || archived.next.is_some() { "at least " } else { "" };
    Finding::good(
        "spaces",
        format!(
            "the account sees {more}{} current spaces, {personal} of them personal, and {} archived; spaces it may not \
             view are unknown to it, and so to the search",
            current.rows.len(),
            archived.rows.len()
        ),
    )
}

/// Confluence finds keys whatever their case, so this is about what is there at all.
fn chosen_spaces(chosen: &Chosen, answers: &Answers) -> Option<Finding> {
    answer_to(answers, Question::ChosenSpaces)?;
    let found = read(answers, Question::ChosenSpaces, list::read::<SpaceRow>).ok()?;
    let seen = |key: &&String| {
        found.rows.iter().any(|space| space.key.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(key)))
    };
    let asked = chosen.space_keys.iter().take(KEYS_MAX);
    let missing: Vec<&str> = asked.filter(|key| !seen(key)).map(String::as_str).collect();
    Some(match missing.as_slice() {
        [] => Finding::good("chosen-spaces", "every space that the settings name is visible".to_owned()),
        missing => Finding::bad(
            "chosen-spaces",
            format!("the settings name spaces that the account does not see: {}", missing.join(", ")),
            "correct the keys, or have the account given access to these spaces",
        ),
    })
}

/// How spaces are granted. A site that never heard of roles refuses the question as it refuses any other.
fn roles(answers: &Answers) -> Finding {
    let unread = |refusal: &Refusal| {
        let message = format!("whether the site has roles could not be read: {}", refusal.error.message());
        let usual = "see what is said of the sign-in; until then a space granted by roles is shown to nobody";
        Finding::bad("space-roles", message, remedy(refusal, usual))
    };
    let mode = read(answers, Question::RoleMode, |url, response| parse::<Value>(url, response));
    let mode = match &mode {
        Ok(answer) => answer.get("mode").and_then(Value::as_str).unwrap_or("unnamed"),
        Err(refusal) if refusal.concerns_everything() || refusal.status.is_none() => return unread(refusal),
        Err(_) => "PRE_ROLES",
    };
    let words = match mode {
        "PRE_ROLES" => "the site grants spaces by permissions".to_owned(),
        "ROLES" => "the site grants spaces by roles".to_owned(),
        "ROLES_TRANSITION" => {
            "the site is on its way from permissions to roles, and both are read".to_owned()
        }
        other => {
            let message =
                format!("the site grants spaces in a way that this version does not know ({other})");
            let remedy = "look for a newer version; what it does not understand is shown to nobody";
            return Finding::notice("space-roles", message, remedy);
        }
    };
    Finding::good("space-roles", words)
}

fn restrictions(answers: &Answers) -> Finding {
    let slow =
        "nothing, if a first sync may take longer: each page's restriction is then asked for by itself";
    match read(answers, Question::Search, |url, response| parse::<Value>(url, response)) {
        Err(refusal) => Finding::notice(
            "restrictions",
            format!("restrictions cannot be read through the search: {}", refusal.error.message()),
            remedy(&refusal, slow),
        ),
        Ok(found) if found.pointer("/results/0").is_none() => {
            Finding::good("restrictions", "the search found no page to try".to_owned())
        }
        Ok(found) if found.pointer("/results/0/restrictions/read").is_some() => Finding::good(
            "restrictions",
            "restrictions are read through the search, 200 pages at once".to_owned(),
        ),
        Ok(_) => Finding::notice("restrictions", "the search does not tell restrictions".to_owned(), slow),
    }
}

fn audit(answers: &Answers) -> Option<Finding> {
    let lost = "sign in as a Confluence administrator of a paid plan, or leave audit records out: everything else is read \
                without them, and changes of permissions are found by complete reads";
    Some(match &answer_to(answers, Question::Audit)?.answer {
        Ok(_) => Finding::good("audit-log", "the account may read the audit log".to_owned()),
        Err(refusal) => Finding::bad(
            "audit-log",
            format!("the audit log could not be read: {}", refusal.error.message()),
            remedy(refusal, lost),
        ),
    })
}

fn time_zone(user: &Result<UserRow, Refusal>) -> Option<Finding> {
    let zone = user.as_ref().ok()?.time_zone.as_deref().filter(|zone| !zone.is_empty());
    Some(match zone {
        Some(zone) => Finding::good(
            "time-zone",
            format!("the account's time zone is {zone}, in which the search reads dates"),
        ),
        None => Finding::notice(
            "time-zone",
            "the account tells no time zone, so the site's own counts in searches by date".to_owned(),
            "nothing: dates are checked again on every item",
        ),
    })
}

/// What to do about a refusal: some kinds have a remedy of their own, whatever was asked.
fn remedy<'r>(refusal: &Refusal, usual: &'r str) -> &'r str {
    match refusal.error {
        _ if refusal.lacks_scope() => "give the sign-in the scope that is named, and sign in again",
        Error::Throttled { .. } | Error::Unavailable(_) => "try again later",
        Error::Unauthenticated(_) => SIGN_IN_AGAIN,
        _ => usual,
    }
}
