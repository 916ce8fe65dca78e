//! RSS 2.0, as the RSS Advisory Board specifies it, with `content:encoded`, Dublin Core, and the links of Atom.

use url::Url;

use super::{Body, Document, Enclosure, Entry, Told, address, broken, filled, is_complete, older, settled};
use crate::dates::instant;
use crate::words;
use crate::xml::{Element, Space};

/// None if there is no channel.
pub fn feed(root: &Element, at: &Url) -> Option<Document> {
    let channel = root.child(Space::Plain, "channel")?;
    let base = channel.base(&root.base(at));
    let mut told = Vec::new();
    // Some stand beside the channel, as in RSS 1.0.
    for element in channel.elements().chain(root.elements()) {
        match (element.space, element.name.as_str()) {
            (Space::Plain, "item") => told.push(item(element, &base)),
            (Space::Tombstone, "deleted-entry") => {
                let Some(key) = element.attribute("ref").map(|key| key.trim().to_owned()) else { continue };
                told.push(Told::Gone { key, when: element.attribute("when").and_then(instant) });
            }
            _ => {}
        }
    }
    Some(Document {
        title: text(channel, Space::Plain, "title").map(|title| words::of_html(&title)).unwrap_or_default(),
        site: text(channel, Space::Plain, "link").and_then(|link| address(&link, &base)),
        told: settled(told),
        older: older(channel, &base, at),
        complete: is_complete(channel),
    })
}

fn item(element: &Element, outer: &Url) -> Told {
    let base = element.base(outer);
    let guid = element.child(Space::Plain, "guid");
    // A guid is an address unless it says that it is none.
    let permalink =
        guid.filter(|guid| guid.attribute("isPermaLink").is_none_or(|says| says.trim() != "false"));
    let link = text(element, Space::Plain, "link").and_then(|link| address(&link, &base));
    let whole = |guid: &Element| Url::parse(&guid.text()).ok().and_then(|url| address(url.as_str(), &base));
    let url = link.or_else(|| permalink.and_then(whole));
    let key = guid.map(Element::text).and_then(filled).or_else(|| url.as_ref().map(Url::to_string));
    if let Some(broken) = broken(element, key.as_ref()) {
        return broken;
    }
    let date = |space, name| text(element, space, name).as_deref().and_then(instant);
    let published = date(Space::Plain, "pubDate").or_else(|| date(Space::Dublin, "date"));
    Told::Entry(Entry {
        key: key.unwrap_or_default(),
        title: text(element, Space::Plain, "title").map(|title| words::of_html(&title)).unwrap_or_default(),
        body: text(element, Space::Content, "encoded")
            .or_else(|| text(element, Space::Plain, "description"))
            .map(Body::Html),
        authors: authors(element),
        labels: all(element, Space::Plain, "category")
            .filter_map(|one| filled(words::one_line(&one)))
            .collect(),
        published,
        updated: date(Space::Atom, "updated").or(published),
        enclosures: enclosures(element, &base),
        url,
    })
}

/// `dc:creator` holds a name, `author` an e-mail with the name in parentheses; who reads has no use for the former.
fn authors(element: &Element) -> Vec<String> {
    let creators: Vec<String> = all(element, Space::Dublin, "creator").filter_map(filled).collect();
    if !creators.is_empty() {
        return creators;
    }
    let name = |author: String| match author.split_once('(') {
        Some((_, name)) => filled(name.trim_end().trim_end_matches(')').trim().to_owned()),
        None => filled(author),
    };
    all(element, Space::Plain, "author").filter_map(name).collect()
}

fn enclosures(element: &Element, base: &Url) -> Vec<Enclosure> {
    let enclosures = element.elements().filter(|one| one.space == Space::Plain && one.name == "enclosure");
    let read = |enclosure: &Element| {
        Some(Enclosure {
            url: address(enclosure.attribute("url")?, base)?,
            media_type: enclosure.attribute("type").map(str::to_owned),
            // 0 is what those write who do not know it.
            size: enclosure
                .attribute("length")
                .and_then(|size| size.trim().parse().ok())
                .filter(|size| *size > 0),
        })
    };
    enclosures.filter_map(read).collect()
}

fn all<'a>(element: &'a Element, space: Space, name: &'a str) -> impl Iterator<Item = String> + 'a {
    element.elements().filter(move |child| child.space == space && child.name == name).map(Element::text)
}

fn text(element: &Element, space: Space, name: &str) -> Option<String> {
    all(element, space, name).find_map(filled)
}
