//! Elements inside of a paragraph.

use super::code::code_span;
use super::renderer::{BOLD, Renderer};
use super::style::{Marks, Style};
use super::tree::Element;

static ITALIC: Marks = Marks { open: "*", close: "*", bit: 2 };
static STRIKE: Marks = Marks { open: "~~", close: "~~", bit: 4 };
static UNDERLINE: Marks = Marks { open: "<u>", close: "</u>", bit: 8 };
static SUB: Marks = Marks { open: "<sub>", close: "</sub>", bit: 16 };
static SUP: Marks = Marks { open: "<sup>", close: "</sup>", bit: 32 };

impl Renderer {
    pub fn inline(&mut self, element: Element<'_>) {
        let marks = match element.name {
            "strong" | "b" => &BOLD,
            "em" | "i" | "cite" | "dfn" | "var" => &ITALIC,
            "s" | "del" | "strike" => &STRIKE,
            "u" | "ins" => &UNDERLINE,
            "sub" => &SUB,
            "sup" => &SUP,
            _ => return self.unmarked(element),
        };
        self.marked(marks, |renderer| renderer.children(element));
    }

    fn unmarked(&mut self, element: Element<'_>) {
        match element.name {
            "br" => self.flow.line_break(),
            "code" | "tt" | "kbd" | "samp" => self.code_words(element),
            "a" => self.web_link(element),
            "img" => self.web_image(element),
            "math" => self.math(element),
            "time" => self.time(element),
            "ac:link" => self.link(element),
            "ac:image" => self.image(element),
            "ac:emoticon" => self.emoticon(element),
            name if name.starts_with("ri:") => self.resource(element),
            "span" if element.attribute("class").as_deref() == Some("katex-html") => {}
            name if is_transparent(name) => self.children(element),
            name => {
                self.lose(name);
                // It may have been a block, so its words must not grow together with those around it.
                self.flow.space();
                self.children(element);
                self.flow.space();
            }
        }
    }

    fn code_words(&mut self, element: Element<'_>) {
        let words = self.plain(element);
        self.code_span(&words);
    }

    pub fn code_span(&mut self, words: &str) {
        if self.flow.style.plain {
            self.flow.words(words);
        } else if !words.is_empty() {
            // It is one line, whatever the source of a formula looked like.
            let words = words.replace(['\n', '\t'], " ").replace(char::is_control, "");
            let span = code_span(&words, self.flow.style.cell);
            self.flow.code(&span);
        }
    }

    /// A formula's source, which apps that draw formulas put beside the drawing.
    fn math(&mut self, element: Element<'_>) {
        let source = element.child("semantics").and_then(|semantics| semantics.child("annotation"));
        let words = self.plain(source.unwrap_or(element));
        self.code_span(&words);
    }

    /// The day, which Confluence writes in the reader's language.
    fn time(&mut self, element: Element<'_>) {
        if let Some(day) = element.attribute("datetime") {
            self.flow.words(&day);
        }
        self.children(element);
    }

    fn emoticon(&mut self, element: Element<'_>) {
        let attribute = |key| element.attribute(key).filter(|value| !value.is_empty());
        let name = attribute("ac:name");
        if let Some(character) = attribute("ac:emoji-fallback") {
            self.flow.words(&character);
        } else if let Some(character) = name.as_deref().and_then(old_emoticon) {
            self.flow.words(character);
        } else if let Some(short_name) = attribute("ac:emoji-shortname") {
            self.flow.words(&short_name);
        } else if let Some(name) = name {
            self.flow.words(&format!(":{name}:"));
        }
    }

    /// Text inside the `[…]` of a link, where brackets are escaped.
    pub fn label(&mut self, write: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.flow.style.label, true);
        write(self);
        self.flow.style.label = around;
    }

    /// Words as the text of a link or image, to be placed between brackets.
    pub fn label_of(&mut self, words: &str) -> String {
        let style = Style { join: Some(" "), label: true, ..self.flow.style };
        self.apart(style, |renderer| renderer.flow.words(words))
    }
}

/// The emoticons of old pages, which are only named.
fn old_emoticon(name: &str) -> Option<&'static str> {
    Some(match name {
        "smile" => "🙂",
        "sad" => "🙁",
        "cheeky" => "😛",
        "laugh" => "😀",
        "wink" => "😉",
        "thumbs-up" => "👍",
        "thumbs-down" => "👎",
        "information" => "ℹ️",
        "tick" => "✅",
        "cross" => "❌",
        "warning" => "⚠️",
        "plus" => "➕",
        "minus" => "➖",
        "question" => "❓",
        "light-on" | "light-off" => "💡",
        "yellow-star" | "red-star" | "green-star" | "blue-star" => "⭐",
        "heart" => "❤️",
        "broken-heart" => "💔",
        _ => return None,
    })
}

/// Elements whose words are all there is to them.
fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "span"
            | "font"
            | "small"
            | "big"
            | "abbr"
            | "acronym"
            | "q"
            | "mark"
            | "label"
            | "wbr"
            | "bdi"
            | "bdo"
            | "nobr"
            | "ac:inline-comment-marker"
            | "ac:link-body"
            | "ac:plain-text-link-body"
            | "ac:caption"
    )
}
