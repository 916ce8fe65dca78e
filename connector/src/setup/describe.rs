//! What this connector is.

use super::logins;
use super::origins::{self, Origin};
use crate::filter;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    pub name: &'static str,
    pub title: &'static str,
    pub version: &'static str,
    pub documentation: Option<&'static str>,
    /// JSON Schema 2020-12.
    pub settings_schema: String,
    pub logins: Vec<Login>,
    pub datasets: Vec<Dataset>,
    pub kinds: Vec<Kind>,
    pub bounds: Vec<Origin>,
}

/// A way to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub name: &'static str,
    pub title: &'static str,
    pub help: String,
    pub scheme: Scheme,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    Basic(Basic),
    OAuth2(OAuth2),
}

/// OAuth 2.0 with an authorization code, whose token requests are JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth2 {
    pub authorize_url: &'static str,
    pub token_url: &'static str,
    /// All that any settings can need.
    pub scopes: Vec<&'static str>,
    /// Further parameters of the authorization request.
    pub parameters: Vec<(&'static str, &'static str)>,
}

/// The labels of the two values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basic {
    pub username: &'static str,
    pub password: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    pub name: &'static str,
    pub title: &'static str,
    /// Whether it can be read from a checkpoint; otherwise it is read from the start each time.
    pub since: bool,
    /// Whether it can be read from the start without words.
    pub inventory: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    pub title: &'static str,
    pub family: &'static str,
    pub searched: bool,
    /// Its items never have readers of their own. In Confluence nothing is read by people who may not read what
    /// holds it, so that no kind widens.
    pub inherits: bool,
}

/// What stands above something that was chosen and was not chosen itself: only its place in the tree and its
/// readers are delivered, since both decide who may read what lies below.
pub const PLACE: &str = "place";

/// Name, title, family.
const KINDS: [(&str, &str, &str); 12] = [
    ("space", "Spaces", "Spaces"),
    ("page", "Pages", "Pages"),
    ("page-comment", "Page comments", "Pages"),
    ("page-attachment", "Page attachments", "Pages"),
    ("blogpost", "Blog posts", "Blog posts"),
    ("blogpost-comment", "Blog post comments", "Blog posts"),
    ("blogpost-attachment", "Blog post attachments", "Blog posts"),
    ("folder", "Folders", "Other content"),
    ("whiteboard", "Whiteboards", "Other content"),
    ("database", "Databases", "Other content"),
    ("embed", "Smart Links", "Other content"),
    (PLACE, "Places above what was chosen", "Spaces"),
];

pub fn describe() -> Description {
    Description {
        name: "confluence-cloud",
        title: "Confluence Cloud",
        version: env!("CARGO_PKG_VERSION"),
        documentation: Some("https://developer.atlassian.com/cloud/confluence/rest/v2/intro/"),
        settings_schema: settings_schema(),
        logins: logins::logins(),
        // The feed comes first, so that its first checkpoint is older than anything that is read. Who may read comes
        // before what is read, so that items meet the people they are for.
        datasets: vec![
            Dataset { name: "changes", title: "What changed", since: true, inventory: false },
            Dataset { name: "directory", title: "People and groups", since: false, inventory: false },
            Dataset {
                name: "content",
                title: "Spaces, pages, blog posts, comments and attachments",
                since: false,
                inventory: true,
            },
            Dataset { name: "audit", title: "Audit log", since: true, inventory: false },
        ],
        kinds: KINDS
            .map(|(name, title, family)| Kind {
                name,
                title,
                family,
                searched: name != PLACE,
                inherits: name.ends_with("-comment") || name.ends_with("-attachment"),
            })
            .to_vec(),
        bounds: origins::bounds(),
    }
}

fn settings_schema() -> String {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "site": {
                "type": "string",
                "title": "Site",
                "x-identity": true,
                "x-order": 0,
                "description": "https://your-site.atlassian.net, no trailing slash, no path",
                "format": "uri",
                "pattern": "^https://[A-Za-z0-9-]+\\.atlassian\\.net$",
                "examples": ["https://your-site.atlassian.net"],
            },
        },
        "required": ["site"],
        "additionalProperties": false,
    });
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.extend(filter::properties());
    }
    schema.to_string()
}
