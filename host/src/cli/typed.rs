//! Settings as they are typed: `KEY=VALUE`s as what a connector's schema says they are. Pure.

use anyhow::{Context, bail};
use serde_json::{Map, Value};

/// `KEY=VALUE`s as the object of settings that a connector's schema describes.
///
/// A value becomes what the property's `type` says: `spaces=ENG,OPS` a list, `archived=true` yes or
/// no, `days=90` a number. A text stays as it was typed, and a list or an object may be JSON. A
/// setting inside another is named with a dot: `modified.after=2026-01-01`.
///
/// # Errors
///
/// Says which setting was mistyped, and what it takes. Whether it makes sense is the connector's
/// to say, also of settings that its schema does not know.
pub fn settings_of(schema: &str, pairs: &[String]) -> anyhow::Result<Value> {
    let schema: Value = serde_json::from_str(schema).unwrap_or(Value::Null);
    let mut settings = Map::new();
    for pair in pairs {
        let (key, text) = pair.split_once('=').with_context(|| {
            format!("`--set {pair}` is not KEY=VALUE, as in --set site=https://acme.atlassian.net")
        })?;
        let property = |name: &str| schema.pointer(&format!("/properties/{name}"));
        let (path, property) = match property(key) {
            None => match property(&key.replace('.', "/properties/")) {
                None => (vec![key], None),
                inside => (key.split('.').collect(), inside),
            },
            found => (vec![key], found),
        };
        let value = typed(property.unwrap_or(&Value::Null), text)
            .with_context(|| format!("failed to read the value of `{key}`"))?;
        if !place(&mut settings, &path, value) {
            bail!("`{key}` was set twice");
        }
    }
    Ok(Value::Object(settings))
}

/// Puts a value at its place; false if something is there already.
fn place(settings: &mut Map<String, Value>, path: &[&str], value: Value) -> bool {
    match path {
        [] => false,
        [last] => settings.insert((*last).to_owned(), value).is_none(),
        [first, rest @ ..] => match settings.entry(*first).or_insert_with(|| Value::Object(Map::new())) {
            Value::Object(inside) => place(inside, rest, value),
            _ => false,
        },
    }
}

/// What a text is as a value of this property.
fn typed(property: &Value, text: &str) -> anyhow::Result<Value> {
    let types: Vec<&str> = match property.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if text.is_empty() && types.contains(&"null") {
        return Ok(Value::Null);
    }
    let types: Vec<&str> = types.into_iter().filter(|one| *one != "null").collect();
    if types.is_empty() {
        return if text.starts_with(['[', '{']) { as_json(text) } else { Ok(Value::String(text.to_owned())) };
    }
    let mut refused = None;
    for one in types {
        match as_type(one, property, text) {
            Ok(value) => return Ok(value),
            Err(error) => refused = Some(error),
        }
    }
    refused.map_or_else(|| Ok(Value::String(text.to_owned())), Err)
}

fn as_type(name: &str, property: &Value, text: &str) -> anyhow::Result<Value> {
    let trimmed = text.trim();
    match name {
        "array" if trimmed.starts_with('[') => as_json(trimmed),
        "array" => {
            let item = property.get("items").unwrap_or(&Value::Null);
            let parts = trimmed.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Value::Array(parts.map(|part| typed(item, part)).collect::<Result<_, _>>()?))
        }
        "object" => as_json(trimmed),
        "boolean" => match trimmed.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "no" | "off" => Ok(Value::Bool(false)),
            _ => bail!("it takes `true` or `false`, not `{text}`"),
        },
        "integer" => match trimmed.parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => bail!("it takes a whole number, not `{text}`"),
        },
        "number" => match trimmed.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            Some(number) => Ok(Value::Number(number)),
            None => bail!("it takes a number, not `{text}`"),
        },
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn as_json(text: &str) -> anyhow::Result<Value> {
    serde_json::from_str(text).with_context(|| format!("`{text}` is no JSON"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> String {
        let text = || json!({ "type": "string" });
        json!({ "properties": {
            "site": text(),
            "spaces": { "type": "array", "items": text() },
            "ids": { "type": ["array", "null"], "items": { "type": "integer" } },
            "archived": { "type": "boolean" },
            "days": { "type": "integer" },
            "share": { "type": "number" },
            "modified": { "type": "object", "properties": { "after": text(), "days": { "type": "integer" } } },
            "dotted.name": { "type": "boolean" },
            "since": { "type": ["integer", "string"] },
            "before": { "type": ["string", "null"] },
        }})
        .to_string()
    }

    fn read(pairs: &[&str]) -> String {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        match settings_of(&schema(), &pairs) {
            Ok(value) => value.to_string(),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn a_value_becomes_what_the_schema_says() {
        let table = [
            vec!["site=https://acme.atlassian.net"],
            vec!["site=[1]", "unknown=[1]", "other={x"],
            vec!["unknown=true"],
            vec!["spaces=ENG, OPS,,~ada", "ids=1,2"],
            vec![r#"spaces=["A,B"]"#, "ids=[]"],
            vec!["spaces=[ENG]"],
            vec!["ids=1,two"],
            vec!["archived=true", "dotted.name=No"],
            vec!["archived=perhaps"],
            vec!["days=90", "share=0.5"],
            vec!["days=90 days"],
            vec!["share=NaN"],
            vec!["modified.after=2026-01-01", "modified.days=3"],
            vec![r#"modified={"after":"2026-01-01"}"#],
            vec![r#"modified={"after":"x"}"#, "modified.after=y"],
            vec!["modified=yesterday"],
            vec!["since=90", "modified.days=x"],
            vec!["since=2026-01-01", "before="],
            vec!["site=a", "site=b"],
            vec!["spaces"],
            vec!["text.inside=a=b"],
        ];
        let told: Vec<String> =
            table.iter().map(|pairs| format!("{}\n    {}", pairs.join("  "), read(pairs))).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        site=https://acme.atlassian.net
            {"site":"https://acme.atlassian.net"}
        site=[1]  unknown=[1]  other={x
            failed to read the value of `other`: `{x` is no JSON: key must be a string at line 1 column 2
        unknown=true
            {"unknown":"true"}
        spaces=ENG, OPS,,~ada  ids=1,2
            {"ids":[1,2],"spaces":["ENG","OPS","~ada"]}
        spaces=["A,B"]  ids=[]
            {"ids":[],"spaces":["A,B"]}
        spaces=[ENG]
            failed to read the value of `spaces`: `[ENG]` is no JSON: expected value at line 1 column 2
        ids=1,two
            failed to read the value of `ids`: it takes a whole number, not `two`
        archived=true  dotted.name=No
            {"archived":true,"dotted.name":false}
        archived=perhaps
            failed to read the value of `archived`: it takes `true` or `false`, not `perhaps`
        days=90  share=0.5
            {"days":90,"share":0.5}
        days=90 days
            failed to read the value of `days`: it takes a whole number, not `90 days`
        share=NaN
            failed to read the value of `share`: it takes a number, not `NaN`
        modified.after=2026-01-01  modified.days=3
            {"modified":{"after":"2026-01-01","days":3}}
        modified={"after":"2026-01-01"}
            {"modified":{"after":"2026-01-01"}}
        modified={"after":"x"}  modified.after=y
            `modified.after` was set twice
        modified=yesterday
            failed to read the value of `modified`: `yesterday` is no JSON: expected value at line 1 column 1
        since=90  modified.days=x
            failed to read the value of `modified.days`: it takes a whole number, not `x`
        since=2026-01-01  before=
            {"before":null,"since":"2026-01-01"}
        site=a  site=b
            `site` was set twice
        spaces
            `--set spaces` is not KEY=VALUE, as in --set site=https://acme.atlassian.net
        text.inside=a=b
            {"text.inside":"a=b"}
        "#);
    }
}
