//! What becomes of awkward feeds, whole.

use url::Url;

use crate::charset::decode;
use crate::contract::weir::connector::types::{Access, Item};
use crate::document::{self, Told};
use crate::item;

fn told(bytes: &[u8]) -> String {
    let address = Url::parse("https://blog.example/feed").unwrap();
    let document = document::read(&decode(bytes, Some("application/xml")), &address).unwrap();
    let mut lines = vec![format!(
        "{:?} of {:?}, older at {:?}, complete: {}",
        document.title,
        document.site.as_ref().map(Url::as_str),
        document.older.as_ref().map(Url::as_str),
        document.complete
    )];
    let near = |url: &Url| url.host_str() == Some("blog.example");
    for told in &document.told {
        match told {
            Told::Entry(entry) => lines.extend(item::entry(&address, entry, near).iter().map(line)),
            Told::Gone { key, when } => lines.push(format!("gone: {key} at {when:?}")),
            Told::Broken { key, reason } => lines.push(format!("broken: {key}, {reason}")),
        }
    }
    lines.join("\n")
}

fn line(item: &Item) -> String {
    let id = item.id.split_once('/').unwrap().1;
    assert!(matches!(item.access, Access::Inherited));
    let body = item.body.as_ref().map(|body| format!("{:?} {:?}", body.format, body.value));
    let file = item.file.as_ref().map(|file| format!("{} {:?}", file.media_type, file.size));
    let parts = [body, file, item.created.map(|at| at.to_string())];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{} {id} {:?} {} {:?}\n  {}", item.kind, item.title, item.url, item.properties, parts.join(" | "))
}

#[test]
fn an_awkward_atom_feed() {
    insta::assert_snapshot!(told(include_bytes!("../tests/feeds/awkward-atom.xml")), @r#"
        "Café news" of Some("https://blog.example/"), older at Some("https://blog.example/posts/?page=2"), complete: false
        entry tag:blog.example,2026:escaped "Plain <title> & more" https://blog.example/posts/2026/escaped.html [("label", "How to"), ("label", "bare"), ("author", "Ana"), ("enclosure", "https://cdn.example/film.mp4")]
          TextFormat::Html "<p>An <em>escaped</em> otter &amp; friends</p>" | 1767603600000
        enclosure tag:blog.example,2026:escaped#2f19d2db38b5e0922779e683 "plan.txt" https://blog.example/posts/2026/plan.txt []
          text/plain Some(12) | 1767603600000
        entry tag:blog.example,2026:xhtml "An xhtml title" https://blog.example/feed []
          TextFormat::Html "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>A beaver &lt;3</p></div>" | 1767528000000
        entry tag:blog.example,2026:twice "The later version" https://blog.example/feed []
          TextFormat::Plain "Only a summary." | 1767355200000
        broken: nameless:845b1b721cf52fa050be636e, it has neither an id nor a link, so that nothing names it
        broken: tag:blog.example,2026:bent, its tags do not match, so that nobody can tell where its parts end
        gone: tag:blog.example,2026:gone at Some(1767398400000)
    "#);
}

#[test]
fn an_awkward_rss_feed_of_1998_letters() {
    insta::assert_snapshot!(told(include_bytes!("../tests/feeds/awkward-rss.xml")), @r#"
        "R&D – releases" of Some("https://blog.example/"), older at None, complete: true
        entry release-2 "Version 2 <beta>" https://blog.example/releases/2 [("label", "Releases"), ("author", "Ben")]
          TextFormat::Html "<p>A heron&nbsp;lands &amp; rests.</p>" | 1767632400000
        enclosure release-2#dd7660b93e5db765cc6975d8 "notes.pdf" https://blog.example/files/notes.pdf []
          application/pdf None | 1767632400000
        entry https://blog.example/releases/1 "No title here, only words, of which there are more than would fit into one line…" https://blog.example/releases/1 [("author", "Ana")]
          TextFormat::Html "<p>No title here, only words, of which there are more than would fit into one line of a list of results.</p>"
        entry https://blog.example/linked "Only a link" https://blog.example/linked []
          
        broken: nameless:614f1cdf4546e447f70738b9, it has neither an id nor a link, so that nothing names it
    "#);
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let address = Url::parse("https://blog.example/").unwrap();
    let read = |text: &str| document::read(text, &address).unwrap_err();
    insta::assert_snapshot!(read("<!DOCTYPE html><html><head/></html>"), @"is a web page: look on it for the address of its feed");
    insta::assert_snapshot!(read("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"), @"begins with <RDF>, and only Atom 1.0 and RSS 2.0 are read");
    insta::assert_snapshot!(read("<rss version='0.91'><channel/></rss>"), @"begins with <rss>, and only Atom 1.0 and RSS 2.0 are read");
    insta::assert_snapshot!(read("<rss version='2.0'/>"), @"is RSS without a channel");
    insta::assert_snapshot!(read("{\"version\": \"https://jsonfeed.org/version/1\"}"), @"holds no element");
}
