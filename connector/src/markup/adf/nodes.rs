//! Which node is which element.

use std::borrow::Cow;

use chrono::DateTime;

use super::json::Value;
use super::writer::{Node, Writer};

/// What a node carries beside what stands in it.
pub fn attribute<'j>(node: Value<'j>, key: &str) -> Option<Cow<'j, str>> {
    node.get("attrs")?.get(key)?.text().filter(|value| !value.is_empty())
}

impl<'j> Writer<'j> {
    /// Writes the beginning of a node.
    pub fn node(&mut self, node: Value<'j>) -> Node<'j> {
        let kind = node.get("type").and_then(Value::text).unwrap_or_default();
        if kind == "text" {
            self.text(node);
            return Node { content: node.get("content"), close: "" };
        }
        if kind != "hardBreak" {
            self.end_link();
        }
        let close = match self.grouping(&kind, node).or_else(|| self.inline(&kind, node)) {
            Some(close) => close,
            None => return self.special(&kind, node),
        };
        Node { content: node.get("content"), close }
    }

    /// Nodes that are one element around what stands in them.
    fn grouping(&mut self, kind: &str, node: Value<'j>) -> Option<&'static str> {
        let (open, close) = match kind {
            "doc" | "layoutSection" | "layoutColumn" | "mediaGroup" | "bodiedSyncBlock" => {
                ("<div>", "</div>")
            }
            "paragraph" => ("<p>", "</p>"),
            "heading" => return Some(self.heading(node)),
            "bulletList" => ("<ul>", "</ul>"),
            "orderedList" => {
                self.tags("<ol");
                self.attribute("start", &attribute(node, "order").unwrap_or_default());
                (">", "</ol>")
            }
            "listItem" => ("<li>", "</li>"),
            "taskList" => ("<ac:task-list>", "</ac:task-list>"),
            "taskItem" | "blockTaskItem" => {
                self.tags("<ac:task><ac:task-status>");
                let done = attribute(node, "state").as_deref() == Some("DONE");
                self.tags(if done { "complete" } else { "incomplete" });
                ("</ac:task-status><ac:task-body>", "</ac:task-body></ac:task>")
            }
            "decisionList" => ("<ul>", "</ul>"),
            "decisionItem" => {
                self.tags("<ac:adf-node type=\"decision-item\"><ac:adf-attribute key=\"state\">");
                self.words(&attribute(node, "state").unwrap_or_default());
                ("</ac:adf-attribute><ac:adf-content>", "</ac:adf-content></ac:adf-node>")
            }
            "panel" => return Some(self.panel(node)),
            "expand" | "nestedExpand" => {
                self.tags("<ac:structured-macro ac:name=\"expand\">");
                self.parameter("title", &attribute(node, "title").unwrap_or_default());
                ("<ac:rich-text-body>", "</ac:rich-text-body></ac:structured-macro>")
            }
            "blockquote" => ("<blockquote>", "</blockquote>"),
            "codeBlock" => {
                self.tags("<ac:structured-macro ac:name=\"code\">");
                self.parameter("language", &attribute(node, "language").unwrap_or_default());
                ("<ac:plain-text-body>", "</ac:plain-text-body></ac:structured-macro>")
            }
            "table" => ("<table>", "</table>"),
            "tableRow" => ("<tr>", "</tr>"),
            "tableCell" => return Some(self.cell("<td", "</td>", node)),
            "tableHeader" => return Some(self.cell("<th", "</th>", node)),
            "caption" => ("<ac:caption>", "</ac:caption>"),
            // Prompts for the author, which readers do not see.
            "placeholder" => ("<ac:placeholder>", "</ac:placeholder>"),
            "rule" => ("<hr/>", ""),
            _ => return None,
        };
        self.tags(open);
        Some(close)
    }

    fn heading(&mut self, node: Value<'j>) -> &'static str {
        let level = attribute(node, "level");
        let (open, close) = match level.as_deref() {
            Some("2") => ("<h2>", "</h2>"),
            Some("3") => ("<h3>", "</h3>"),
            Some("4") => ("<h4>", "</h4>"),
            Some("5") => ("<h5>", "</h5>"),
            Some("6") => ("<h6>", "</h6>"),
            _ => ("<h1>", "</h1>"),
        };
        self.tags(open);
        close
    }

    fn panel(&mut self, node: Value<'j>) -> &'static str {
        self.tags("<ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">");
        self.words(&attribute(node, "panelType").unwrap_or_default());
        self.tags("</ac:adf-attribute><ac:adf-content>");
        if let Some(title) = attribute(node, "title") {
            self.tags("<p><strong>");
            self.words(&title);
            self.tags("</strong></p>");
        }
        "</ac:adf-content></ac:adf-node>"
    }

    fn cell(&mut self, open: &str, close: &'static str, node: Value<'j>) -> &'static str {
        self.tags(open);
        for span in ["colspan", "rowspan"] {
            if let Some(cells) = attribute(node, span) {
                self.attribute(span, &cells);
            }
        }
        self.tags(">");
        close
    }

    /// Nodes within a line.
    fn inline(&mut self, kind: &str, node: Value<'j>) -> Option<&'static str> {
        match kind {
            "hardBreak" => self.inner_tags("<br/>"),
            "mention" => self.mention(node),
            "emoji" => {
                self.tags("<ac:emoticon");
                self.attribute("ac:emoji-fallback", &attribute(node, "text").unwrap_or_default());
                self.attribute("ac:emoji-shortname", &attribute(node, "shortName").unwrap_or_default());
                self.tags("/>");
            }
            "date" => self.date(node),
            "status" => {
                self.tags("<ac:structured-macro ac:name=\"status\">");
                self.parameter("title", &attribute(node, "text").unwrap_or_default());
                return Some("</ac:structured-macro>");
            }
            _ => return None,
        }
        Some("")
    }

    /// A person by account id. `@all` and `@here` are nobody in particular, and stay words.
    fn mention(&mut self, node: Value<'j>) {
        let special = attribute(node, "userType").as_deref() == Some("SPECIAL");
        match attribute(node, "id").filter(|_| !special) {
            Some(id) => {
                self.tags("<ac:link><ri:user");
                self.attribute("ri:account-id", &id);
                self.tags("/></ac:link>");
            }
            None => self.words(&attribute(node, "text").unwrap_or_default()),
        }
    }

    /// A day, which the editor keeps as milliseconds since 1970 at midnight UTC.
    fn date(&mut self, node: Value<'j>) {
        let timestamp = attribute(node, "timestamp").unwrap_or_default();
        let moment = timestamp.parse().ok().and_then(DateTime::from_timestamp_millis);
        match moment {
            Some(moment) => self.words(&moment.date_naive().to_string()),
            None => {
                self.lose("date");
                self.words(&timestamp);
            }
        }
    }
}
