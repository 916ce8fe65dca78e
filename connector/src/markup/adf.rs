//! `ac:adf-extension`: what the new editor has and storage format has not.
//!
//! It holds the same words twice: as a node of the editor's own format, and as a fallback in XHTML.

use super::renderer::Renderer;
use super::tree::Element;

impl Renderer {
    pub fn adf_extension(&mut self, extension: Element<'_>) {
        self.flow.flush();
        let node = extension.child("ac:adf-node");
        if let Some(node) = node
            && node.attribute("type").as_deref() == Some("panel")
            && let Some(content) = node.child("ac:adf-content")
        {
            // The fallback of a panel has lost which kind it is.
            let kind = self.adf_attribute(node, "panel-type");
            self.panel(&kind, "", |renderer| renderer.children(content));
            return;
        }
        let spot = self.flow.spot();
        if let Some(fallback) = extension.child("ac:adf-fallback") {
            self.blocks(fallback);
        }
        if self.flow.nothing_since(spot) {
            self.children_that(extension, |child| child.name != "ac:adf-fallback");
        } else {
            self.children_that(extension, |child| !matches!(child.name, "ac:adf-fallback" | "ac:adf-node"));
        }
        self.flow.flush();
    }

    fn adf_attribute(&mut self, node: Element<'_>, key: &str) -> String {
        let attribute = node
            .elements()
            .find(|child| child.name == "ac:adf-attribute" && child.attribute("key").as_deref() == Some(key));
        attribute.map_or_else(String::new, |attribute| self.plain(attribute))
    }
}
