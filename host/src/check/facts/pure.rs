//! The calls that must be pure, made several times and with settings that are wrong.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::check::source::Asked;
use crate::check::subject::Subject;
use crate::check::trial::Scene;
use crate::model::{Description, Issue, Plan};
use crate::sandbox::CallError;

/// What a pure call answered, and what it tried to send.
#[derive(Debug, Clone)]
pub struct Purely<T> {
    pub outcome: Result<T, CallError>,
    pub sent: Vec<Asked>,
}

/// Settings with one thing wrong, and what was said to them.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// What was wrong, in words.
    pub words: String,
    pub settings: Value,
    pub outcome: Result<Result<Plan, Vec<Issue>>, CallError>,
}

/// Properties of a schema that are given wrong values: a form with more is read by nobody.
const PROPERTIES_MAX: usize = 60;

/// Another clock, another chance; and the first once more.
fn scenes() -> [Scene; 3] {
    let first = Scene { sealed: true, ..Scene::default() };
    let other = Scene { chance: 0xa5, later: Duration::from_secs(86_400 * 400), ..first.clone() };
    [first.clone(), other, first]
}

pub async fn describe(subject: &Subject) -> Vec<Purely<Description>> {
    let mut told = Vec::new();
    for scene in scenes() {
        let trial = subject.trial(scene);
        let outcome = subject.connector.describe_in(trial.way()).await;
        told.push(Purely { outcome, sent: trial.take().asked });
    }
    told
}

pub async fn configure(subject: &Subject) -> Vec<Purely<Result<Plan, Vec<Issue>>>> {
    let mut told = Vec::new();
    for scene in scenes() {
        told.push(configure_with(subject, scene, &subject.settings).await);
    }
    told
}

pub async fn configure_again(
    subject: &Subject,
    configured: &[Purely<Result<Plan, Vec<Issue>>>],
) -> Option<Purely<Result<Plan, Vec<Issue>>>> {
    let plan = configured.first()?.outcome.as_ref().ok()?.as_ref().ok()?;
    Some(configure_with(subject, Scene { sealed: true, ..Scene::default() }, &plan.settings).await)
}

async fn configure_with(subject: &Subject, scene: Scene, settings: &str) -> Purely<Result<Plan, Vec<Issue>>> {
    let trial = subject.trial(scene);
    let outcome = subject.connector.configure_in(trial.way(), settings, &subject.login.name).await;
    Purely { outcome, sent: trial.take().asked }
}

pub async fn configure_wrongly(subject: &Subject) -> Vec<Wrong> {
    let mut told = Vec::new();
    let schema =
        serde_json::from_str(&subject.connector.description().settings_schema).unwrap_or(Value::Null);
    let given = serde_json::from_str(&subject.settings).unwrap_or(Value::Null);
    for (words, settings) in wrongs(&schema, &given) {
        let outcome = subject.connector.configure(&settings.to_string(), &subject.login.name).await;
        told.push(Wrong { words, settings, outcome });
    }
    told
}

/// The given settings with one value of another type, or without one that is required. Pure.
fn wrongs(schema: &Value, given: &Value) -> Vec<(String, Value)> {
    let nothing = Map::new();
    let given = given.as_object().unwrap_or(&nothing);
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let mut wrongs = Vec::new();
    for (name, property) in properties.iter().take(PROPERTIES_MAX) {
        if let Some(value) = of_another_type(property) {
            let mut settings = given.clone();
            settings.insert(name.clone(), value.clone());
            wrongs.push((format!("`{name}` is {value}"), Value::Object(settings)));
        }
    }
    let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for name in required.iter().filter_map(Value::as_str) {
        let mut settings = given.clone();
        settings.remove(name);
        wrongs.push((format!("`{name}` is required and missing"), Value::Object(settings)));
    }
    wrongs
}

/// A value that no leniency reads as the property's type, as `17` might be read as a text; none if it names no type.
fn of_another_type(property: &Value) -> Option<Value> {
    let named = match property.get("type")? {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    match (named.contains(&"object"), named.contains(&"number") || named.contains(&"integer")) {
        (false, _) => Some(json!({ "weir": "check" })),
        (true, false) => Some(json!(17)),
        (true, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::wrongs;

    #[test]
    fn one_thing_is_wrong_at_a_time() {
        let schema = json!({ "required": ["site"], "properties": {
            "site": { "type": "string" }, "days": { "type": ["integer", "null"] }, "free": {},
        }});
        let told = wrongs(&schema, &json!({ "site": "a" }));
        let words: Vec<String> =
            told.iter().map(|(words, settings)| format!("{words}: {settings}")).collect();
        assert_eq!(
            words,
            [
                r#"`days` is {"weir":"check"}: {"days":{"weir":"check"},"site":"a"}"#,
                r#"`site` is {"weir":"check"}: {"site":{"weir":"check"}}"#,
                "`site` is required and missing: {}",
            ]
        );
    }
}
