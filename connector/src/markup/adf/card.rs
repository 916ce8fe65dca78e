//! Smart links: a URL that the editor draws as a line, a block, or a window.

use super::json::Value;
use super::nodes::attribute;
use super::writer::{Node, Writer};

impl<'j> Writer<'j> {
    /// An `inlineCard`, `blockCard` or `embedCard`. A block that shows a list of issues has its query and may have no URL.
    pub fn card(&mut self, kind: &str, node: Value<'j>) -> Node<'j> {
        let data = node.get("attrs").and_then(|attrs| attrs.get("data"));
        let told = |key: &str| data.and_then(|data| data.get(key)).and_then(Value::text);
        let Some(url) = attribute(node, "url").or_else(|| told("url")) else {
            let query =
                node.get("attrs").and_then(|attrs| attrs.get("datasource")?.get("parameters")?.get("jql"));
            return self.named(kind, node, query.and_then(Value::text));
        };
        let block = kind != "inlineCard";
        self.tags(if block { "<p><a" } else { "<a" });
        self.attribute("href", &url);
        self.tags(">");
        self.words(&told("name").unwrap_or(url));
        self.tags("</a>");
        Node { content: node.get("content"), close: if block { "</p>" } else { "" } }
    }

    /// The cards that apps posted before there were smart links. Of their details only names and words are shown.
    pub fn application_card(&mut self, node: Value<'j>) -> Node<'j> {
        let attrs = node.get("attrs");
        let within = |outer: &str, inner: &str| attrs?.get(outer)?.get(inner)?.text();
        let title = within("title", "text").or_else(|| attribute(node, "text")).unwrap_or_default();
        self.tags("<p><a");
        if let Some(url) = within("link", "url") {
            self.attribute("href", &url);
        }
        self.tags(">");
        self.words(&title);
        self.tags("</a></p>");
        self.paragraph(&within("description", "text").unwrap_or_default());
        let details = attrs.and_then(|attrs| attrs.get("details"));
        for detail in details.into_iter().flat_map(Value::children) {
            let words = |key: &str| detail.get(key).and_then(Value::text).unwrap_or_default();
            self.paragraph(&format!("{} {}", words("title"), words("text")));
        }
        self.paragraph(&within("context", "text").unwrap_or_default());
        Node { content: node.get("content"), close: "" }
    }

    fn paragraph(&mut self, words: &str) {
        self.tags("<p>");
        self.words(words);
        self.tags("</p>");
    }
}
