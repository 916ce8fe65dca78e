//! Files and images.
//!
//! The editor knows a file by the id of its bytes, which an attachment tells as its `fileId`; the name is there
//! only now and then.

use super::json::Value;
use super::nodes::attribute;
use super::writer::{Node, Writer};

impl<'j> Writer<'j> {
    /// `mediaSingle`: one image, and a caption beside it.
    pub fn media_single(&mut self, node: Value<'j>) -> Node<'j> {
        let content = node.get("content");
        let is_media =
            |child: &Value<'j>| child.get("type").and_then(Value::text).as_deref() == Some("media");
        let media = content.and_then(|content| content.children().next()).filter(is_media);
        let Some(media) = media else {
            self.tags("<div>");
            return Node { content, close: "</div>" };
        };
        self.tags("<div>");
        // The link around an image is a mark of either.
        self.begin_link(media);
        if self.link.is_none() {
            self.begin_link(node);
        }
        self.inner_tags("<ac:image ac:layout=\"center\"");
        self.attribute("ac:alt", &attribute(media, "alt").unwrap_or_default());
        self.inner_tags(">");
        self.image_open = true;
        let linked = self.link.take().is_some();
        let close = if linked { "</ac:image></a></div>" } else { "</ac:image></div>" };
        Node { content, close }
    }

    /// `media`: the file of the image that is open; or else, as `mediaInline` too, a file among others.
    pub fn media(&mut self, node: Value<'j>) -> Node<'j> {
        if std::mem::take(&mut self.image_open) {
            self.file(node, "");
            return Node { content: node.get("content"), close: "" };
        }
        self.begin_link(node);
        let external = attribute(node, "url").is_some();
        self.inner_tags(if external { "<ac:image" } else { "<ac:link" });
        self.attribute("ac:alt", &attribute(node, "alt").unwrap_or_default());
        self.inner_tags(">");
        self.file(node, "file");
        self.inner_tags(if external { "</ac:image>" } else { "</ac:link>" });
        self.end_link();
        self.tags(" ");
        Node { content: node.get("content"), close: "" }
    }

    /// The file, by its name, or else by `nameless`.
    fn file(&mut self, media: Value<'j>, nameless: &str) {
        if let Some(url) = attribute(media, "url") {
            self.inner_tags("<ri:url");
            self.attribute("ri:value", &url);
        } else if let Some(name) = attribute(media, "__fileName") {
            self.inner_tags("<ri:attachment");
            self.attribute("ri:filename", &name);
        } else {
            self.inner_tags("<ri:media");
            self.attribute("ri:id", &attribute(media, "id").unwrap_or_default());
            self.attribute("ri:name", &attribute(media, "alt").unwrap_or(nameless.into()));
        }
        self.inner_tags("/>");
    }
}
