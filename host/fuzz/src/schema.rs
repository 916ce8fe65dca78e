//! A form from a settings schema, and settings from what was typed into it.

#[path = "../../src/console/pages/schema/fields.rs"]
mod fields;
#[path = "../../src/console/pages/schema/typed.rs"]
mod typed;

use serde_json::Value;

/// Stands between the schema, the settings and what was typed: ASCII's record separator.
const BETWEEN: char = '\u{1e}';

/// A JSON Schema, settings, and `POINTER=TEXT` a line.
pub fn hold(text: &str) {
    let mut parts = text.splitn(3, BETWEEN);
    let fields = fields::fields(parts.next().unwrap_or_default());
    let before: Value = parts.next().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let before = if before.is_object() { before } else { Value::Object(Default::default()) };
    let unchanged = typed::settings(&fields, &before, &typed::typed(&fields, &before));
    assert_eq!(unchanged, Ok(before.clone()), "shown and sent back");

    let lines = parts.next().unwrap_or_default().lines().filter_map(|line| line.split_once('='));
    let sent: typed::Typed = lines.map(|(pointer, text)| (pointer.to_owned(), text.to_owned())).collect();
    match typed::settings(&fields, &before, &sent) {
        Ok(settings) => {
            assert!(settings.is_object());
            let again = typed::settings(&fields, &settings, &typed::typed(&fields, &settings));
            assert_eq!(again, Ok(settings), "shown once more");
        }
        Err(issues) => {
            let known = |pointer: &String| fields.iter().any(|field| field.pointer == *pointer);
            assert!(!issues.is_empty() && issues.iter().all(|issue| known(&issue.pointer)));
        }
    }
}
