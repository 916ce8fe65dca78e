//! A body as a tree: the nesting that macros, tables and links are read by.
//!
//! One vector of nodes that point at each other by number, so that a deep or broken body costs neither
//! recursion nor an allocation per element.

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes;

use super::builder::Builder;
use super::entities::decode;
use super::events::Events;

/// Stands for no node.
pub(super) const NOBODY: u32 = u32::MAX;

pub(super) enum Kind<'a> {
    Text(&'a str),
    Raw(&'a str),
    Element { name: &'a str, attributes: &'a str },
}

pub(super) struct Node<'a> {
    pub kind: Kind<'a>,
    pub first_child: u32,
    pub next: u32,
}

pub struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) overflow: String,
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
            builder.event(event);
        }
        builder.finish()
    }

    pub fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0, name: "", attributes: "" }
    }

    /// The words behind the node that was one too many.
    pub fn overflow(&self) -> &str {
        &self.overflow
    }
}

impl<'t> Element<'t> {
    pub fn children(self) -> impl Iterator<Item = Child<'t>> {
        let nodes = &self.tree.nodes;
        let mut next = nodes.get(self.at as usize).map_or(NOBODY, |node| node.first_child);
        std::iter::from_fn(move || {
            let at = next;
            let node = nodes.get(at as usize)?;
            next = node.next;
            Some(match node.kind {
                Kind::Text(text) => Child::Text(text),
                Kind::Raw(text) => Child::Raw(text),
                Kind::Element { name, attributes } => {
                    Child::Element(Element { tree: self.tree, at, name, attributes })
                }
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
        let found =
            attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == key)?;
        Some(match found.value {
            Cow::Borrowed(value) => decode(value),
            Cow::Owned(value) => Cow::Owned(decode(&value).into_owned()),
        })
    }
}
