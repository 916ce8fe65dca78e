//! The settings of the filter: one table for the form, the checks and the tidying.

use crate::filled::filled;
use serde_json::{Map, Value, json};

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Keys of spaces, as typed.
    Keys,
    /// Ids of pages or blog posts: numbers.
    Ids,
    Labels,
    /// On or off, and which of them when nothing is said.
    Switch(bool),
    /// RFC 3339, with a zone.
    Instant,
    /// A number of days.
    Days,
}

pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    title: &'static str,
    description: &'static str,
    choices: bool,
}

/// Longer lists do not fit the addresses and tokens that they end up in.
pub(super) const LIST_MAX: usize = 250;

/// A hundred years.
pub(super) const DAYS_MAX: u32 = 36_500;

use Shape::{Days, Ids, Instant, Keys, Labels, Switch};

pub(super) const FIELDS: [Field; 23] = [
    chosen(
        "spaces",
        Keys,
        "Spaces",
        "Keys of the spaces to read, as the site writes them, ENG or ~712020ab; all if empty.",
    ),
    chosen("spaces-excluded", Keys, "Spaces left out", "Keys of spaces not to read."),
    field("personal-spaces", Switch(true), "Personal spaces", "Whether people's own spaces are read."),
    field("archived-spaces", Switch(true), "Archived spaces", "Whether spaces that were archived are read."),
    chosen(
        "pages",
        Ids,
        "Pages",
        "Ids of the pages to read, each with everything below it; all if empty. Blog posts are chosen apart.",
    ),
    chosen("pages-excluded", Ids, "Pages left out", "Ids of pages not to read, nor anything below them."),
    field("archived-pages", Switch(true), "Archived pages", "Whether pages that were archived are read."),
    chosen("blogposts", Ids, "Blog posts", "Ids of the blog posts to read; all if empty."),
    chosen("blogposts-excluded", Ids, "Blog posts left out", "Ids of blog posts not to read."),
    chosen(
        "labels",
        Labels,
        "Labels",
        "Read only pages and blog posts that carry at least one of these labels.",
    ),
    chosen(
        "labels-excluded",
        Labels,
        "Labels left out",
        "Leave out pages and blog posts that carry one of these labels.",
    ),
    field(
        "modified-after",
        Instant,
        "Changed since",
        "Only pages and blog posts last edited at this instant or later. With a zone: 2026-01-31T00:00:00Z.",
    ),
    field(
        "modified-before",
        Instant,
        "Changed before",
        "Only pages and blog posts last edited before this instant, itself not included. With a zone.",
    ),
    field(
        "modified-within-days",
        Days,
        "Changed in the last days",
        "Only pages and blog posts edited in the last so many times 24 hours, counted anew at each read.",
    ),
    field(
        "created-after",
        Instant,
        "Created since",
        "Only pages and blog posts created at this instant or later. With a zone.",
    ),
    field(
        "created-before",
        Instant,
        "Created before",
        "Only pages and blog posts created before this instant, itself not included. With a zone.",
    ),
    field(
        "created-within-days",
        Days,
        "Created in the last days",
        "Only pages and blog posts created in the last so many times 24 hours, counted anew at each read.",
    ),
    field(
        "read-pages",
        Switch(true),
        "Read pages",
        "Whether pages are read, and the comments and attachments on them.",
    ),
    field(
        "read-blogposts",
        Switch(true),
        "Read blog posts",
        "Whether blog posts are read, and the comments and attachments on them.",
    ),
    field(
        "read-comments",
        Switch(true),
        "Read comments",
        "Whether comments on the pages and blog posts that are read are read too.",
    ),
    field(
        "read-attachments",
        Switch(true),
        "Read attachments",
        "Whether attachments of the pages and blog posts that are read are read too.",
    ),
    field(
        "read-other-content",
        Switch(true),
        "Read other content",
        "Whether folders, whiteboards, databases and Smart Links can be found. As places in the tree they are always read.",
    ),
    field(
        "audit",
        Switch(false),
        "Read the audit log",
        "Whether the site's audit log is kept. Only a Confluence administrator may read it.",
    ),
];

const fn field(name: &'static str, shape: Shape, title: &'static str, description: &'static str) -> Field {
    Field { name, shape, title, description, choices: false }
}

/// A setting whose values can be looked up.
const fn chosen(name: &'static str, shape: Shape, title: &'static str, description: &'static str) -> Field {
    Field { name, shape, title, description, choices: true }
}

/// The filter's properties, as JSON Schema 2020-12.
pub fn properties() -> Map<String, Value> {
    let placed = |(order, field): (u32, &Field)| {
        let mut property = property(field);
        property["x-group"] = json!(group(field));
        property["x-order"] = json!(order);
        (field.name.to_owned(), property)
    };
    filled((1..).zip(&FIELDS).map(placed))
}

/// The heading over a setting in a form.
fn group(field: &Field) -> &'static str {
    match (field.name, field.shape) {
        ("spaces" | "spaces-excluded" | "personal-spaces" | "archived-spaces", _) => "Spaces",
        ("pages" | "pages-excluded" | "archived-pages", _) => "Pages",
        ("blogposts" | "blogposts-excluded", _) => "Blog posts",
        (_, Labels) => "Labels",
        (_, Instant | Days) => "Dates",
        _ => "Kinds of content",
    }
}

fn property(field: &Field) -> Value {
    let texts = |pattern: Option<&str>| {
        let mut items = json!({ "type": "string" });
        if let Some(pattern) = pattern {
            items["pattern"] = json!(pattern);
        }
        json!({ "type": "array", "items": items, "uniqueItems": true, "maxItems": LIST_MAX, "default": [] })
    };
    let mut property = match field.shape {
        Keys | Labels => texts(None),
        Ids => texts(Some("^[0-9]+$")),
        Switch(default) => json!({ "type": "boolean", "default": default }),
        Instant => json!({ "type": ["string", "null"], "format": "date-time", "default": null }),
        Days => json!({ "type": ["integer", "null"], "minimum": 1, "maximum": DAYS_MAX, "default": null }),
    };
    property["title"] = json!(field.title);
    property["description"] = json!(field.description);
    if field.choices {
        property["x-choices"] = json!(true);
    }
    property
}
