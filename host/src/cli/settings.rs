//! `weir connection set | choices`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Map, Value, json};

use super::connection::{agree, open};
use super::screen::{Screen, plain};
use super::typed::settings_of;
use crate::host::BUILT_IN;

#[derive(Debug, Args)]
#[command(after_help = "\
What the settings leave out is removed by the next sync; what they add is read by it, and the rest
is not read again.

Examples:
  weir connection set acme --set spaces=ENG,OPS
  weir connection set acme --set archived-spaces=false --unset spaces
  weir connection set acme                      look at the origins again, and agree to them
  weir connection choices acme spaces")]
pub struct Set {
    /// The connection's name.
    pub name: String,
    /// A setting of the connector: lists as `spaces=ENG,OPS` or as JSON, yes and no as `true` and `false`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// A setting to take back; it becomes what it is without being set.
    #[arg(long, value_name = "KEY")]
    pub unset: Vec<String>,
    /// Agree to the origins that a connector asks for that is not built in, without being asked.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  weir connection choices acme spaces
  weir connection choices acme spaces eng")]
pub struct Choices {
    /// The connection's name.
    pub name: String,
    /// The setting to choose values for.
    pub setting: String,
    /// How what is looked for begins, or a word of it.
    #[arg(default_value = "")]
    pub typed: String,
}

pub async fn set(data: &Path, set: &Set, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connection = host.store().connection(&set.name)?;
    let connector = host.connector(&connection.connector).await?;
    let before = serde_json::from_str(&connection.settings).context("failed to read the present settings")?;
    let settings = changed(before, &connector.description().settings_schema, &set.settings, &set.unset)?;
    let drawn = host.draw_settings(&set.name, &settings.to_string()).await?;
    if drawn.origins_differ {
        agree(&drawn.plan.origins, &[], connection.connector != BUILT_IN && !set.yes, screen)?;
    }
    if !drawn.scopes_lacking.is_empty() {
        screen.talk(&format!(
            "these settings need what the sign-in was not granted: {}; add it to the app, then approve it: weir login {}",
            plain(&drawn.scopes_lacking.join(", ")),
            plain(&set.name)
        ));
    }
    let connection = host.keep_settings(&set.name, &drawn).await?;
    let kept = serde_json::from_str(&connection.settings).unwrap_or(Value::Null);
    let record = json!({
        "name": connection.name,
        "settings": kept,
        "origins": connection.origins,
        "scopes_lacking": drawn.scopes_lacking,
    });
    screen.record(&record, || format!("{}  {}", plain(&connection.name), plain(&connection.settings)));
    let next = if drawn.scopes_lacking.is_empty() { "sync" } else { "login" };
    screen.talk(&format!("next: weir {next} {}", plain(&connection.name)));
    Ok(ExitCode::SUCCESS)
}

pub async fn choices(data: &Path, command: &Choices, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let choices = host.choices(&command.name, &command.setting, &command.typed).await?;
    if choices.is_empty() {
        screen.talk("nothing to choose from; try another beginning");
    }
    for choice in choices {
        let value: Value = serde_json::from_str(&choice.value).unwrap_or(Value::String(choice.value));
        let record = json!({ "value": value, "title": choice.title, "hint": choice.hint });
        screen.record(&record, || {
            let typed = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let hint = choice.hint.as_deref().unwrap_or_default();
            format!("{}\t{}\t{}", plain(&typed), plain(&choice.title), plain(hint)).trim_end().to_owned()
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings with some set and some taken back.
fn changed(before: Value, schema: &str, set: &[String], unset: &[String]) -> anyhow::Result<Value> {
    let Value::Object(mut settings) = before else { bail!("the present settings are no object") };
    let Value::Object(new) = settings_of(schema, set)? else { bail!("the new settings are no object") };
    for key in unset {
        if new.contains_key(key) {
            bail!("`{key}` cannot be both set and taken back");
        }
        if remove(&mut settings, key).is_none() {
            let known = settings.keys().cloned().collect::<Vec<_>>().join(", ");
            bail!("`{key}` is not set; what is set: {known}");
        }
    }
    for whole in set.iter().filter_map(|pair| pair.split_once('=')).map(|(key, _)| key) {
        settings.remove(whole);
    }
    merge(&mut settings, new);
    Ok(Value::Object(settings))
}

/// A setting that was named inside another keeps its neighbours.
fn merge(settings: &mut Map<String, Value>, new: Map<String, Value>) {
    for (key, value) in new {
        match (settings.get_mut(&key), value) {
            (Some(Value::Object(before)), Value::Object(inside)) => merge(before, inside),
            (_, value) => {
                settings.insert(key, value);
            }
        }
    }
}

fn remove(settings: &mut Map<String, Value>, key: &str) -> Option<Value> {
    if settings.contains_key(key) {
        return settings.remove(key);
    }
    let (outer, inner) = key.split_once('.')?;
    remove(settings.get_mut(outer)?.as_object_mut()?, inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{ "properties": {
        "spaces": { "type": "array" },
        "archived": { "type": "boolean" },
        "modified": { "type": "object", "properties": { "after": { "type": "string" }, "days": { "type": "integer" } } }
    } }"#;

    #[test]
    fn changing_keeps_what_is_not_named() {
        let change = |set: &[&str], unset: &[&str]| {
            let before =
                json!({ "site": "https://a", "spaces": ["ENG"], "modified": { "after": "x", "days": 3 } });
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            changed(before, SCHEMA, &owned(set), &owned(unset))
                .map_or_else(|error| error.to_string(), |value| value.to_string())
        };
        let told = [
            change(&["spaces=OPS"], &[]),
            change(&[], &["spaces"]),
            change(&["modified.days=9"], &["modified.after"]),
            change(&["archived=yes"], &["modified"]),
            change(&[r#"modified={"days":9}"#], &[]),
            change(&["spaces=OPS"], &["spaces"]),
            change(&[], &["spacse"]),
        ];
        insta::assert_snapshot!(told.join("\n"), @r#"
        {"modified":{"after":"x","days":3},"site":"https://a","spaces":["OPS"]}
        {"modified":{"after":"x","days":3},"site":"https://a"}
        {"modified":{"days":9},"site":"https://a","spaces":["ENG"]}
        {"archived":true,"site":"https://a","spaces":["ENG"]}
        {"modified":{"days":9},"site":"https://a","spaces":["ENG"]}
        `spaces` cannot be both set and taken back
        `spacse` is not set; what is set: modified, site, spaces
        "#);
    }
}
