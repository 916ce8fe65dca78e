//! Bodies, from storage format to Markdown.

use crate::confluence::page::Body;
use crate::markup;
use std::collections::BTreeMap;

/// What the conversion could not express, by name, counted over many bodies.
pub type Lost = BTreeMap<String, u32>;

/// The body as Markdown; none when there are no words in it. Adds what was lost to `lost`.
pub fn markdown(body: Option<&Body>, lost: &mut Lost) -> Option<String> {
    convert(body?.storage(), lost)
}

/// The same below a quote of `words`, which are plain text.
pub fn below_quote(words: &str, body: Option<&Body>, lost: &mut Lost) -> Option<String> {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let storage = body.map_or("", Body::storage);
    convert(&format!("<blockquote><p>{words}</p></blockquote>{storage}"), lost)
}

fn convert(storage: &str, lost: &mut Lost) -> Option<String> {
    if storage.is_empty() {
        return None;
    }
    let converted = markup::to_markdown(storage);
    for (name, count) in converted.lost {
        let total = lost.entry(name).or_default();
        *total = total.saturating_add(count);
    }
    (!converted.text.trim().is_empty()).then_some(converted.text)
}
