//! A body as a tree: the nesting that macros, tables and links are read by.
//!
//! One vector of nodes that point at each other by number, so that a deep or broken body costs neither
//! recursion nor an allocation per element. Mismatched tags are mended as a browser would.

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes;

use super::entities::decode;
use super::events::{Event, Events};

/// Elements nested deeper than this are read as if their tags were not there. Real pages stay
/// below 40; the walk over the tree is recursive and has to fit a stack of 1 MiB.
const DEPTH_MAX: usize = 100;

/// Of what follows this many nodes only the words are kept, so that a body of nothing but tags cannot fill the
/// sandbox's memory (a node is 32 bytes there). A page of 5 MB usually has a tenth of it.
const NODES_MAX: usize = 1 << 20;

const NOBODY: u32 = u32::MAX;

enum Kind<'a> {
    Text(&'a str),
    Raw(&'a str),
    Element { name: &'a str, attributes: &'a str },
}

struct Node<'a> {
    kind: Kind<'a>,
    first_child: u32,
    next: u32,
}

pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    overflow: String,
}

/// An element of a tree.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    pub name: &'t str,
    attributes: &'t str,
}

pub enum Child<'t> {
    /// Text with its entities.
    Text(&'t str),
    /// Text to be taken literally.
    Raw(&'t str),
    Element(Element<'t>),
}

impl<'a> Tree<'a> {
    pub fn parse(input: &'a str) -> Self {
        let mut builder = Builder::new();
        for event in Events::new(input) {
            match event {
                Event::Text(text) => builder.text(Kind::Text(text), text),
                Event::Raw(text) => builder.text(Kind::Raw(text), text),
                Event::Start {
                    name,
                    attributes,
                    empty,
                } => builder.start(name, attributes, empty),
                Event::End(name) => builder.end(name),
            }
        }
        builder.tree
    }

    pub fn root(&self) -> Element<'_> {
        Element {
            tree: self,
            at: 0,
            name: "",
            attributes: "",
        }
    }

    /// The words behind the node that was one too many.
    pub fn overflow(&self) -> &str {
        &self.overflow
    }
}

impl<'t> Element<'t> {
    pub fn children(self) -> impl Iterator<Item = Child<'t>> {
        let nodes = &self.tree.nodes;
        let mut next = nodes
            .get(self.at as usize)
            .map_or(NOBODY, |node| node.first_child);
        std::iter::from_fn(move || {
            let at = next;
            let node = nodes.get(at as usize)?;
            next = node.next;
            Some(match node.kind {
                Kind::Text(text) => Child::Text(text),
                Kind::Raw(text) => Child::Raw(text),
                Kind::Element { name, attributes } => Child::Element(Element {
                    tree: self.tree,
                    at,
                    name,
                    attributes,
                }),
            })
        })
    }

    pub fn elements(self) -> impl Iterator<Item = Element<'t>> {
        self.children().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The first child element of that name.
    pub fn child(self, name: &str) -> Option<Element<'t>> {
        self.elements().find(|element| element.name == name)
    }

    pub fn attribute(self, key: &str) -> Option<Cow<'t, str>> {
        if self.attributes.is_empty() {
            return None;
        }
        let mut attributes = Attributes::html(self.attributes, 0);
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.as_ref() == key)?;
        Some(match found.value {
            Cow::Borrowed(value) => decode(value),
            Cow::Owned(value) => Cow::Owned(decode(&value).into_owned()),
        })
    }
}

struct Open<'a> {
    name: &'a str,
    at: u32,
    last_child: u32,
}

struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open<'a>>,
    /// Elements open beyond [`DEPTH_MAX`].
    deeper: usize,
}

impl<'a> Builder<'a> {
    fn new() -> Self {
        let mut builder = Self {
            tree: Tree {
                nodes: Vec::new(),
                overflow: String::new(),
            },
            open: Vec::new(),
            deeper: 0,
        };
        let root = Kind::Element {
            name: "",
            attributes: "",
        };
        builder.add(root);
        builder.open.push(Open {
            name: "",
            at: 0,
            last_child: NOBODY,
        });
        builder
    }

    fn full(&self) -> bool {
        self.tree.nodes.len() >= NODES_MAX
    }

    fn text(&mut self, kind: Kind<'a>, text: &'a str) {
        if self.full() {
            self.tree.overflow.push_str(&decode(text));
            self.tree.overflow.push(' ');
        } else {
            self.add(kind);
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, empty: bool) {
        if self.full() {
            return;
        }
        while self
            .open
            .last()
            .is_some_and(|open| ends_before(open.name, name))
        {
            self.open.pop();
        }
        let empty = empty || matches!(name, "br" | "hr" | "col" | "img" | "wbr");
        if self.open.len() > DEPTH_MAX {
            self.deeper += usize::from(!empty);
            return;
        }
        let at = self.add(Kind::Element { name, attributes });
        if !empty {
            self.open.push(Open {
                name,
                at,
                last_child: NOBODY,
            });
        }
    }

    /// Closes the innermost open element of that name and all inside of it. An end without a start closes nothing.
    fn end(&mut self, name: &str) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let outward = self.open.iter().enumerate().skip(1).rev();
        for (depth, open) in outward {
            if open.name == name {
                self.open.truncate(depth);
                return;
            }
            if keeps_inside(open.name) && !keeps_inside(name) {
                return;
            }
        }
    }

    /// Appends a node to the innermost open element.
    fn add(&mut self, kind: Kind<'a>) -> u32 {
        let at = u32::try_from(self.tree.nodes.len()).unwrap_or(NOBODY);
        self.tree.nodes.push(Node {
            kind,
            first_child: NOBODY,
            next: NOBODY,
        });
        if let Some(parent) = self.open.last_mut() {
            let elder = std::mem::replace(&mut parent.last_child, at);
            if let Some(node) = self.tree.nodes.get_mut(elder as usize) {
                node.next = at;
            } else if let Some(node) = self.tree.nodes.get_mut(parent.at as usize) {
                node.first_child = at;
            }
        }
        at
    }
}

/// Whether `open` was left open by mistake, because `next` cannot stand inside of it.
fn ends_before(open: &str, next: &str) -> bool {
    match open {
        "p" | "li" | "tr" => open == next,
        "td" | "th" => matches!(next, "td" | "th" | "tr"),
        // Values without markup: whatever begins here belongs behind them.
        "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:adf-attribute" => true,
        "ac:parameter" => {
            is_block(next)
                || matches!(
                    next,
                    "ac:parameter" | "ac:rich-text-body" | "ac:plain-text-body"
                )
        }
        _ => false,
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "table"
            | "blockquote"
            | "pre"
    )
}

/// Elements that stray end tags of text inside of them do not close.
fn keeps_inside(name: &str) -> bool {
    matches!(
        name,
        "table" | "thead" | "tbody" | "tr" | "td" | "th" | "ul" | "ol" | "li"
    ) || (name.starts_with("ac:") && name != "ac:inline-comment-marker")
}
