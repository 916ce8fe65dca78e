//! What a settings schema asks for, field by field.

use serde_json::Value;

/// Deeper settings than these nobody types.
const LEVELS_MAX: usize = 4;

/// A property that is no object of further properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// A JSON Pointer (RFC 6901) into the settings.
    pub pointer: String,
    pub title: String,
    pub help: Option<String>,
    /// The heading it stands under; empty for none.
    pub group: String,
    pub sort: Sort,
    pub required: bool,
    /// It says which source this is, and is never changed.
    pub identity: bool,
    /// The source offers values to choose from.
    pub choices: bool,
    /// What it is without being set; null if that is nothing.
    pub default: Value,
}

/// What is typed into a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Sort {
    Text {
        example: Option<String>,
    },
    Number {
        whole: bool,
        least: Option<String>,
        most: Option<String>,
    },
    Flag,
    Moment,
    OneOf(Vec<Value>),
    /// Texts, or numbers if so.
    List {
        numbers: bool,
    },
    /// What has no field of its own.
    Json,
}

/// The fields of a schema, in its order. What is no JSON Schema has none.
pub fn fields(schema: &str) -> Vec<Field> {
    let schema: Value = serde_json::from_str(schema).unwrap_or(Value::Null);
    let mut found = Vec::new();
    collect(&schema, "", "", LEVELS_MAX, &mut found);
    found
}

fn collect(schema: &Value, at: &str, group: &str, levels: usize, found: &mut Vec<Field>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let required: Vec<&str> = texts(schema.get("required")).collect();
    let mut properties: Vec<(&String, &Value)> = properties.iter().collect();
    // A sort keeps equals as they are; what says nothing of its order comes last.
    properties
        .sort_by_key(|(_, property)| property.get("x-order").and_then(Value::as_u64).unwrap_or(u64::MAX));
    for (name, property) in properties {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        let text = |key: &str| property.get(key).and_then(Value::as_str).map(str::to_owned);
        let title = text("title").unwrap_or_else(|| name.clone());
        let group = text("x-group").unwrap_or_else(|| group.to_owned());
        if levels > 0 && property.get("properties").is_some_and(Value::is_object) {
            collect(property, &pointer, &title, levels - 1, found);
            continue;
        }
        let says = |key: &str| property.get(key) == Some(&Value::Bool(true));
        found.push(Field {
            title,
            help: text("description"),
            group,
            sort: sort(property),
            required: required.contains(&name.as_str()),
            identity: says("x-identity"),
            choices: says("x-choices"),
            default: property.get("default").cloned().unwrap_or(Value::Null),
            pointer,
        });
    }
}

fn sort(property: &Value) -> Sort {
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        return Sort::OneOf(values.iter().filter(|value| !value.is_null()).cloned().collect());
    }
    let types: Vec<&str> = texts(property.get("type")).filter(|name| *name != "null").collect();
    let bound = |key: &str| property.get(key).filter(|value| value.is_number()).map(Value::to_string);
    let items = || texts(property.pointer("/items/type")).collect::<Vec<_>>();
    match types.as_slice() {
        ["string"] if property.get("format") == Some(&Value::from("date-time")) => Sort::Moment,
        ["string"] => {
            let example = property.pointer("/examples/0").and_then(Value::as_str);
            Sort::Text { example: example.map(str::to_owned) }
        }
        [number @ ("integer" | "number")] => {
            Sort::Number { whole: *number == "integer", least: bound("minimum"), most: bound("maximum") }
        }
        ["boolean"] => Sort::Flag,
        ["array"] if items() == ["string"] => Sort::List { numbers: false },
        ["array"] if items() == ["integer"] => Sort::List { numbers: true },
        _ => Sort::Json,
    }
}

/// A text, or a list of them.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, several) = match value {
        Some(Value::String(one)) => (Some(one.as_str()), None),
        Some(Value::Array(several)) => (None, Some(several)),
        _ => (None, None),
    };
    one.into_iter().chain(several.into_iter().flatten().filter_map(Value::as_str))
}
