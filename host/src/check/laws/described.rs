//! Laws about `describe`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::check::difference::between;
use crate::check::facts::{Facts, Purely};
use crate::check::finding::{Finding, Verdict};
use crate::check::turn::told;
use crate::model::Description;

const PLACE: &str = "describe";

pub fn pure(facts: &Facts) -> Verdict {
    let mut findings = sent(&facts.described, PLACE);
    let answers: Vec<_> = facts.described.iter().map(|one| one.outcome.as_ref().map_err(told)).collect();
    if let Some(other) = answers.iter().skip(1).find(|other| **other != answers[0]) {
        let differences = match (&answers[0], other) {
            (Ok(first), Ok(other)) => between::<Description>(first, other),
            _ => Vec::new(),
        };
        findings.push(Finding {
            what: "`describe` answered otherwise under another clock and another chance".to_owned(),
            place: PLACE.to_owned(),
            expected: "the same description".to_owned(),
            came: other.as_ref().map_or_else(|error| (*error).clone(), |_| "another one".to_owned()),
            differences,
            help: None,
        });
    }
    Verdict::of(findings)
}

/// What a pure call sent.
pub fn sent<T>(calls: &[Purely<T>], place: &str) -> Vec<Finding> {
    let first = calls.iter().find_map(|call| call.sent.first());
    let finding = |asked: &crate::check::source::Asked| Finding {
        what: format!("`{place}` sent a request"),
        place: place.to_owned(),
        expected: "no request".to_owned(),
        came: asked.to_string(),
        ..Finding::default()
    };
    first.map(finding).into_iter().collect()
}

pub fn names(facts: &Facts) -> Verdict {
    let Description { name, logins, datasets, kinds, .. } = &facts.description;
    let named = [
        ("the connector", vec![name.as_str()]),
        ("logins", logins.iter().map(|login| login.name.as_str()).collect()),
        ("datasets", datasets.iter().map(|dataset| dataset.name.as_str()).collect()),
        ("kinds", kinds.iter().map(|kind| kind.name.as_str()).collect()),
    ];
    let mut findings = Vec::new();
    for (what, names) in named {
        let mut finding = |words: &str, came: &str| {
            findings.push(Finding {
                what: format!("among the names of {what}, {words}"),
                place: PLACE.to_owned(),
                expected: "lower-case names like `page-comment`, each once, at least one".to_owned(),
                came: came.to_owned(),
                ..Finding::default()
            });
        };
        if names.is_empty() {
            finding("there is none", "an empty list");
        }
        let mut known = BTreeSet::new();
        for name in names {
            if !is_name(name) {
                finding("one is not in lower case, or has other characters", &format!("`{name}`"));
            }
            if !known.insert(name) {
                finding("one comes twice", &format!("`{name}`"));
            }
        }
    }
    Verdict::of(findings)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}

pub fn schema(facts: &Facts) -> Verdict {
    let text = &facts.description.settings_schema;
    let schema: Value = match serde_json::from_str(text) {
        Ok(schema) => schema,
        Err(error) => return Verdict::of(vec![wrong("", &format!("it is no JSON: {error}"))]),
    };
    Verdict::of(schema_faults(&schema).into_iter().map(|(pointer, words)| wrong(&pointer, &words)).collect())
}

fn wrong(pointer: &str, words: &str) -> Finding {
    Finding {
        what: format!("in the settings' schema, {words}"),
        place: format!(
            "describe, settings-schema{}",
            if pointer.is_empty() { String::new() } else { format!(", {pointer}") }
        ),
        expected: "an object whose properties have a type, a title and a description".to_owned(),
        came: words.to_owned(),
        ..Finding::default()
    }
}

/// The types there are in JSON Schema (2020-12, Validation 6.1.1).
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// Pointers, and what is wrong there.
fn schema_faults(schema: &Value) -> Vec<(String, String)> {
    let Some(whole) = schema.as_object() else { return vec![(String::new(), "it is no object".to_owned())] };
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, words: String| faults.push((pointer.to_owned(), words));
    if whole.get("type").and_then(Value::as_str) != Some("object") {
        fault("/type", "its type is not `object`".to_owned());
    }
    let nothing = Map::new();
    let properties = match whole.get("properties") {
        None => &nothing,
        Some(Value::Object(properties)) => properties,
        Some(_) => {
            fault("/properties", "its properties are no object".to_owned());
            &nothing
        }
    };
    for (name, property) in properties {
        property_faults(name, property)
            .into_iter()
            .for_each(|words| fault(&format!("/properties/{name}"), words));
    }
    for name in whole.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !name.as_str().is_some_and(|name| properties.contains_key(name)) {
            fault("/required", format!("{name} is required and no property"));
        }
    }
    let is_identity = |property: &&Value| property.get("x-identity") == Some(&Value::Bool(true));
    let address = properties.iter().find(|(_, property)| is_address(property));
    if let Some((name, _)) = address.filter(|_| !properties.values().any(|property| is_identity(&property))) {
        fault(
            &format!("/properties/{name}"),
            format!("`{name}` is an address, and nothing is marked `x-identity`"),
        );
    }
    faults
}

fn property_faults(name: &str, property: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for word in ["title", "description"] {
        if property.get(word).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            faults.push(format!("`{name}` has no {word}"));
        }
    }
    let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    let typed = match property.get("type") {
        Some(Value::Array(several)) => !several.is_empty() && several.iter().all(known),
        Some(one) => known(one),
        None => property.get("enum").is_some() || property.get("const").is_some(),
    };
    if !typed {
        faults.push(format!("`{name}` has no type that JSON Schema knows"));
    }
    let format = property.get("format").and_then(Value::as_str);
    if format == Some("password") || ["password", "secret"].contains(&name) || name.ends_with("-token") {
        faults.push(format!("`{name}` asks for a secret, which belongs to a login"));
    }
    faults
}

/// Whether a value of this property is a place on the network.
fn is_address(property: &Value) -> bool {
    let format = property.get("format").and_then(Value::as_str);
    matches!(format, Some("uri" | "url" | "iri" | "hostname"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::schema_faults;

    #[test]
    fn each_property_is_fit_for_a_form() {
        let site = json!({ "type": "string", "format": "uri", "title": "Site", "description": "Where." });
        let mut marked = site.clone();
        marked["x-identity"] = json!(true);
        let good = json!({ "type": "object", "required": ["site"], "properties": { "site": marked } });
        assert_eq!(schema_faults(&good), []);
        let bad = json!({ "type": "object", "required": ["name"], "properties": {
            "site": site,
            "days": { "type": "days", "title": " " },
            "api-token": { "type": "string", "title": "Token", "description": "The token." },
        }});
        let faults: Vec<String> =
            schema_faults(&bad).into_iter().map(|(pointer, words)| format!("{pointer}: {words}")).collect();
        assert_eq!(
            faults,
            [
                "/properties/api-token: `api-token` asks for a secret, which belongs to a login",
                "/properties/days: `days` has no title",
                "/properties/days: `days` has no description",
                "/properties/days: `days` has no type that JSON Schema knows",
                "/required: \"name\" is required and no property",
                "/properties/site: `site` is an address, and nothing is marked `x-identity`",
            ]
        );
        assert_eq!(schema_faults(&json!([])).len(), 1);
        assert_eq!(schema_faults(&json!({ "properties": [] })).len(), 2);
    }
}
