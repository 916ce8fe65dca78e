//! Where two answers differ, by JSON Pointers (RFC 6901). Pure.

use serde::Serialize;
use serde_json::Value;

use super::finding::cut;

/// Differences shown of one finding.
const SHOWN_MAX: usize = 5;

/// A line for each place where `came` is not what was expected.
pub fn between<T: Serialize>(expected: &T, came: &T) -> Vec<String> {
    let value = |of: &T| serde_json::to_value(of).unwrap_or(Value::Null);
    let mut lines = Vec::new();
    walk("", &value(expected), &value(came), &mut lines);
    let more = lines.len().saturating_sub(SHOWN_MAX);
    lines.truncate(SHOWN_MAX);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines
}

fn walk(pointer: &str, expected: &Value, came: &Value, lines: &mut Vec<String>) {
    match (expected, came) {
        (Value::Object(were), Value::Object(are)) => {
            for (name, was) in were {
                let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                walk(&at, was, are.get(name).unwrap_or(&Value::Null), lines);
            }
            for (name, is) in are.iter().filter(|(name, _)| !were.contains_key(*name)) {
                walk(&format!("{pointer}/{name}"), &Value::Null, is, lines);
            }
        }
        (Value::Array(were), Value::Array(are)) if were.len() == are.len() => {
            for (at, (was, is)) in were.iter().zip(are).enumerate() {
                walk(&format!("{pointer}/{at}"), was, is, lines);
            }
        }
        (was, is) if was == is => {}
        (was, is) => {
            let place = if pointer.is_empty() { "the whole" } else { pointer };
            lines.push(format!(
                "{place}: {} where {} was expected",
                cut(&is.to_string()),
                cut(&was.to_string())
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::between;

    #[test]
    fn the_places_that_differ_are_named_and_values_are_cut() {
        let was = json!({ "title": "A", "list": [1, 2], "a/b": null, "same": true });
        let is = json!({ "title": "x".repeat(300), "list": [1, 3], "a/b": 1, "same": true, "new": 0 });
        let told = between(&was, &is);
        assert_eq!(told[0], "/a~1b: 1 where null was expected");
        assert_eq!(told[1], "/list/1: 3 where 2 was expected");
        assert!(
            told[2].starts_with("/title: \"xxx")
                && told[2].ends_with("… (302 bytes) where \"A\" was expected")
        );
        assert_eq!(told[3..], ["/new: 0 where null was expected"]);
        assert_eq!(between(&json!([1]), &json!([])), ["the whole: [] where [1] was expected"]);
        assert_eq!(between(&json!((0..9).collect::<Vec<_>>()), &json!(vec![9; 9])).len(), 6);
    }
}
