//! Whether a component says of itself what it said when somebody agreed to it.

use serde_json::Value;

use crate::model::Description;

/// Differences named at most: one is enough to refuse.
const NAMED_MAX: usize = 3;
/// Of a value that is quoted, in characters.
const QUOTED_MAX: usize = 120;

/// Where two descriptions differ, in words; empty if they are equal.
#[must_use]
pub fn unlike(agreed: &Description, now: &Description) -> Vec<String> {
    if agreed == now {
        return Vec::new();
    }
    let [agreed, now] =
        [agreed, now].map(|description| serde_json::to_value(description).unwrap_or_default());
    let mut found = Vec::new();
    walk(&agreed, &now, "", &mut found);
    if found.is_empty() {
        found.push("it differs".to_owned());
    }
    found
}

fn walk(agreed: &Value, now: &Value, at: &str, found: &mut Vec<String>) {
    if agreed == now || found.len() >= NAMED_MAX {
        return;
    }
    match (agreed, now) {
        (Value::Object(before), Value::Object(after)) => {
            let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let value = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                walk(&value(before), &value(after), &format!("{at}/{name}"), found);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for number in 0..before.len().max(after.len()) {
                let value = |of: &[Value]| of.get(number).cloned().unwrap_or_default();
                walk(&value(before), &value(after), &format!("{at}/{number}"), found);
            }
        }
        _ => found.push(format!("{at} was {} and is {}", quoted(agreed), quoted(now))),
    }
}

fn quoted(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
