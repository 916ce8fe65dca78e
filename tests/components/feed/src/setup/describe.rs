//! What this connector is. Pure.

use serde_json::json;

use crate::contract::exports::weir::connector::setup::{
    Basic, Bound, Dataset, Description, Kind, Login, Scheme,
};
use crate::reading::{FEEDS, READERS};

pub const ANONYMOUS: &str = "anonymous";

pub fn describe() -> Description {
    Description {
        name: "feed".to_owned(),
        title: "Feeds".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        documentation: None,
        settings_schema: schema(),
        logins: vec![
            login(ANONYMOUS, "Without signing in", "For feeds that everybody can open.", Scheme::Anonymous),
            login(
                "basic",
                "Name and password",
                "For feeds of one site that asks for a name and a password.",
                Scheme::Basic(Basic { username: "Name".to_owned(), password: "Password".to_owned() }),
            ),
        ],
        datasets: vec![dataset(READERS, "Readers", false), dataset(FEEDS, "Feeds", true)],
        kinds: vec![
            kind("feed", "Feeds", "Feeds", false),
            kind("entry", "Entries", "Entries", true),
            kind("enclosure", "Enclosures", "Entries", true),
        ],
        bounds: vec![Bound {
            url: "https://*".to_owned(),
            credential: true,
            post: false,
            purpose: "read the feeds that the settings name; a password goes to one site only".to_owned(),
        }],
    }
}

/// Neither is marked `x-identity`: feeds come and go, and they bring no people who could meet those of others.
fn schema() -> String {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["feeds"],
        "properties": {
            "feeds": {
                "title": "Feeds",
                "description": "Addresses of Atom or RSS feeds, each beginning with https://.",
                "type": "array",
                "items": { "type": "string", "format": "uri" },
                "minItems": 1,
                "x-order": 1
            },
            "readers": {
                "title": "Readers",
                "description": "E-mails of those who may find what the feeds say, or the word everyone, which is meant \
                                where nothing is said and nobody signs in.",
                "type": "array",
                "items": { "type": "string" },
                "x-order": 2
            }
        }
    })
    .to_string()
}

fn login(name: &str, title: &str, help: &str, scheme: Scheme) -> Login {
    Login { name: name.to_owned(), title: title.to_owned(), help: help.to_owned(), scheme }
}

fn dataset(name: &str, title: &str, since: bool) -> Dataset {
    Dataset { name: name.to_owned(), title: title.to_owned(), since, inventory: false }
}

fn kind(name: &str, title: &str, family: &str, inherits: bool) -> Kind {
    Kind {
        name: name.to_owned(),
        title: title.to_owned(),
        family: family.to_owned(),
        searched: true,
        inherits,
        widens: false,
    }
}
