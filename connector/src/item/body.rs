//! Bodies, from storage format to Markdown, and from the editor's format where storage format is not enough.

use crate::confluence::page::Body;
use crate::markup::{self, Markdown};
use std::collections::BTreeMap;

/// What the conversion could not express, by name, counted over many bodies. A macro that only a placeholder stands for
/// is counted as that: `[macro: NAME]`.
pub type Lost = BTreeMap<String, u32>;

/// The body as Markdown; none when there are no words in it. Adds what was lost to `lost`.
pub fn markdown(body: Option<&Body>, lost: &mut Lost) -> Option<String> {
    convert(body?.storage()?, lost)
}

/// The same below a quote of `words`, which are plain text.
pub fn below_quote(words: &str, body: Option<&Body>, lost: &mut Lost) -> Option<String> {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let storage = body.and_then(Body::storage).unwrap_or_default();
    convert(&format!("<blockquote><p>{words}</p></blockquote>{storage}"), lost)
}

fn convert(storage: &str, lost: &mut Lost) -> Option<String> {
    if storage.is_empty() {
        return None;
    }
    words(markup::to_markdown(storage), lost)
}

/// Whether to ask for the body in the editor's format as well (`body-format=atlas_doc_format`).
///
/// Storage format is what Confluence keeps, and it explains nearly every body. It does not where it is blank for a live
/// doc, which may never have been published, and where it holds an `ac:adf-extension` with no word in its node
/// and none in its fallback. Any other page that is blank is empty.
pub fn needs_adf(body: Option<&Body>, live: bool) -> bool {
    let Some(storage) = body.and_then(Body::storage) else { return false };
    if storage.trim().is_empty() { live } else { markup::leaves_a_gap(storage) }
}

/// The value of `body.atlas_doc_format` as Markdown; none when there are no words in it. Adds what was lost to `lost`.
pub fn from_adf(json: &str, lost: &mut Lost) -> Option<String> {
    words(markup::adf_to_markdown(json), lost)
}

fn words(markdown: Markdown, lost: &mut Lost) -> Option<String> {
    let placeholders = markdown.placeholders.into_iter();
    let placeholders = placeholders.map(|(name, times)| (format!("[macro: {name}]"), times));
    for (name, times) in markdown.lost.into_iter().chain(placeholders) {
        let total = lost.entry(name).or_default();
        *total = total.saturating_add(times);
    }
    (!markdown.text.trim().is_empty()).then_some(markdown.text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Lost, from_adf, needs_adf};

    #[test]
    fn the_editors_format_is_asked_for_where_storage_format_says_nothing() {
        let needs = |storage: &str, live: bool| {
            let body = format!(r#"{{"storage":{{"value":{storage:?}}}}}"#);
            needs_adf(Some(&serde_json::from_str(&body).unwrap()), live)
        };
        let extension = |inside: &str| format!("<p>a</p><ac:adf-extension>{inside}</ac:adf-extension>");
        let node =
            "<ac:adf-node type='new-thing'><ac:adf-attribute key='id'>7</ac:adf-attribute></ac:adf-node>";
        let fallback = "<ac:adf-fallback><p>words</p></ac:adf-fallback>";
        assert!(needs("", true));
        assert!(needs(" ", true));
        assert!(!needs("", false), "a page that is no live doc is written in storage format");
        assert!(needs(&extension(node), false));
        assert!(!needs(&extension(&format!("{node}{fallback}")), false));
        assert!(!needs("<p>a</p>", true));
        assert!(!needs("<p/>", true), "a page that was emptied is empty");
        let nothing = serde_json::from_str("{}").unwrap();
        assert!(!needs_adf(Some(&nothing), true), "no body was asked for");
    }

    #[test]
    fn a_document_without_words_is_no_body() {
        let mut lost = Lost::new();
        assert_eq!(from_adf(r#"{"type":"doc","content":[{"type":"paragraph"}]}"#, &mut lost), None);
        assert_eq!(lost, Lost::new());
    }

    #[test]
    fn what_is_lost_is_counted_over_many_bodies() {
        let mut lost = Lost::new();
        let body = r#"{"type":"doc","content":[{"type":"new"},{"type":"text","text":"a","marks":[{"type":"odd"}]}]}"#;
        for _ in 0..2 {
            assert_eq!(from_adf(body, &mut lost).as_deref(), Some("[macro: new]\n\na"));
        }
        assert_eq!(lost, Lost::from([("[macro: new]".to_owned(), 2), ("mark odd".to_owned(), 2)]));
    }
}
