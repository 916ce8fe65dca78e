//! Atom 1.0: RFC 4287, with RFC 6721's tombstones.

use url::Url;

use super::{Body, Document, Enclosure, Entry, Told, address, broken, filled, is_complete, older, settled};
use crate::dates::instant;
use crate::words;
use crate::xml::{Element, Space};

pub fn feed(root: &Element, at: &Url) -> Document {
    let base = root.base(at);
    let mut told = Vec::new();
    for element in root.elements() {
        match (element.space, element.name.as_str()) {
            (Space::Atom, "entry") => told.push(entry(element, &base)),
            (Space::Tombstone, "deleted-entry") => {
                let Some(key) = element.attribute("ref").map(|key| key.trim().to_owned()) else { continue };
                told.push(Told::Gone { key, when: element.attribute("when").and_then(instant) });
            }
            _ => {}
        }
    }
    Document {
        title: root.child(Space::Atom, "title").map(title).unwrap_or_default(),
        site: link(root, &base, "alternate"),
        told: settled(told),
        older: older(root, &base, at),
        complete: is_complete(root),
    }
}

fn entry(element: &Element, outer: &Url) -> Told {
    let base = element.base(outer);
    let text = |name: &str| element.child(Space::Atom, name).map(Element::text).and_then(filled);
    let date = |name: &str| text(name).as_deref().and_then(instant);
    let url = link(element, &base, "alternate");
    let key = text("id").or_else(|| url.as_ref().map(Url::to_string));
    if let Some(broken) = broken(element, key.as_ref()) {
        return broken;
    }
    let authors = element.elements().filter(|child| child.space == Space::Atom && child.name == "author");
    let name = |author: &Element| author.child(Space::Atom, "name").map(Element::text).and_then(filled);
    Told::Entry(Entry {
        key: key.unwrap_or_default(),
        title: element.child(Space::Atom, "title").map(title).unwrap_or_default(),
        body: body(element),
        authors: authors.filter_map(name).collect(),
        labels: labels(element),
        published: date("published"),
        updated: date("updated"),
        enclosures: links(element, "enclosure").filter_map(|link| enclosure(link, &base)).collect(),
        url,
    })
}

/// A text construct (3.1) as a line.
fn title(element: &Element) -> String {
    match element.attribute("type") {
        Some("html" | "text/html") => words::of_html(&element.text()),
        _ => words::one_line(&element.text()),
    }
}

/// The content (4.1.3), else the summary. What stands elsewhere, or is no text, has no words here.
fn body(entry: &Element) -> Option<Body> {
    let content = entry.child(Space::Atom, "content").filter(|content| content.attribute("src").is_none());
    let summary = || entry.child(Space::Atom, "summary");
    content.and_then(construct).or_else(|| summary().and_then(construct))
}

fn construct(element: &Element) -> Option<Body> {
    let kind = element.attribute("type").unwrap_or("text").trim().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default();
    match kind {
        "html" | "text/html" => filled(element.text()).map(Body::Html),
        "xhtml" | "application/xhtml+xml" => filled(element.markup()).map(Body::Html),
        "text" => filled(element.text()).map(Body::Plain),
        kind if kind.starts_with("text/") || kind.ends_with("/xml") || kind.ends_with("+xml") => {
            filled(element.text()).map(Body::Plain)
        }
        // In Base64.
        _ => None,
    }
}

fn labels(element: &Element) -> Vec<String> {
    let categories =
        element.elements().filter(|child| child.space == Space::Atom && child.name == "category");
    let named = |category: &Element| {
        let label = category.attribute("label").or_else(|| category.attribute("term"))?;
        filled(words::one_line(label))
    };
    categories.filter_map(named).collect()
}

/// A link without `rel` is an `alternate` (4.2.7.2).
fn links<'a>(element: &'a Element, rel: &'a str) -> impl Iterator<Item = &'a Element> {
    element.elements().filter(move |child| {
        child.space == Space::Atom
            && child.name == "link"
            && child.attribute("rel").unwrap_or("alternate") == rel
    })
}

fn link(element: &Element, base: &Url, rel: &str) -> Option<Url> {
    links(element, rel).find_map(|link| address(link.attribute("href")?, &link.base(base)))
}

fn enclosure(link: &Element, base: &Url) -> Option<Enclosure> {
    Some(Enclosure {
        url: address(link.attribute("href")?, &link.base(base))?,
        media_type: link.attribute("type").map(str::to_owned),
        size: link.attribute("length").and_then(|length| length.trim().parse().ok()),
    })
}
