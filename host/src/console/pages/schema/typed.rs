//! From settings to what stands in a form, and from what was typed back to settings.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Number, Value};

use super::fields::{Field, Sort};
use crate::model::Issue;

/// What stands in a form: texts by the field's pointer. A box that is not ticked stands nowhere.
pub type Typed = BTreeMap<String, String>;

/// Names of inputs begin so; the field's pointer follows.
pub const PREFIX: &str = "set";

/// How a browser writes a moment in a field for one; the zone is UTC.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.f";

/// What a box says that is ticked; a flag without a default is chosen from these.
const YES: &str = "yes";
const NO: &str = "no";

/// The id of a field's input.
pub fn id(pointer: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    format!("{PREFIX}{}", pointer.chars().map(letter).collect::<String>())
}

/// What stands in the form of these settings.
pub fn typed(fields: &[Field], settings: &Value) -> Typed {
    let text =
        |field: &Field| Some((field.pointer.clone(), text_of(field, settings.pointer(&field.pointer))?));
    fields.iter().filter_map(text).collect()
}

fn text_of(field: &Field, value: Option<&Value>) -> Option<String> {
    let value = value.unwrap_or(&field.default);
    match (&field.sort, value) {
        (Sort::Flag, Value::Bool(true)) => Some(YES.to_owned()),
        (Sort::Flag, Value::Bool(false)) if field.default.is_null() => Some(NO.to_owned()),
        (Sort::Flag, _) | (_, Value::Null) => None,
        (Sort::List { .. }, Value::Array(values)) => {
            Some(values.iter().map(plain).collect::<Vec<_>>().join("\n"))
        }
        (Sort::Moment, Value::String(moment)) => Some(match DateTime::parse_from_rfc3339(moment) {
            Ok(moment) => moment.with_timezone(&Utc).format(MOMENT).to_string(),
            Err(_) => moment.clone(),
        }),
        (Sort::Json, value) => Some(value.to_string()),
        (_, value) => Some(plain(value)),
    }
}

/// A text as it is, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The settings that were typed, on top of those before. A field that was left alone keeps its value to the letter,
/// an empty one becomes what it is without being set.
///
/// # Errors
///
/// What cannot be read, each at its pointer. Whether the rest makes sense is the connector's to say.
pub fn settings(fields: &[Field], before: &Value, typed: &Typed) -> Result<Value, Vec<Issue>> {
    let mut settings = if before.is_object() { before.clone() } else { Value::Object(Map::new()) };
    let mut issues = Vec::new();
    for field in fields {
        let now = typed.get(&field.pointer).map(|text| text.trim()).filter(|text| !text.is_empty());
        let was = text_of(field, before.pointer(&field.pointer));
        if now == was.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            continue;
        }
        match value_of(field, now) {
            Ok(value) => put(&mut settings, &field.pointer, value),
            Err(message) => issues.push(Issue { pointer: field.pointer.clone(), message }),
        }
    }
    if issues.is_empty() { Ok(settings) } else { Err(issues) }
}

/// None for what is as it is without being set.
fn value_of(field: &Field, text: Option<&str>) -> Result<Option<Value>, String> {
    let Some(text) = text else {
        let off = field.sort == Sort::Flag && field.default == Value::Bool(true);
        return Ok(off.then_some(Value::Bool(false)));
    };
    let value = match &field.sort {
        Sort::Text { .. } => Value::from(text),
        Sort::Number { whole, .. } => number(text, *whole)?,
        Sort::Flag => Value::Bool(text == YES),
        Sort::Moment => Value::String(moment(text)?),
        Sort::OneOf(values) => {
            let chosen = values.iter().find(|value| plain(value) == text);
            chosen.cloned().ok_or_else(|| "Choose one of those offered.".to_owned())?
        }
        Sort::List { numbers } => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let value = |line| if *numbers { number(line, true) } else { Ok(Value::from(line)) };
            Value::Array(lines.map(value).collect::<Result<_, _>>()?)
        }
        Sort::Json => serde_json::from_str(text).map_err(|error| format!("This is no JSON: {error}."))?,
    };
    Ok(Some(value).filter(|value| *value != field.default))
}

fn number(text: &str, whole: bool) -> Result<Value, String> {
    let number = match whole {
        true => text.parse::<i64>().ok().map(Number::from),
        false => text.parse::<f64>().ok().and_then(Number::from_f64),
    };
    let words = if whole { "a whole number" } else { "a number" };
    number.map(Value::Number).ok_or_else(|| format!("This takes {words}, not “{text}”."))
}

/// RFC 3339, from that or from what a browser writes.
fn moment(text: &str) -> Result<String, String> {
    if DateTime::parse_from_rfc3339(text).is_ok() {
        return Ok(text.to_owned());
    }
    // A browser leaves seconds out that are none.
    let read = NaiveDateTime::parse_from_str(text, MOMENT)
        .or_else(|_| NaiveDateTime::parse_from_str(&format!("{text}:00"), MOMENT));
    let words = |_| "This takes a date and a time, as 2026-01-31T09:00 (UTC).".to_owned();
    Ok(format!("{}Z", read.map_err(words)?.format(MOMENT)))
}

/// Puts a value at its place, or takes it away. Where something else than an object is in the way, nothing is put.
fn put(settings: &mut Value, pointer: &str, value: Option<Value>) {
    let Some((above, last)) = pointer.rsplit_once('/') else { return };
    let name = |token: &str| token.replace("~1", "/").replace("~0", "~");
    let mut at = settings;
    for token in above.split('/').skip(1) {
        let Value::Object(inside) = at else { return };
        at = inside.entry(name(token)).or_insert_with(|| Value::Object(Map::new()));
    }
    let Value::Object(inside) = at else { return };
    match value {
        Some(value) => inside.insert(name(last), value),
        None => inside.remove(&name(last)),
    };
}
