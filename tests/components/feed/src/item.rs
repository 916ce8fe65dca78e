//! What a feed says, as items of the contract. Pure.

use url::Url;

use crate::contract::weir::connector::types::{Access, File, Item, Principal, Summary, Text, TextFormat};
use crate::document::{Body, Document, Enclosure, Entry};
use crate::id;
use crate::setup::Readers;
use crate::words;

/// The people whom the settings name.
pub const GROUP: &str = "readers";

/// Letters of a body that stand for a title where there is none.
const TITLE_LETTERS_MAX: usize = 80;

/// The feed itself: the root, which says who may read.
pub fn feed(address: &Url, document: &Document, readers: &Readers) -> Item {
    let site = document.site.as_ref().unwrap_or(address);
    let title = match document.title.as_str() {
        "" => address.host_str().unwrap_or_default(),
        title => title,
    };
    Item {
        id: id::feed(address),
        kind: "feed".to_owned(),
        parent: None,
        version: id::short(&format!("{title}\n{site}")),
        title: title.to_owned(),
        url: site.to_string(),
        body: None,
        file: None,
        access: access(readers),
        author: None,
        editor: None,
        created: None,
        updated: None,
        properties: vec![("address".to_owned(), address.to_string())],
    }
}

/// The same without its being fetched: it is there, and these may read it.
pub fn feed_seen(address: &Url, version: &str, readers: &Readers) -> Summary {
    Summary {
        id: id::feed(address),
        parent: None,
        version: version.to_owned(),
        access: Some(access(readers)),
    }
}

fn access(readers: &Readers) -> Access {
    Access::Replaced(match readers {
        Readers::Everyone => vec![Principal::Anyone],
        // A group, so that somebody comes or goes without the feed being opened or shut.
        Readers::People(_) => vec![Principal::Group(GROUP.to_owned())],
    })
}

/// An entry and the files it brings. Of those elsewhere than `reaches` only the address is told.
pub fn entry(address: &Url, entry: &Entry, reaches: impl Fn(&Url) -> bool) -> Vec<Item> {
    let feed = id::feed(address);
    let name = id::entry(&feed, &entry.key);
    let (near, far): (Vec<_>, Vec<_>) = entry.enclosures.iter().partition(|one| reaches(&one.url));
    let property = |name: &'static str| move |value: &String| (name.to_owned(), value.clone());
    let labels = entry.labels.iter().map(property("label"));
    let authors = entry.authors.iter().map(property("author"));
    let elsewhere = far.iter().map(|one| ("enclosure".to_owned(), one.url.to_string()));
    let item = Item {
        id: name.clone(),
        kind: "entry".to_owned(),
        parent: Some(feed),
        // Feeds date their entries as they please, so what differs is found by all that is said.
        version: id::short(&format!("{entry:?}")),
        title: title(entry),
        url: entry.url.as_ref().unwrap_or(address).to_string(),
        body: entry.body.as_ref().map(text),
        file: None,
        access: Access::Inherited,
        author: None,
        editor: None,
        created: entry.published.or(entry.updated),
        updated: entry.updated.or(entry.published),
        properties: labels.chain(authors).chain(elsewhere).collect(),
    };
    let mut items = vec![item];
    items.extend(near.into_iter().map(|one| enclosure(&name, entry, one)));
    items
}

fn enclosure(parent: &str, entry: &Entry, enclosure: &Enclosure) -> Item {
    let segment = enclosure.url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let name = if segment.is_empty() { enclosure.url.as_str() } else { segment };
    let media_type = enclosure.media_type.as_deref().unwrap_or("application/octet-stream");
    Item {
        id: id::enclosure(parent, &enclosure.url),
        kind: "enclosure".to_owned(),
        parent: Some(parent.to_owned()),
        version: id::short(&format!("{enclosure:?} {:?}", entry.updated)),
        title: name.to_owned(),
        url: enclosure.url.to_string(),
        body: None,
        file: Some(File {
            link: enclosure.url.to_string(),
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: enclosure.size,
        }),
        access: Access::Inherited,
        author: None,
        editor: None,
        created: entry.published,
        updated: entry.updated.or(entry.published),
        properties: Vec::new(),
    }
}

fn text(body: &Body) -> Text {
    let (format, value) = match body {
        Body::Plain(value) => (TextFormat::Plain, value),
        Body::Html(value) => (TextFormat::Html, value),
    };
    Text { format, value: value.clone() }
}

/// A title is not required in RSS, and may be empty in Atom: then the first words stand for it.
fn title(entry: &Entry) -> String {
    if !entry.title.is_empty() {
        return entry.title.clone();
    }
    let words = match &entry.body {
        Some(Body::Plain(text)) => words::one_line(text),
        Some(Body::Html(html)) => words::of_html(html),
        None => String::new(),
    };
    match words.char_indices().nth(TITLE_LETTERS_MAX) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default().trim_end()),
        None if words.is_empty() => entry.key.clone(),
        None => words,
    }
}
