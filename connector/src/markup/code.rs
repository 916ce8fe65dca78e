//! Code, as blocks and as spans. No line of it is changed.

use super::entities::decode;
use super::renderer::Renderer;
use super::tree::{Child, Element};

/// What a block of code says about itself.
#[derive(Default)]
pub struct Code {
    pub language: String,
    pub title: String,
}

impl Renderer {
    /// The text of an element, literally, as a block of code.
    pub fn code(&mut self, element: Element<'_>, code: &Code) {
        let text = literal(element);
        self.code_block(&text, code);
    }

    pub fn code_block(&mut self, text: &str, code: &Code) {
        let text: String = text
            .chars()
            .filter(|character| !character.is_control() || matches!(character, '\n' | '\t'))
            .collect();
        let text = without_blank_ends(&text);
        if self.flow.style.plain {
            self.flow.words(&code.title);
            self.flow.space();
            self.flow.words(text);
            return;
        }
        if !code.title.is_empty() {
            self.bold_line(&code.title);
        }
        if text.is_empty() {
            return;
        }
        self.flow.flush();
        if self.flow.style.join.is_some() {
            self.code_in_one_line(text);
            return;
        }
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        let language = language_word(&code.language);
        let opening = format!("{fence}{language}");
        let lines = std::iter::once(opening.as_str());
        let lines = lines.chain(text.split('\n')).chain([fence.as_str()]);
        self.flow.block(lines);
    }

    fn code_in_one_line(&mut self, text: &str) {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            self.flow.line_break();
            self.code_span(line);
        }
        self.flow.flush();
    }

    /// Code with its kind written above it, as diagrams and formulas have no other place for it.
    pub fn drawing(&mut self, element: Element<'_>, language: &str, title: String) {
        let language = language.to_owned();
        self.code(element, &Code { language, title });
    }
}

/// A span of code, fenced by more backticks than it holds.
pub fn code_span(words: &str, cell: bool) -> String {
    let fence = "`".repeat(longest_run(words) + 1);
    let padded =
        words.starts_with('`') || words.ends_with('`') || (words.starts_with(' ') && words.ends_with(' '));
    let space = if padded { " " } else { "" };
    let words = if cell { words.replace('|', "\\|") } else { words.to_owned() };
    format!("{fence}{space}{words}{space}{fence}")
}

/// All text inside an element as it is written, whatever it is wrapped in.
pub fn literal(element: Element<'_>) -> String {
    let mut text = String::new();
    collect(element, &mut text);
    text
}

fn collect(element: Element<'_>, text: &mut String) {
    for child in element.children() {
        match child {
            Child::Text(words) => text.push_str(&decode(words)),
            Child::Raw(words) => text.push_str(words),
            Child::Element(child) if child.name == "br" => text.push('\n'),
            Child::Element(child) => collect(child, text),
        }
    }
}

/// Without empty lines before and behind; the first line keeps its indent.
fn without_blank_ends(text: &str) -> &str {
    let end = text.trim_end();
    let first = end.len() - end.trim_start().len();
    let line_start = end.get(..first).and_then(|blank| blank.rfind('\n')).map_or(0, |at| at + 1);
    end.get(line_start..).unwrap_or(end)
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Confluence's names of languages are one word; `none` is its name for plain text.
fn language_word(language: &str) -> &str {
    let language = language.trim();
    let is_word = language.len() <= 30
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte));
    if is_word && language != "none" { language } else { "" }
}
