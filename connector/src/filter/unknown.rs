//! Spaces that the settings name and the account does not see. The one file here that asks the site.

use super::Filter;
use crate::confluence::answer::Refusal;
use crate::confluence::list;
use crate::confluence::site::Site;
use crate::confluence::space::SpaceRow;
use crate::error::{Error, Issue};
use crate::transport::{Response, Transport};
use std::collections::BTreeSet;
use url::Url;

/// Keys in one request; v2 takes 250, and addresses of some kilobytes are taken everywhere.
const KEYS_PER_REQUEST: usize = 100;

/// An issue for each key of `spaces` and `spaces-excluded` that no visible space has, at its place in the list
/// of the tidied `settings`. Two requests for every hundred keys; none without keys.
pub fn unknown_spaces<T: Transport>(
    site: &Site<'_, T>,
    settings: &str,
    filter: &Filter,
) -> Result<Vec<Issue>, Error> {
    let keys: Vec<&str> = filter.spaces.only.union(&filter.spaces.never).map(String::as_str).collect();
    let mut questions = Vec::new();
    for keys in keys.chunks(KEYS_PER_REQUEST) {
        for status in ["current", "archived"] {
            let query = [("keys", &*keys.join(",")), ("limit", "250"), ("status", status)];
            questions.push(((), site.v2(&["spaces"], &query)));
        }
    }
    let mut known = BTreeSet::new();
    site.get_many(questions, |(), url: &Url, answer: Result<Response, Refusal>| {
        let list = list::read::<SpaceRow>(url, &answer?)?;
        known.extend(list.rows.into_iter().filter_map(|row| row.key));
        Ok(list.next.map(|next| ((), next)))
    })?;
    let settings: serde_json::Value = serde_json::from_str(settings).unwrap_or_default();
    let unknown = keys.into_iter().filter(|key| !known.contains(*key));
    Ok(unknown.map(|key| issue(&settings, key, &known)).collect())
}

fn issue(settings: &serde_json::Value, key: &str, known: &BTreeSet<String>) -> Issue {
    let at = |name: &str| {
        let list = settings.get(name)?.as_array()?;
        let at = list.iter().position(|one| one.as_str() == Some(key))?;
        Some(format!("/{name}/{at}"))
    };
    let pointer = at("spaces").or_else(|| at("spaces-excluded"));
    // v2 looks keys up without regard to case, so it tells what was meant.
    let message = match known.iter().find(|other| other.eq_ignore_ascii_case(key)) {
        Some(other) => format!("There is no space {key}; keys are told apart by case, did you mean {other}?"),
        None => format!("There is no space {key}, or this account may not see it."),
    };
    Issue { pointer: pointer.unwrap_or_else(|| "/spaces".to_owned()), message }
}
