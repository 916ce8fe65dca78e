//! What a feed document says, whichever format it is written in. Pure.

mod atom;
mod rss;

use url::Url;

use crate::xml::{self, Element, Space};

/// One document of a feed.
#[derive(Debug)]
pub struct Document {
    pub title: String,
    /// The site that the feed is of.
    pub site: Option<Url>,
    pub told: Vec<Told>,
    /// Where the entries before these stand (RFC 5005, `next` and `prev-archive`).
    pub older: Option<Url>,
    /// There are no entries but these (RFC 5005, `fh:complete`).
    pub complete: bool,
}

#[derive(Debug)]
// Nearly all are entries, so that boxes would spare nothing.
#[allow(clippy::large_enum_variant)]
pub enum Told {
    Entry(Entry),
    /// A tombstone (RFC 6721), and its `when` in milliseconds.
    Gone {
        key: String,
        when: Option<u64>,
    },
    /// An entry that cannot be read; the key is made of its words where it has none.
    Broken {
        key: String,
        reason: &'static str,
    },
}

#[derive(Debug)]
pub struct Entry {
    /// What the feed calls it, else its address.
    pub key: String,
    pub title: String,
    pub url: Option<Url>,
    pub body: Option<Body>,
    /// Names, as they are written.
    pub authors: Vec<String>,
    pub labels: Vec<String>,
    pub published: Option<u64>,
    pub updated: Option<u64>,
    pub enclosures: Vec<Enclosure>,
}

#[derive(Debug)]
pub enum Body {
    Plain(String),
    Html(String),
}

/// A file that an entry brings along.
#[derive(Debug)]
pub struct Enclosure {
    pub url: Url,
    pub media_type: Option<String>,
    pub size: Option<u64>,
}

/// Reads a document that was found at `address`.
///
/// # Errors
///
/// Words that complete "what is there …".
pub fn read(text: &str, address: &Url) -> Result<Document, String> {
    let root = xml::parse(text, &["entry", "item"])?;
    match (root.space, root.name.as_str(), root.attribute("version")) {
        (Space::Atom, "feed", _) => Ok(atom::feed(&root, address)),
        (Space::Plain, "rss", version) if version.is_none_or(|version| version.trim().starts_with("2.")) => {
            rss::feed(&root, address).ok_or_else(|| "is RSS without a channel".to_owned())
        }
        (_, "html", _) => Err("is a web page: look on it for the address of its feed".to_owned()),
        (_, name, _) => Err(format!("begins with <{name}>, and only Atom 1.0 and RSS 2.0 are read")),
    }
}

/// Entries, with the later of two that have one name; RFC 4287 (4.1.1) allows several versions of one.
fn settled(told: Vec<Told>) -> Vec<Told> {
    let mut kept: Vec<Told> = Vec::with_capacity(told.len());
    let mut places = std::collections::BTreeMap::new();
    for one in told {
        let Told::Entry(entry) = &one else {
            kept.push(one);
            continue;
        };
        match places.get(&entry.key).and_then(|at: &usize| kept.get_mut(*at)) {
            Some(before) => {
                if matches!(before, Told::Entry(before) if before.updated < entry.updated) {
                    *before = one;
                }
            }
            None => {
                places.insert(entry.key.clone(), kept.len());
                kept.push(one);
            }
        }
    }
    kept
}

/// An address that a person or this connector may follow: `https` or `http`, relative to `base`.
fn address(text: &str, base: &Url) -> Option<Url> {
    let url = base.join(text.trim()).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(url)
}

/// The links of RFC 5005 are Atom's, in RSS too (its appendix B). A link to the document itself leads nowhere.
fn older(links_in: &Element, base: &Url, document: &Url) -> Option<Url> {
    let with = |rel: &str| {
        let named = |link: &&Element| {
            link.space == Space::Atom && link.name == "link" && link.attribute("rel") == Some(rel)
        };
        let link = links_in.elements().find(named)?;
        address(link.attribute("href")?, &link.base(base)).filter(|url| url != document)
    };
    with("prev-archive").or_else(|| with("next"))
}

fn is_complete(element: &Element) -> bool {
    element.child(Space::History, "complete").is_some()
}

/// Why an entry is not read, if it is not: it is bent, or nothing names it, so that it could not be told from another
/// after an edit.
fn broken(element: &Element, key: Option<&String>) -> Option<Told> {
    let reason = match key {
        _ if element.bent => "its tags do not match, so that nobody can tell where its parts end",
        None => "it has neither an id nor a link, so that nothing names it",
        Some(_) => return None,
    };
    let key = key.cloned().unwrap_or_else(|| format!("nameless:{}", crate::id::short(&element.text())));
    Some(Told::Broken { key, reason })
}

/// The value, unless it is empty.
fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
