//! Texts and the marks around them.

use std::borrow::Cow;

use super::json::Value;
use super::nodes::attribute;
use super::writer::Writer;

/// Where the words being written point at.
#[derive(PartialEq, Eq)]
pub struct Link<'j> {
    address: Cow<'j, str>,
    title: Cow<'j, str>,
}

/// More marks on one text are not looked at. The schema allows for about ten.
const MARKS_MAX: usize = 50;

impl<'j> Writer<'j> {
    /// A `text` node.
    pub fn text(&mut self, node: Value<'j>) {
        let text = node.get("text").and_then(Value::text).unwrap_or_default();
        let mut around = Vec::new();
        for mark in marks(node) {
            let kind = mark.get("type").and_then(Value::text).unwrap_or_default();
            match tag(&kind, mark) {
                Mark::Tag(tag) => around.push(tag),
                Mark::Unseen => {}
                Mark::Unknown => self.lose(&format!("mark {kind}")),
            }
        }
        self.begin_link(node);
        // Code cannot be bold inside, but a bold text can hold code.
        around.sort_by_key(|tag| *tag == "code");
        for tag in &around {
            self.inner_tags(&format!("<{tag}>"));
        }
        self.words(&text);
        for tag in around.iter().rev() {
            self.inner_tags(&format!("</{tag}>"));
        }
    }

    /// Begins the link of a node, unless it goes on from the one before: the editor cuts a link with a bold word in
    /// it into three.
    pub fn begin_link(&mut self, node: Value<'j>) {
        let is_link = |mark: &Value<'j>| mark.get("type").and_then(Value::text).as_deref() == Some("link");
        let link = marks(node).filter(is_link).find_map(|mark| {
            Some(Link {
                address: attribute(mark, "href")?,
                title: attribute(mark, "title").unwrap_or_default(),
            })
        });
        if link == self.link {
            return;
        }
        self.end_link();
        if let Some(Link { address, title }) = &link {
            self.tags("<a");
            self.attribute("href", address);
            if !title.is_empty() {
                self.attribute("title", title);
            }
            self.tags(">");
        }
        self.link = link;
    }

    pub fn end_link(&mut self) {
        if self.link.take().is_some() {
            self.inner_tags("</a>");
        }
    }
}

fn marks(node: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let marks = node.get("marks").filter(|marks| marks.is_array());
    marks.into_iter().flat_map(|marks| marks.children().take(MARKS_MAX))
}

enum Mark {
    Tag(&'static str),
    /// Colours, places and what an app remembers: no words and no weight of theirs.
    Unseen,
    Unknown,
}

fn tag(kind: &str, mark: Value<'_>) -> Mark {
    Mark::Tag(match kind {
        "strong" => "strong",
        "em" => "em",
        "strike" => "s",
        "underline" => "u",
        "code" => "code",
        "subsup" => {
            let place = mark.get("attrs").and_then(|attrs| attrs.get("type")).and_then(Value::text);
            match place.as_deref() {
                Some("sup") => "sup",
                Some("sub") => "sub",
                _ => return Mark::Unknown,
            }
        }
        "link"
        | "textColor"
        | "backgroundColor"
        | "fontSize"
        | "alignment"
        | "indentation"
        | "breakout"
        | "border"
        | "annotation"
        | "confluenceInlineComment"
        | "fragment"
        | "dataConsumer"
        | "typeAheadQuery" => return Mark::Unseen,
        _ => return Mark::Unknown,
    })
}
