//! Elements that stand on lines of their own, and which element is what.

use super::code::Code;
use super::entities::decode;
use super::renderer::{BOLD, Renderer};
use super::style::{Gap, Style};
use super::tree::{Child, Element};

impl Renderer {
    pub fn children(&mut self, element: Element<'_>) {
        for child in element.children() {
            self.one(child);
        }
    }

    /// The children for which `wanted` holds, and all text.
    pub fn children_that(&mut self, element: Element<'_>, wanted: impl Fn(Element<'_>) -> bool) {
        for child in element.children() {
            if !matches!(child, Child::Element(child) if !wanted(child)) {
                self.one(child);
            }
        }
    }

    pub fn one(&mut self, child: Child<'_>) {
        match child {
            Child::Text(text) => self.flow.words(&decode(text)),
            Child::Raw(text) => self.flow.words(text),
            Child::Element(element) => self.element(element),
        }
    }

    pub fn element(&mut self, element: Element<'_>) {
        match element.name {
            "p" => self.paragraph(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "ul" => self.list(element, false),
            "ol" => self.list(element, true),
            "ac:task-list" => self.task_list(element),
            "table" => self.table(element),
            "blockquote" => self.quote(element),
            "pre" => self.preformatted(element),
            "hr" => self.rule(),
            "summary" | "dt" => self.title(element),
            "ac:structured-macro" | "ac:macro" => self.structured_macro(element),
            "ac:adf-extension" => self.adf_extension(element),
            "ac:adf-node" => self.adf_node(element),
            "adf:unknown" => self.unknown_node(element),
            "ac:plain-text-body" => self.code(element, &Code::default()),
            name if is_transparent_block(name) => self.blocks(element),
            name if is_not_shown(name) => {}
            _ => self.inline(element),
        }
    }

    /// The children as blocks, apart from what stands around them.
    pub fn blocks(&mut self, element: Element<'_>) {
        self.flow.flush();
        self.children(element);
        self.flow.flush();
    }

    fn paragraph(&mut self, element: Element<'_>) {
        self.paragraphs += 1;
        self.blocks(element);
        self.paragraphs -= 1;
    }

    fn heading(&mut self, element: Element<'_>) {
        let around = self.flow.style;
        let style = Style { join: Some(" "), ..around };
        self.paragraphs += 1;
        let words = self.apart(style, |renderer| {
            // A heading is bold by itself.
            renderer.flow.active = BOLD.bit;
            renderer.children(element);
        });
        self.paragraphs -= 1;
        if words.is_empty() {
            return;
        }
        self.flow.flush();
        if around.join.is_some() {
            self.marked(&BOLD, |renderer| renderer.flow.markdown(&words));
            self.flow.flush();
            return;
        }
        let level = element.name.get(1..).and_then(|level| level.parse().ok()).unwrap_or(1);
        let line = format!("{} {words}", "#".repeat(level));
        self.flow.block(std::iter::once(line.as_str()));
    }

    fn quote(&mut self, element: Element<'_>) {
        let marker = self.quote_marker();
        let opened = self.flow.open(marker, "> ", Gap::Blank);
        let in_item = std::mem::take(&mut self.flow.in_item);
        self.children(element);
        self.flow.close(&opened);
        self.flow.in_item = in_item;
    }

    /// In a table cell quotes have no mark, since a mark needs a line of its own.
    pub fn quote_marker(&self) -> &'static str {
        match self.flow.style.join {
            None => "> ",
            Some(_) => "",
        }
    }

    fn preformatted(&mut self, element: Element<'_>) {
        let style = Style { keep_space: true, ..Style::PLAIN };
        let text = self.apart(style, |renderer| renderer.children(element));
        self.code_block(&text, &Code::default());
    }

    fn rule(&mut self) {
        self.flow.flush();
        if self.flow.style.join.is_none() {
            self.flow.block(std::iter::once("---"));
        }
    }

    fn title(&mut self, element: Element<'_>) {
        self.flow.flush();
        self.marked(&BOLD, |renderer| renderer.children(element));
        self.flow.flush();
    }
}

/// Elements that only group blocks.
fn is_transparent_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "figure"
            | "figcaption"
            | "address"
            | "center"
            | "details"
            | "dl"
            | "dd"
            | "body"
            | "html"
            | "li"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "ac:layout"
            | "ac:layout-section"
            | "ac:layout-cell"
            | "ac:rich-text-body"
            | "ac:adf-content"
            | "ac:adf-fallback"
            | "ac:task"
            | "ac:task-body"
    )
}

/// Elements that Confluence does not show: settings, prompts for the author, and code for browsers.
pub fn is_not_shown(name: &str) -> bool {
    matches!(
        name,
        "style"
            | "script"
            | "head"
            | "template"
            | "colgroup"
            | "col"
            | "ac:placeholder"
            | "ac:parameter"
            | "ac:default-parameter"
            | "ac:adf-attribute"
            | "ac:adf-parameter"
            | "ac:task-id"
            | "ac:task-uuid"
            | "ac:task-status"
    )
}
