//! A connector that reads a small source of notes and keeps every law, but for the one that its setting `breaks` names.
//!
//! What it breaks is named like the law, and stands in one line where the law would be kept. Laws about `describe`, which
//! takes no settings, are broken by a mark in the component's bytes, which the tests change.
#![cfg(target_arch = "wasm32")]
// The generated bindings talk to the host over raw pointers.
#![allow(unsafe_code)]

mod http;
mod notes;
mod reading;

wit_bindgen::generate!({ path: "../../../wit", world: "connector", generate_all });

use exports::weir::connector::setup;
use serde_json::{Value, json};
use weir::connector::types::{Connection, Error, Issue, Json};

struct Lawless;

/// `describes: ` and what `describe` breaks, in eight letters.
static MARK: &str = "describes: lawfully";

/// The one law that is broken.
pub struct Breaks(String);

impl Breaks {
    pub fn of(settings: &str) -> Self {
        let settings: Value = serde_json::from_str(settings).unwrap_or_default();
        Self(settings["breaks"].as_str().unwrap_or_default().to_owned())
    }

    pub fn is(&self, law: &str) -> bool {
        self.0 == law
    }
}

/// The settings say which, and every request begins with it.
pub fn site(settings: &str) -> String {
    let settings: Value = serde_json::from_str(settings).unwrap_or_default();
    settings["site"].as_str().unwrap_or("https://notes.example").to_owned()
}

fn seconds() -> u64 {
    wasi::clocks::wall_clock::now().seconds
}

fn dataset(name: &str, title: &str, since: bool) -> setup::Dataset {
    setup::Dataset { name: name.into(), title: title.into(), since, inventory: true }
}

fn kind(name: &str, title: &str, inherits: bool) -> setup::Kind {
    let (name, title) = (name.to_owned(), title.to_owned());
    setup::Kind { name, title, family: "Notes".into(), searched: true, inherits, widens: false }
}

fn bound(url: &str) -> setup::Bound {
    setup::Bound { url: url.into(), credential: true, post: false, purpose: "read notes".into() }
}

fn schema(complete: bool) -> String {
    let words = if complete { "Which law is broken; none if empty." } else { "" };
    json!({ "type": "object", "required": ["site"], "properties": {
        "site": { "type": "string", "format": "uri", "title": "Site", "description": "Where the notes are.", "x-identity": true },
        "breaks": { "type": "string", "title": "Breaks", "description": words },
    }})
    .to_string()
}

impl setup::Guest for Lawless {
    fn describe() -> setup::Description {
        let breaks = |what: &str| std::hint::black_box(MARK).ends_with(what);
        setup::Description {
            name: if breaks("by-names") { "Lawless" } else { "lawless" }.into(),
            title: "Lawless notes".into(),
            version: if breaks("by-clock") {
                seconds().to_string()
            } else {
                env!("CARGO_PKG_VERSION").into()
            },
            documentation: None,
            settings_schema: schema(!breaks("a-schema")),
            logins: vec![setup::Login {
                name: "none".into(),
                title: "Without signing in".into(),
                help: String::new(),
                scheme: setup::Scheme::Anonymous,
            }],
            datasets: vec![dataset("people", "People", false), dataset("notes", "Notes", true)],
            kinds: vec![
                kind("notebook", "Notebooks", false),
                kind("note", "Notes", false),
                kind("comment", "Comments", true),
            ],
            bounds: vec![bound("https://notes.example"), bound("https://*.notes.example")],
        }
    }

    fn configure(settings: Json, _login: String) -> Result<setup::Plan, Vec<Issue>> {
        let breaks = Breaks::of(&settings);
        let mut tidy: Value = serde_json::from_str(&settings).unwrap_or_default();
        let text = |name: &str| tidy[name].is_null() && name != "site" || tidy[name].is_string();
        let wrong = ["site", "breaks"].into_iter().find(|name| !text(name));
        if let Some(name) = wrong.filter(|_| !breaks.is("settings-refused")) {
            return Err(vec![Issue { pointer: format!("/{name}"), message: "it must be a text".into() }]);
        }
        if breaks.is("configure-again") {
            tidy["times"] = json!(tidy["times"].as_u64().unwrap_or_default() + 1);
        }
        let origin =
            |url: String| setup::Origin { url, credential: true, post: false, purpose: "read notes".into() };
        let mut origins = vec![origin(site(&settings))];
        if breaks.is("origins") {
            origins.push(origin("https://*.notes.example".into()));
        }
        let scopes = if breaks.is("configure-pure") { vec![seconds().to_string()] } else { Vec::new() };
        Ok(setup::Plan { settings: tidy.to_string(), origins, scopes })
    }

    fn choices(_: Connection, _: String, _: String) -> Result<Vec<setup::Choice>, Error> {
        Ok(Vec::new())
    }

    fn authenticate(settings: Json, _login: String) -> Result<setup::Account, Error> {
        let breaks = Breaks::of(&settings);
        if breaks.is("agreed-places") {
            let _ignored = http::get("https://elsewhere.example/", &breaks);
        }
        let missing = || Error::NotFound("nobody signed in".into());
        let me = http::json(&format!("{}/me", site(&settings)), &breaks)?.ok_or_else(missing)?;
        let name = if breaks.is("authenticate") { "" } else { me["name"].as_str().unwrap_or_default() };
        Ok(setup::Account { session: String::new(), label: name.into(), user: None })
    }

    fn diagnose(_: Connection) -> Result<Vec<setup::Finding>, Error> {
        Ok(Vec::new())
    }
}

export!(Lawless);
