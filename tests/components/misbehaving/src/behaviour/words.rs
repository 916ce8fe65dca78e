//! Words that would be something else than words: floods, markup, and what terminals obey.

use super::{shelf, thing};
use crate::weir::connector::log;
use crate::weir::connector::types::{Change, Item, Principal, Standing, Text, TextFormat, User};

/// Says the same thing a hundred thousand times.
pub fn floods_the_log() -> Result<String, String> {
    for _ in 0..100_000 {
        log::write(log::Level::Warn, "again", &[]);
    }
    Ok("flooded".into())
}

/// Says one very long thing, with very many very long names, and what terminals obey.
pub fn shouts() -> Result<String, String> {
    let long = format!("\u{1b}[2J{}", "a".repeat(1_000_000));
    let field = ("n".repeat(10_000), "v".repeat(10_000));
    log::write(log::Level::Error, &long, &vec![field; 1_000]);
    Ok("shouted".into())
}

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>\"><svg onload=alert(3)>";

/// A title, a body, an address, a property and a name, each of which a browser would run.
pub fn speaks_in_tags() -> Vec<Change> {
    let html = format!(
        "<p>flamingo</p>{SCRIPT}<a href=\"javascript:alert(4)\">on</a><iframe src=//evil.example></iframe>\
         <form action=//evil.example><button>Sign in</button></form><style>*{{display:none}}</style>"
    );
    let markdown = format!("flamingo {SCRIPT} [on](javascript:alert(5)) ![x](//evil.example/pixel)");
    let hung = |id: &str, format, value| Item {
        title: format!("flamingo {SCRIPT}"),
        url: "javascript:alert(6)".into(),
        body: Some(Text { format, value }),
        author: Some("mallory".into()),
        properties: vec![("label".into(), SCRIPT.into()), (SCRIPT.into(), "label".into())],
        ..thing(id, "shelf:1", "", "")
    };
    let mallory = User { id: "mallory".into(), name: SCRIPT.into(), email: None, standing: Standing::Member };
    vec![
        Change::User(mallory),
        Change::Upsert(shelf("shelf:1", vec![Principal::Anyone])),
        Change::Upsert(hung("thing:html", TextFormat::Html, html)),
        Change::Upsert(hung("thing:markdown", TextFormat::Markdown, markdown)),
    ]
}

/// Clears screens, sets titles of windows, turns the direction of writing, and forges a line of the command's own.
pub fn speaks_in_escapes() -> Vec<Change> {
    let title = "flamingo \u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}gnp.exe\r\nerror: forged";
    let body = "flamingo \u{1b}[2J and \u{1b}]52;c;ZXZpbA==\u{7} more";
    vec![
        Change::Upsert(shelf("shelf:1", vec![Principal::Anyone])),
        Change::Upsert(thing("thing:1", "shelf:1", title, body)),
    ]
}
