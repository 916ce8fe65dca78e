//! Images. Their bytes are attachments, read elsewhere; here is what people call them.

use super::links::{destination, runs_code};
use super::renderer::Renderer;
use super::style::Style;
use super::tree::Element;

impl Renderer {
    pub fn image(&mut self, image: Element<'_>) {
        let target = self.target_in(image);
        let (name, address) = match target {
            Some(target) => (target.name, target.address.unwrap_or_default()),
            None => (String::new(), String::new()),
        };
        let described = ["ac:alt", "ac:title"]
            .iter()
            .filter_map(|key| image.attribute(key))
            .find(|words| !words.trim().is_empty());
        let alt = match &described {
            Some(words) => words.as_ref(),
            // A URL says nothing as a name, and stands behind it anyway.
            None if name == address => "",
            None => &name,
        };
        let caption = image.child("ac:caption");
        // The new editor places images between paragraphs and gives them a layout.
        let alone = self.between_blocks() && (caption.is_some() || image.attribute("ac:layout").is_some());
        self.write_image(alt, &address);
        if let Some(caption) = caption {
            self.caption(caption, alt);
        }
        self.children_that(image, |child| !child.name.starts_with("ri:") && child.name != "ac:caption");
        if alone {
            self.flow.flush();
        }
    }

    /// Written once: reading it a second time to compare would double the work with every image inside of a caption.
    fn caption(&mut self, caption: Element<'_>, alt: &str) {
        let style = Style { join: Some(" "), ..self.flow.style };
        let words = self.apart(style, |renderer| renderer.children(caption));
        if words != alt {
            self.flow.space();
            self.flow.markdown(&words);
        }
    }

    pub fn web_image(&mut self, image: Element<'_>) {
        let alt = image.attribute("alt").or_else(|| image.attribute("title"));
        let address = image.attribute("src").unwrap_or_default();
        self.write_image(alt.as_deref().unwrap_or_default(), &address);
    }

    fn write_image(&mut self, alt: &str, address: &str) {
        if self.flow.style.plain || address.is_empty() || runs_code(address) {
            self.flow.words(alt);
            return;
        }
        let alt = self.label_of(alt);
        let address = destination(address, self.flow.style.cell);
        self.flow.markdown(&format!("![{alt}]({address})"));
    }
}
