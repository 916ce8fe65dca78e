//! A document as a tree, lenient towards what feeds do to XML.
//!
//! Tags that do not match are closed where the element around them closes, and the element in which that happened is
//! `bent`: what stands in it cannot be trusted, what stands beside it can.

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use url::Url;

/// Deeper than any feed; what lies deeper is left out, so that no document fills the stack.
const DEPTH_MAX: usize = 128;

/// Whose word an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    Atom,
    /// None at all, as RSS has it.
    Plain,
    /// `content:encoded`.
    Content,
    /// `dc:creator`, `dc:date`.
    Dublin,
    /// RFC 5005.
    History,
    /// RFC 6721.
    Tombstone,
    Other,
}

impl Space {
    fn of(name: &str) -> Self {
        match name {
            "http://www.w3.org/2005/Atom" => Self::Atom,
            "http://purl.org/rss/1.0/modules/content/" => Self::Content,
            "http://purl.org/dc/elements/1.1/" => Self::Dublin,
            "http://purl.org/syndication/history/1.0" => Self::History,
            "http://purl.org/atompub/tombstones/1.0" => Self::Tombstone,
            _ => Self::Other,
        }
    }
}

#[derive(Debug)]
pub struct Element {
    pub space: Space,
    /// Without its prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
    /// A tag in it, at any depth, was not closed or not opened.
    pub bent: bool,
    /// With its prefix, as the end tag repeats it.
    tag: String,
}

#[derive(Debug)]
enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An attribute by its name as written: `href`, `xml:base`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub fn child(&self, space: Space, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.space == space && element.name == name)
    }

    /// All text in it, trimmed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text.trim().to_owned()
    }

    fn gather(&self, into: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => into.push_str(text),
                Node::Element(element) => element.gather(into),
            }
        }
    }

    /// What is in it, as markup again: `atom:content` of type `xhtml`.
    pub fn markup(&self) -> String {
        let mut markup = String::new();
        self.write_children(&mut markup);
        markup.trim().to_owned()
    }

    fn write_children(&self, into: &mut String) {
        use quick_xml::escape::{escape, partial_escape};
        for node in &self.children {
            match node {
                Node::Text(text) => into.push_str(&partial_escape(text.as_str())),
                Node::Element(element) => {
                    into.push('<');
                    into.push_str(&element.name);
                    for (name, value) in &element.attributes {
                        into.push_str(&format!(" {name}=\"{}\"", escape(value.as_str())));
                    }
                    into.push('>');
                    element.write_children(into);
                    into.push_str(&format!("</{}>", element.name));
                }
            }
        }
    }

    /// The base of relative addresses in it (XML Base), where that of its parent is `outer`.
    pub fn base(&self, outer: &Url) -> Url {
        let own = self.attribute("xml:base").and_then(|base| outer.join(base.trim()).ok());
        own.unwrap_or_else(|| outer.clone())
    }
}

/// Reads a whole document. `repeated` names the element that never stands inside another of its name, so that one
/// entry which is not closed does not swallow the next.
///
/// # Errors
///
/// Words that complete "… it", where it breaks off or is no XML at all.
pub fn parse(text: &str, repeated: &[&str]) -> Result<Element, String> {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open = Open::default();
    loop {
        match reader.read_resolved_event() {
            Ok((space, Event::Start(tag))) => {
                let space = match space {
                    ResolveResult::Bound(name) => Space::of(name.into_inner()),
                    ResolveResult::Unbound => Space::Plain,
                    ResolveResult::Unknown(_) => Space::Other,
                };
                open.start(element(space, &tag), repeated);
            }
            Ok((_, Event::End(tag))) => open.end(tag.name().into_inner()),
            Ok((_, Event::Text(text))) => open.text(&text.xml10_content()),
            Ok((_, Event::CData(text))) => open.text(&text.xml10_content()),
            Ok((_, Event::GeneralRef(reference))) => open.text(&character(&reference)),
            Ok((_, Event::Eof)) => break,
            Ok(_) => {}
            Err(error) => {
                return Err(format!("is no well-formed XML at byte {} ({error})", reader.error_position()));
            }
        }
    }
    match open.root {
        Some(root) => Ok(root),
        None if open.path.is_empty() => Err("holds no element".to_owned()),
        None => Err("breaks off before its end".to_owned()),
    }
}

fn element(space: Space, tag: &BytesStart<'_>) -> Element {
    let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let value = attribute.normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_html5_entity);
        let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        (attribute.key.into_inner().to_owned(), value)
    };
    Element {
        space,
        name: tag.local_name().into_inner().to_owned(),
        attributes: tag.attributes().with_checks(false).flatten().map(attribute).collect(),
        children: Vec::new(),
        bent: false,
        tag: tag.name().into_inner().to_owned(),
    }
}

/// What `&…;` stands for; an entity that nobody knows stays as it is written.
fn character(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        _ => match resolve_html5_entity(reference) {
            Some(text) => text.to_owned(),
            None => format!("&{};", &**reference),
        },
    }
}

/// The elements that are open, from the root on.
#[derive(Default)]
struct Open {
    path: Vec<Element>,
    root: Option<Element>,
    /// Elements open below the deepest that is kept.
    below: usize,
}

impl Open {
    fn start(&mut self, element: Element, repeated: &[&str]) {
        if self.root.is_some() {
            return;
        }
        let is_repeated = repeated.contains(&element.name.as_str());
        let at = is_repeated.then(|| self.path.iter().position(|open| open.tag == element.tag)).flatten();
        if let Some(at) = at {
            self.below = 0;
            self.close_down_to(at + 1);
            self.bend();
            self.close();
        }
        if self.path.len() >= DEPTH_MAX {
            self.below += 1;
        } else {
            self.path.push(element);
        }
    }

    fn end(&mut self, tag: &str) {
        if self.below > 0 {
            self.below -= 1;
        } else if let Some(at) = self.path.iter().rposition(|open| open.tag == tag) {
            self.close_down_to(at + 1);
            self.close();
        } else {
            self.bend();
        }
    }

    fn text(&mut self, text: &str) {
        let Some(last) = self.path.last_mut() else { return };
        match last.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => last.children.push(Node::Text(text.to_owned())),
        }
    }

    /// Closes what its own end tag did not, until so many are open.
    fn close_down_to(&mut self, depth: usize) {
        while self.path.len() > depth {
            self.bend();
            self.close();
        }
    }

    fn bend(&mut self) {
        if let Some(last) = self.path.last_mut() {
            last.bent = true;
        }
    }

    fn close(&mut self) {
        let Some(closed) = self.path.pop() else { return };
        match self.path.last_mut() {
            Some(parent) => {
                parent.bent |= closed.bent;
                parent.children.push(Node::Element(closed));
            }
            None => self.root = Some(closed),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Space, parse};

    #[test]
    fn one_bent_entry_leaves_the_others_straight() {
        let text = "<feed><entry><b>one</entry><entry>two<entry>three</entry><entry>four</i></entry></feed>";
        let root = parse(text, &["entry"]).unwrap();
        let entries: Vec<_> = root.elements().map(|entry| (entry.text(), entry.bent)).collect();
        let expected = [("one", true), ("two", true), ("three", false), ("four", true)];
        assert_eq!(entries, expected.map(|(text, bent)| (text.to_owned(), bent)));
    }

    #[test]
    fn entities_are_html_s_and_a_bare_ampersand_is_one() {
        let root = parse("<a t='&auml;&#x41;'>&lt;b&gt;&nbsp;&euro; R&D &bogus; &#66;</a>", &[]).unwrap();
        assert_eq!(root.attribute("t"), Some("äA"));
        assert_eq!(root.text(), "<b>\u{a0}€ R&D &bogus; B");
    }

    #[test]
    fn namespaces_are_told_by_their_names_and_markup_comes_back() {
        let text =
            "<f xmlns:a='http://www.w3.org/2005/Atom' xmlns='x:y'><a:c><b k='&quot;'>1 &lt; 2</b></a:c></f>";
        let root = parse(text, &[]).unwrap();
        let content = root.child(Space::Atom, "c").unwrap();
        assert_eq!(content.markup(), "<b k=\"&quot;\">1 &lt; 2</b>");
        assert_eq!(content.elements().next().unwrap().space, Space::Other);
    }

    #[test]
    fn what_is_cut_off_or_no_xml_is_refused() {
        assert_eq!(parse("<feed><entry>", &[]).unwrap_err(), "breaks off before its end");
        assert_eq!(parse("not found", &[]).unwrap_err(), "holds no element");
        assert!(parse("<feed><!-- ", &[]).unwrap_err().contains("no well-formed XML"));
    }

    #[test]
    fn depth_and_bombs_come_to_nothing() {
        let deep = format!("<r>{}{}<end/></r>", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert!(parse(&deep, &[]).unwrap().elements().any(|child| child.name == "end"));
        let bomb = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><r>&b;</r>";
        assert_eq!(parse(bomb, &[]).unwrap().text(), "&b;");
    }
}
