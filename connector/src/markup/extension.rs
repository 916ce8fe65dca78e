//! `ac:adf-extension`: what the new editor has and storage format has not.
//!
//! It holds the same words twice: as a node of the editor's own format, and as a fallback in XHTML. What is known here is
//! read from the node, which says more; of the rest the fallback is taken, and the node if that is empty.

use super::renderer::{BOLD, Renderer};
use super::tree::Element;

/// What is counted for an extension of which neither half has a word.
pub const WORDLESS: &str = "ac:adf-extension";

impl Renderer {
    pub fn adf_extension(&mut self, extension: Element<'_>) {
        let node = extension.child("ac:adf-node");
        let kind = node.and_then(|node| node.attribute("type")).unwrap_or_default();
        if kind != "inline-extension" {
            self.flow.flush();
        }
        let spot = self.flow.spot();
        match node {
            Some(node) if is_macro(&kind) => self.adf_macro(node),
            Some(node) if matches!(kind.as_ref(), "panel" | "decision-list") => self.adf_node(node),
            _ => {}
        }
        let untold = self.flow.nothing_since(spot);
        let fallback = extension.child("ac:adf-fallback");
        let more = is_macro(&kind) && node.is_some_and(|node| node.child("ac:adf-content").is_none());
        if let Some(fallback) = fallback
            && (untold || more)
        {
            self.blocks(fallback);
        }
        if self.flow.nothing_since(spot) {
            self.children_that(extension, |child| child.name != "ac:adf-fallback");
        } else {
            self.children_that(extension, |child| !matches!(child.name, "ac:adf-fallback" | "ac:adf-node"));
        }
        if self.flow.nothing_since(spot) {
            self.lose(WORDLESS);
        }
        if kind != "inline-extension" {
            self.flow.flush();
        }
    }

    /// A node as storage format writes it: a panel, a decision, or something that stands around others.
    pub fn adf_node(&mut self, node: Element<'_>) {
        let kind = node.attribute("type").unwrap_or_default();
        match kind.as_ref() {
            "panel" => {
                let kind = self.adf_attribute(node, "panel-type");
                self.panel(&kind, "", |renderer| renderer.children(node));
            }
            "decision-list" => self.list(node, false),
            "decision-item" => self.decision(node),
            kind if is_macro(kind) => self.adf_macro(node),
            _ => self.blocks(node),
        }
    }

    fn adf_macro(&mut self, node: Element<'_>) {
        let key = self.adf_attribute(node, "extension-key");
        self.named_macro(&key, node);
    }

    /// That something was decided is what a list of decisions is for, and no Markdown says it.
    fn decision(&mut self, item: Element<'_>) {
        let decided = self.adf_attribute(item, "state") != "UNDECIDED";
        let before = self.flow.spot();
        let title = if decided { "Decision:" } else { "To decide:" };
        self.marked(&BOLD, |renderer| renderer.flow.words(title));
        self.flow.space();
        let behind = self.flow.spot();
        for child in item.elements() {
            // The words are text, but a block here would part them from their title.
            if child.name == "ac:adf-content" {
                self.children(child);
            } else {
                self.element(child);
            }
        }
        if self.flow.nothing_since(behind) {
            self.flow.rewind(before);
        }
    }

    fn adf_attribute(&mut self, node: Element<'_>, key: &str) -> String {
        let attribute = node
            .elements()
            .find(|child| child.name == "ac:adf-attribute" && child.attribute("key").as_deref() == Some(key));
        attribute.map_or_else(String::new, |attribute| self.plain(attribute))
    }
}

fn is_macro(kind: &str) -> bool {
    matches!(kind, "extension" | "inline-extension" | "bodied-extension" | "multi-bodied-extension")
}
