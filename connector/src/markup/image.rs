//! Images. Their bytes are attachments, read elsewhere; here is what people call them.

use super::links::runs_code;
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
        let said = |key| image.attribute(key).filter(|words| !words.trim().is_empty());
        let (described, title) = (said("ac:alt").or_else(|| said("ac:title")), said("ac:title"));
        let alt = match &described {
            Some(words) => words.as_ref(),
            // A URL says nothing as a name, and stands behind it anyway.
            None if name == address => "",
            None => &name,
        };
        let caption = image.child("ac:caption");
        // The new editor places images between paragraphs and gives them a layout.
        let placed = caption.is_some() || image.attribute("ac:layout").is_some();
        let alone = placed && self.between_blocks() && !self.flow.style.label;
        self.write_image(alt, &address, title.as_deref().unwrap_or_default());
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
        let said = |key| image.attribute(key).unwrap_or_default();
        self.write_image(&said("alt"), &said("src"), &said("title"));
    }

    /// `title` is what Confluence shows under the mouse. It stands for the description where there is none.
    fn write_image(&mut self, alt: &str, address: &str, title: &str) {
        let (alt, title) = match (alt.trim(), title) {
            ("", title) => (title, ""),
            (_, title) if title == alt => (alt, ""),
            _ => (alt, title),
        };
        if self.flow.style.plain || address.is_empty() || runs_code(address) {
            self.flow.words(alt);
            return;
        }
        let alt = self.label_of(alt);
        let target = self.titled(address, title);
        self.flow.markdown(&format!("![{alt}]({target})"));
    }
}
