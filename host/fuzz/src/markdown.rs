//! Words of strangers: to the text that is searched, and to HTML that is shown beside the console's own.

#[path = "../../src/console/pages/records/rendered.rs"]
mod rendered;
#[path = "../../src/index/text.rs"]
mod text;

use crate::model::{Text, TextFormat};

/// A person may call himself so.
const NAME: &str = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **Bob**";

/// A tab in code is four spaces, and an entity of five letters two characters of three bytes.
const PLAIN_TIMES_MAX: usize = 4;

/// HTML writes `&quot;` for one byte, and headings and lists a dozen for two.
const HTML_TIMES_MAX: usize = 40;

/// Cells that a row of a table lacks are filled in, as many as 2^18 in a text.
const HTML_BYTES_MAX: usize = 4 << 20;

/// A mention takes eleven bytes at least, and a name at most a hundred letters of four bytes, each perhaps escaped.
const NAMED_TIMES_MAX: usize = 64;

pub fn hold(words: &str) {
    let plain = text::plain(words);
    assert!(plain.len() <= words.len() * PLAIN_TIMES_MAX, "{} bytes out of {}", plain.len(), words.len());

    let named = text::resolve_mentions(words, &|_| Some(NAME.to_owned()));
    assert!(named.len() <= words.len() * NAMED_TIMES_MAX);

    for (format, value) in [
        (TextFormat::Plain, words),
        (TextFormat::Markdown, words),
        (TextFormat::Markdown, &*named),
        (TextFormat::Html, words),
    ] {
        let (markup, cut) = rendered::shown(&Text { format, value: value.to_owned() });
        assert!(!cut || value.len() > 200_000, "{} bytes were cut", value.len());
        let html = markup.into_string();
        let limit = value.len() * HTML_TIMES_MAX + HTML_BYTES_MAX;
        assert!(html.len() <= limit, "{} bytes out of {}", html.len(), value.len());
        tags(&html).iter().for_each(harmless);
    }
}

/// A tag that opens: its name, and its attributes.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

/// The tags of HTML as a browser would see them, by a reader that shares nothing with the renderer. A `<` within a value
/// between quotes is none.
fn tags(html: &str) -> Vec<Tag<'_>> {
    let (mut tags, mut rest) = (Vec::new(), html);
    while let Some((_, after)) = rest.split_once('<') {
        let end = after.find(|c: char| c.is_whitespace() || ['/', '>'].contains(&c)).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        rest = after;
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (attributes, after) = attributes(after);
            tags.push(Tag { name, attributes });
            rest = after;
        }
    }
    tags
}

/// The attributes up to the end of a tag, and what follows it. A value is between quotes or has none.
fn attributes(mut rest: &str) -> (Vec<(&str, &str)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end =
            rest.find(|c: char| c.is_whitespace() || ['=', '>', '/'].contains(&c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return (attributes, after.strip_prefix('>').unwrap_or(after));
        }
        let value = after.strip_prefix("=\"").and_then(|value| value.split_once('"'));
        let (value, after) = value.unwrap_or(("", after.strip_prefix('=').unwrap_or(after)));
        attributes.push((name, value));
        rest = after;
    }
}

fn harmless(tag: &Tag<'_>) {
    // `title` and `lang` are what ammonia lets every element have.
    const SHOWN: [&str; 9] = ["href", "rel", "alt", "start", "colspan", "rowspan", "class", "title", "lang"];
    const RUNS: [&str; 12] = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "link", "base",
        "meta",
    ];
    assert!(!RUNS.contains(&tag.name.to_ascii_lowercase().as_str()), "<{}> is shown", tag.name);
    for (name, value) in &tag.attributes {
        assert!(SHOWN.contains(name), "<{} {name}> is shown", tag.name);
        let web = ["http:", "https:", "mailto:"]
            .iter()
            .any(|scheme| value.to_ascii_lowercase().starts_with(scheme));
        assert!(*name != "href" || web, "a link to {value:?} is shown");
    }
}
