//! How another version of a connector differs: what it demands more, and what is merely told.

use std::collections::BTreeSet;

use super::demand::{bound, places};
use super::order::is_older;
use super::{Version, short};
use crate::model::{Bound, Description, Origin, Scheme};

/// From one version to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// What nobody has agreed to yet; empty if the new version goes through.
    pub more: Vec<String>,
    /// What else changes.
    pub told: Vec<String>,
}

/// Compares what two versions demand. What a component calls things is never compared, only what it can do.
#[must_use]
pub fn difference(before: &Version, after: &Version) -> Difference {
    let (old, new) = (&before.description, &after.description);
    let mut difference = Difference::default();
    versions(before, after, &mut difference);
    bounds(old.bounds.as_deref(), new.bounds.as_deref(), &mut difference);
    logins(old, new, &mut difference);
    kinds(old, new, &mut difference);
    imports(before, after, &mut difference);
    let datasets = |description: &Description| names(description.datasets.iter().map(|set| &set.name));
    listed("dataset", &datasets(old), &datasets(new), &mut difference.told);
    listed("setting", &settings(old), &settings(new), &mut difference.told);
    difference
}

/// Origins that a connection has not agreed to, in words.
#[must_use]
pub fn beyond_words(origins: &[&Origin]) -> Vec<String> {
    origins.iter().map(|origin| format!("{} ({}): {}", origin.url, origin.manner(), origin.purpose)).collect()
}

fn versions(before: &Version, after: &Version, difference: &mut Difference) {
    let (old, new) = (&before.description.version, &after.description.version);
    let words = if old == new {
        format!("version {new} again, of other bytes")
    } else if is_older(new, old) {
        format!("version {new}, which is OLDER than {old}")
    } else {
        format!("version {new} after {old}")
    };
    difference.told.push(format!("{words}: {} after {}", short(&after.sha256), short(&before.sha256)));
    if before.contract != after.contract {
        difference
            .told
            .push(format!("weir:connector@{} after weir:connector@{}", after.contract, before.contract));
    }
}

fn bounds(old: Option<&[Bound]>, new: Option<&[Bound]>, difference: &mut Difference) {
    match (old, new) {
        (None, None) => {}
        // Whatever it asked for until now was agreed to by connection, and still is.
        (None, Some(new)) => {
            let now = new.iter().map(|one| format!("goes at most to {} from now on", bound(one)));
            difference.told.extend(now);
        }
        (Some(_), None) => {
            difference
                .more
                .push("no bounds any more: it may ask each connection to agree to any origin".to_owned());
        }
        (Some(old), Some(new)) => {
            let covered = |one: &Bound, by: &[Bound]| by.iter().any(|other| other.covers_bound(one));
            let more = new.iter().filter(|one| !covered(one, old));
            difference.more.extend(more.map(|one| format!("goes to {}", bound(one))));
            let less = old.iter().filter(|one| !covered(one, new));
            difference.told.extend(less.map(|one| format!("goes no more to {}", bound(one))));
        }
    }
}

/// Where people and client secrets are sent counts, and what is asked for there.
fn logins(old: &Description, new: &Description, difference: &mut Difference) {
    let asked = |description: &Description| -> BTreeSet<String> {
        let oauth = description.logins.iter().filter_map(|login| match &login.scheme {
            Scheme::Oauth2(oauth) => Some(oauth),
            _ => None,
        });
        let words = oauth.flat_map(|oauth| {
            let scopes = oauth.scopes.iter().map(|scope| format!("the scope {scope}"));
            places(oauth).into_iter().map(|place| format!("signing in {place}")).chain(scopes)
        });
        words.collect()
    };
    let (before, after) = (asked(old), asked(new));
    difference.more.extend(after.difference(&before).cloned());
    difference.told.extend(before.difference(&after).map(|words| format!("no more {words}")));
    let logins = |description: &Description| names(description.logins.iter().map(|login| &login.name));
    listed("login", &logins(old), &logins(new), &mut difference.told);
}

fn kinds(old: &Description, new: &Description, difference: &mut Difference) {
    let widened = |description: &Description| {
        names(description.kinds.iter().filter(|kind| kind.widens).map(|kind| &kind.name))
    };
    let (before, after) = (widened(old), widened(new));
    let more = after.difference(&before);
    difference
        .more
        .extend(more.map(|kind| format!("people may read `{kind}` items who may not read what holds them")));
    let all = |description: &Description| names(description.kinds.iter().map(|kind| &kind.name));
    listed("kind", &all(old), &all(new), &mut difference.told);
}

/// The network is a demand; the rest of WASI is given to every component, and is empty.
fn imports(before: &Version, after: &Version, difference: &mut Difference) {
    let interfaces = |version: &Version| {
        let interfaces = version.imports.iter().map(|import| import.split('@').next().unwrap_or(import));
        interfaces.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (old, new) = (interfaces(before), interfaces(after));
    for import in new.difference(&old) {
        if import.starts_with("wasi:http/") {
            difference.more.push(format!("imports {import}: sending requests"));
        } else {
            difference.told.push(format!("imports {import}, which gives it nothing"));
        }
    }
}

fn settings(description: &Description) -> BTreeSet<String> {
    let schema = serde_json::from_str::<serde_json::Value>(&description.settings_schema);
    let properties = schema.ok().and_then(|schema| schema.get("properties")?.as_object().cloned());
    properties.unwrap_or_default().keys().cloned().collect()
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    names.cloned().collect()
}

fn listed(what: &str, old: &BTreeSet<String>, new: &BTreeSet<String>, told: &mut Vec<String>) {
    told.extend(new.difference(old).map(|name| format!("new {what} `{name}`")));
    told.extend(old.difference(new).map(|name| format!("no {what} `{name}` any more")));
}
