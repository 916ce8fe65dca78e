//! From settings to a filter: what people type, tidied, or told what is wrong with it.
//!
//! A form sends lists, numbers and switches; a command line sends texts, in which commas part the values of a
//! list. Both come to the same. A setting at its default is left out of the tidied settings.

use super::schema::{DAYS_MAX, FIELDS, Field, LIST_MAX, Shape};
use super::{Filter, Kinds, List, Window, instant, issues};
use crate::confluence::id::Id;
use crate::error::{Error, Issue};
use crate::filled::filled;
use crate::item::version;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Keys have at most 255 letters, and so have labels (Atlassian's support pages).
const TEXT_CHARS_MAX: usize = 255;

/// What tells two filters of the same spaces apart, for pages and for blog posts.
const OF_BOTH: [&str; 10] = [
    "labels",
    "labels-excluded",
    "modified-after",
    "modified-before",
    "modified-within-days",
    "created-after",
    "created-before",
    "created-within-days",
    "read-comments",
    "read-attachments",
];
const OF_PAGES: [&str; 4] = ["pages", "pages-excluded", "archived-pages", "read-pages"];
const OF_BLOG_POSTS: [&str; 3] = ["blogposts", "blogposts-excluded", "read-blogposts"];

/// Whether a setting of this name is the filter's.
pub fn knows(name: &str) -> bool {
    FIELDS.iter().any(|field| field.name == name)
}

/// The filter's part of some settings, tidied. Settings that are not the filter's are left alone.
pub fn tidy(settings: &Map<String, Value>) -> Result<Map<String, Value>, Vec<Issue>> {
    let mut tidied = Map::new();
    let mut issues = Vec::new();
    for field in &FIELDS {
        let Some(given) = settings.get(field.name).filter(|given| !given.is_null()) else { continue };
        match value(field, given) {
            Ok(Some(value)) => _ = tidied.insert(field.name.to_owned(), value),
            Ok(None) => {}
            Err((at, message)) => {
                let at = at.map(|at| format!("/{at}")).unwrap_or_default();
                issues.push(Issue { pointer: format!("/{}{at}", field.name), message });
            }
        }
    }
    if issues.is_empty() {
        issues = issues::contradictions(&Filter::of(&tidied), &tidied);
    }
    if issues.is_empty() { Ok(tidied) } else { Err(issues) }
}

impl Filter {
    /// The filter of some settings, tidied or not.
    pub fn read(settings: &str) -> Result<Filter, Error> {
        let settings: Map<String, Value> = serde_json::from_str(settings).map_err(|error| {
            let message = format!("The settings are not a JSON object: {error}.");
            Error::InvalidSettings(vec![Issue { pointer: String::new(), message }])
        })?;
        Ok(Filter::of(&tidy(&settings).map_err(Error::InvalidSettings)?))
    }

    /// The filter of tidied settings.
    fn of(tidied: &Map<String, Value>) -> Filter {
        let on = |name: &str, default: bool| tidied.get(name).and_then(Value::as_bool).unwrap_or(default);
        let texts = |name: &str| -> BTreeSet<String> {
            let list = tidied.get(name).and_then(Value::as_array);
            filled(list.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)))
        };
        let list = |name: &str| List { only: texts(name), never: texts(&format!("{name}-excluded")) };
        let ids = |name: &str| {
            let ids = |texts: BTreeSet<String>| filled(texts.iter().filter_map(|text| Id::parse(text)));
            let List { only, never } = list(name);
            List { only: ids(only), never: ids(never) }
        };
        let window = |name: &str| {
            let time = |end: &str| {
                let text = tidied.get(&format!("{name}-{end}")).and_then(Value::as_str);
                text.and_then(|text| instant::parse(text).ok())
            };
            let days = tidied.get(&format!("{name}-within-days")).and_then(Value::as_u64);
            let within_days = days.and_then(|days| u32::try_from(days).ok());
            Window { after: time("after"), before: time("before"), within_days }
        };
        Filter {
            spaces: list("spaces"),
            personal_spaces: on("personal-spaces", true),
            archived_spaces: on("archived-spaces", true),
            archived_pages: on("archived-pages", true),
            pages: ids("pages"),
            blog_posts: ids("blogposts"),
            labels: list("labels"),
            modified: window("modified"),
            created: window("created"),
            kinds: Kinds {
                pages: on("read-pages", true),
                blog_posts: on("read-blogposts", true),
                comments: on("read-comments", true),
                attachments: on("read-attachments", true),
                other: on("read-other-content", true),
            },
            audit: on("audit", false),
            digests: [digest(tidied, &OF_PAGES), digest(tidied, &OF_BLOG_POSTS)],
            whole: digest_of(tidied.iter().filter(|(name, _)| *name != "audit")),
        }
    }
}

/// Empty when none of the settings is given.
fn digest(tidied: &Map<String, Value>, own: &[&str]) -> String {
    digest_of(OF_BOTH.iter().chain(own).filter_map(|name| tidied.get_key_value(*name)))
}

fn digest_of<'s>(given: impl Iterator<Item = (&'s String, &'s Value)>) -> String {
    let given: Vec<String> = given.map(|(name, value)| format!("{name}={value}")).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    if given.is_empty() { String::new() } else { version::stamp(0, &given) }
}

/// What is wrong, and in which element of a list.
type Wrong = (Option<usize>, String);

/// One setting, tidied; none for one at its default.
fn value(field: &Field, given: &Value) -> Result<Option<Value>, Wrong> {
    let whole = |result: Result<Option<Value>, String>| result.map_err(|message| (None, message));
    match field.shape {
        Shape::Keys | Shape::Ids | Shape::Labels => values(field, given),
        Shape::Switch(default) => whole(switch(given, default)),
        Shape::Instant => whole(match given {
            Value::String(text) if text.trim().is_empty() => Ok(None),
            Value::String(text) => match instant::parse(text) {
                Ok(_) => Ok(Some(json!(text.trim()))),
                Err(message) => Err(format!("{message}.")),
            },
            _ => Err("It must be a text like 2026-01-31T00:00:00Z.".to_owned()),
        }),
        Shape::Days => whole(days(given)),
    }
}

fn switch(given: &Value, default: bool) -> Result<Option<Value>, String> {
    let on = match given {
        Value::Bool(on) => *on,
        Value::String(text) => match text.trim() {
            "true" => true,
            "false" => false,
            "" => default,
            other => return Err(format!("It must be true or false, not {other:?}.")),
        },
        _ => return Err("It must be true or false.".to_owned()),
    };
    Ok((on != default).then_some(Value::Bool(on)))
}

fn days(given: &Value) -> Result<Option<Value>, String> {
    let days = match given {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let fits = |days: &u64| (1..=u64::from(DAYS_MAX)).contains(days);
    match days.filter(fits) {
        Some(days) => Ok(Some(json!(days))),
        None => Err(format!("It must be a whole number of days, from 1 to {DAYS_MAX}.")),
    }
}

/// A list as it was given, without spaces around its values, empty values and repetitions.
fn values(field: &Field, given: &Value) -> Result<Option<Value>, Wrong> {
    let given: Vec<String> = match given {
        Value::String(text) => text.split(',').map(str::to_owned).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => {
            let text = |(at, value): (usize, &Value)| match value {
                Value::String(text) => Ok(text.clone()),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err((Some(at), "It must be a text.".to_owned())),
            };
            values.iter().enumerate().map(text).collect::<Result<_, Wrong>>()?
        }
        _ => return Err((None, "It must be a list, or a text with commas between the values.".to_owned())),
    };
    let mut tidied: Vec<String> = Vec::new();
    for (at, text) in given.iter().enumerate() {
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        check(field.shape, text).map_err(|message| (Some(at), message))?;
        let text = if field.shape == Shape::Labels { text.to_lowercase() } else { text.to_owned() };
        if !tidied.contains(&text) {
            tidied.push(text);
        }
    }
    if tidied.len() > LIST_MAX {
        return Err((None, format!("It names {} values; at most {LIST_MAX} are taken.", tidied.len())));
    }
    Ok((!tidied.is_empty()).then(|| json!(tidied)))
}

fn check(shape: Shape, text: &str) -> Result<(), String> {
    let is_number = text.parse::<u64>().is_ok() && !text.starts_with('+');
    match shape {
        Shape::Ids if !is_number => Err(format!(
            "{text:?} is not an id; an id is the number in the page's address, after /pages/ or /blog/."
        )),
        Shape::Keys
            if !text.chars().all(|letter| letter.is_ascii_alphanumeric() || "~-_.".contains(letter)) =>
        {
            Err(format!("{text:?} is not the key of a space; a key is what follows /spaces/ in its address."))
        }
        Shape::Labels if text.contains(char::is_whitespace) => {
            Err(format!("{text:?} is not a label; labels hold no spaces."))
        }
        _ if text.chars().count() > TEXT_CHARS_MAX => {
            Err(format!("It is longer than {TEXT_CHARS_MAX} letters."))
        }
        _ => Ok(()),
    }
}
