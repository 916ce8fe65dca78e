//! Walks a document and writes tags and words.

use super::json::Value;
use super::marks::Link;
use crate::markup::losses::{self, Counts};

/// What a node leaves to be done when its beginning is written.
pub struct Node<'j> {
    /// The values whose nodes stand inside of it: an array, or one node.
    pub content: Option<Value<'j>>,
    /// What ends it.
    pub close: &'static str,
}

enum Step<'j> {
    Visit(Value<'j>),
    Close(&'static str),
}

#[derive(Default)]
pub struct Writer<'j> {
    out: String,
    lost: Counts,
    /// The link around the words that were written last: it goes on as long as texts share it.
    pub(super) link: Option<Link<'j>>,
    /// An image has been begun, and the next file is its.
    pub(super) image_open: bool,
}

impl<'j> Writer<'j> {
    /// Writes a node and all inside of it. The way back up lies in a list and not on the stack, since nobody limits the depth.
    pub fn write(&mut self, node: Value<'j>) {
        let mut steps = vec![Step::Visit(node)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Close(tags) => self.tags(tags),
                Step::Visit(value) if value.is_object() => {
                    let Node { content, close } = self.node(value);
                    steps.push(Step::Close(close));
                    if let Some(content) = content {
                        steps.push(Step::Visit(content));
                    }
                }
                Step::Visit(value) if value.is_array() => {
                    let from = steps.len();
                    steps.extend(value.children().map(Step::Visit));
                    if let Some(children) = steps.get_mut(from..) {
                        children.reverse();
                    }
                }
                // A text where a node should be.
                Step::Visit(value) => {
                    self.words(&value.text().unwrap_or_default());
                    self.tags(" ");
                }
            }
        }
        self.end_link();
    }

    pub fn finish(self) -> (String, Counts) {
        (self.out, self.lost)
    }

    pub fn lose(&mut self, name: &str) {
        losses::count(&mut self.lost, name);
    }

    /// Writes markup as it is.
    pub fn tags(&mut self, tags: &str) {
        if !tags.is_empty() {
            self.end_link();
            self.out.push_str(tags);
        }
    }

    /// Writes markup into the link that is open.
    pub(super) fn inner_tags(&mut self, tags: &str) {
        self.out.push_str(tags);
    }

    /// Writes text, in an element or in an attribute's quotes.
    pub fn words(&mut self, words: &str) {
        for character in words.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                _ => self.out.push(character),
            }
        }
    }

    /// Writes ` name="value"`.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.words(value);
        self.out.push('"');
    }

    /// Writes a macro's setting.
    pub fn parameter(&mut self, name: &str, value: &str) {
        self.tags("<ac:parameter");
        self.attribute("ac:name", name);
        self.tags(">");
        self.words(value);
        self.tags("</ac:parameter>");
    }
}
