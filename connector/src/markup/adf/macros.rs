//! Macros, which the editor calls extensions, and nodes that nobody here knows.

use std::borrow::Cow;

use super::json::Value;
use super::nodes::attribute;
use super::writer::{Node, Writer};

/// More settings of one macro are not looked at. Those that name what it shows come early, and there are a dozen.
const PARAMETERS_MAX: usize = 100;

impl<'j> Writer<'j> {
    /// Nodes that need a look at more than their own attributes.
    pub fn special(&mut self, kind: &str, node: Value<'j>) -> Node<'j> {
        match kind {
            "inlineCard" | "blockCard" | "embedCard" => self.card(kind, node),
            "applicationCard" => self.application_card(node),
            "mediaSingle" => self.media_single(node),
            "media" | "mediaInline" => self.media(node),
            "extension" | "inlineExtension" | "bodiedExtension" | "multiBodiedExtension" => {
                self.extension(node)
            }
            "extensionFrame" => Node { content: node.get("content"), close: "" },
            "unsupportedBlock" | "unsupportedInline" => self.unsupported(kind, node),
            "confluenceUnsupportedBlock" | "confluenceUnsupportedInline" => self.stored(kind, node),
            _ => self.unknown(kind, node),
        }
    }

    fn extension(&mut self, node: Value<'j>) -> Node<'j> {
        let attrs = node.get("attrs");
        let parameters = attrs.and_then(|attrs| attrs.get("parameters"));
        let settings = parameters.and_then(|all| all.get("macroParams").or_else(|| all.get("guestParams")));
        let title = parameters.and_then(|all| all.get("extensionTitle")).and_then(Value::text);
        self.tags("<ac:structured-macro");
        self.attribute("ac:name", &attribute(node, "extensionKey").unwrap_or_default());
        self.tags(">");
        if let Some(title) = title.or_else(|| attribute(node, "text")) {
            self.parameter("extension-title", &title);
        }
        let mut source = None;
        for setting in settings.into_iter().flat_map(Value::children).take(PARAMETERS_MAX) {
            let value = setting.text().or_else(|| setting.get("value")?.text());
            match (setting.key().as_ref(), value) {
                ("__bodyContent", value) => source = value,
                (key, Some(value)) => self.parameter(key, &value),
                (_, None) => {}
            }
        }
        if let Some(source) = source {
            self.tags("<ac:plain-text-body>");
            self.words(&source);
            self.tags("</ac:plain-text-body>");
        }
        let content = node.get("content");
        if content.is_none() {
            return Node { content, close: "</ac:structured-macro>" };
        }
        self.tags("<ac:rich-text-body>");
        Node { content, close: "</ac:rich-text-body></ac:structured-macro>" }
    }

    /// What the editor itself did not know is kept in it as it was.
    fn unsupported(&mut self, kind: &str, node: Value<'j>) -> Node<'j> {
        match node.get("attrs").and_then(|attrs| attrs.get("originalValue")) {
            Some(original) => Node { content: Some(original), close: "" },
            None => self.unknown(kind, node),
        }
    }

    /// What came out of storage format and has no node is still in storage format.
    fn stored(&mut self, kind: &str, node: Value<'j>) -> Node<'j> {
        match attribute(node, "cxhtml") {
            Some(stored) => {
                self.tags(&stored);
                Node { content: node.get("content"), close: "" }
            }
            None => self.unknown(kind, node),
        }
    }

    pub fn unknown(&mut self, kind: &str, node: Value<'j>) -> Node<'j> {
        let words = ["text", "title", "name", "url"].iter().find_map(|key| attribute(node, key));
        if kind.is_empty() {
            self.lose("(no type)");
            self.words(&words.or_else(|| node.get("text")?.text()).unwrap_or_default());
            return Node { content: node.get("content"), close: " " };
        }
        self.named(kind, node, words)
    }

    /// A node that only its name and these words can stand for.
    pub fn named(&mut self, kind: &str, node: Value<'j>, words: Option<Cow<'j, str>>) -> Node<'j> {
        self.tags("<adf:unknown");
        self.attribute("ac:name", kind);
        self.tags(">");
        if let Some(words) = words {
            self.parameter("title", &words);
        }
        Node { content: node.get("content"), close: "</adf:unknown>" }
    }
}
