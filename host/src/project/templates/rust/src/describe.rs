//! What this connector is, what it needs, and which settings are good. Pure.

use crate::bindings::exports::weir::connector::setup::{
    Bound, Dataset, Description, Kind, Login, Origin, Plan, Scheme, Token,
};
use crate::bindings::weir::connector::types::{Error, Issue};
use serde_json::{Map, Value, json};

const PURPOSE: &str = "read notes and people";

pub fn describe() -> Description {
    Description {
        name: "example-notes".to_owned(),
        title: "Example notes".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        documentation: None,
        settings_schema: schema().to_string(),
        logins: vec![Login {
            name: "token".to_owned(),
            title: "Access token".to_owned(),
            help: "Create a token that may read, under Profile > Access tokens.".to_owned(),
            // The host asks for the token, keeps it, and adds this header outside the sandbox.
            scheme: Scheme::Token(Token {
                label: "Token".to_owned(),
                header: "authorization".to_owned(),
                prefix: "Bearer ".to_owned(),
            }),
        }],
        datasets: vec![
            // The feed comes first, so that its first checkpoint is older than anything that is read after it.
            dataset("changes", "Changes", true, false),
            dataset("people", "People", false, false),
            dataset("notes", "Notes", false, true),
        ],
        // Notes may have readers of their own, but never more than their notebook has.
        kinds: vec![kind("notebook", "Notebooks"), kind("note", "Notes")],
        // Anybody may run the notes anywhere, so the outermost is any address. Name yours if it has one.
        bounds: vec![Bound {
            url: "https://*".to_owned(),
            credential: true,
            post: false,
            purpose: PURPOSE.to_owned(),
        }],
    }
}

fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "site": {
                "type": "string",
                "format": "uri",
                "title": "Site",
                "description": "The address of the notes, without a path: https://notes.example",
                // What was read of one site must not meet the people of another.
                "x-identity": true,
            },
        },
        "required": ["site"],
        "additionalProperties": false,
    })
}

fn dataset(name: &str, title: &str, since: bool, inventory: bool) -> Dataset {
    Dataset { name: name.to_owned(), title: title.to_owned(), since, inventory }
}

fn kind(name: &str, title: &str) -> Kind {
    let family = "Notes".to_owned();
    let (name, title) = (name.to_owned(), title.to_owned());
    Kind { name, title, family, searched: true, inherits: false, widens: false }
}

pub fn configure(settings: &str) -> Result<Plan, Vec<Issue>> {
    let settings: Map<String, Value> = serde_json::from_str(settings).unwrap_or_default();
    let unknown = settings.keys().filter(|name| *name != "site");
    let mut issues: Vec<Issue> =
        unknown.map(|name| issue(&format!("/{name}"), &format!("There is no setting {name}."))).collect();
    let site = settings.get("site").and_then(Value::as_str).and_then(tidied);
    if site.is_none() {
        issues.push(issue("/site", "Give the site's address without a path: https://notes.example"));
    }
    match site {
        Some(site) if issues.is_empty() => {
            let settings = json!({ "site": site }).to_string();
            let origin = Origin { url: site, credential: true, post: false, purpose: PURPOSE.to_owned() };
            Ok(Plan { settings, origins: vec![origin], scopes: Vec::new() })
        }
        _ => Err(issues),
    }
}

fn issue(pointer: &str, message: &str) -> Issue {
    Issue { pointer: pointer.to_owned(), message: message.to_owned() }
}

/// `https://`, a host, perhaps a port, and nothing more.
fn tidied(site: &str) -> Option<String> {
    let site = site.trim().trim_end_matches('/').to_ascii_lowercase();
    let authority = site.strip_prefix("https://")?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let in_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let good = !host.is_empty() && host.bytes().all(in_host) && port.parse::<u16>().is_ok();
    good.then_some(site)
}

/// The site in settings that `configure` tidied.
pub fn site(settings: &str) -> Result<String, Error> {
    match configure(settings) {
        Ok(plan) => Ok(plan.origins.into_iter().map(|origin| origin.url).collect()),
        Err(issues) => Err(Error::InvalidSettings(issues)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_tidied_and_becomes_the_only_origin() {
        let plan = configure(r#"{"site":" https://Notes.Example/ "}"#).unwrap();
        assert_eq!(plan.settings, r#"{"site":"https://notes.example"}"#);
        assert_eq!(plan.origins[0].url, "https://notes.example");
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let pointers = |settings| -> Vec<String> {
            configure(settings).unwrap_err().into_iter().map(|issue| issue.pointer).collect()
        };
        assert_eq!(pointers(r#"{"site":"http://notes.example"}"#), ["/site"]);
        assert_eq!(pointers(r#"{"site":"https://notes.example/path"}"#), ["/site"]);
        assert_eq!(pointers(r#"{"stie":"https://notes.example"}"#), ["/stie", "/site"]);
    }
}
