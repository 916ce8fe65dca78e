//! What is being written: finished lines, the paragraph that is still open, and what lines begin with.
//!
//! Knows Markdown's lines, quotes and indents and nothing of Confluence.

use super::escape::{push_line, push_words};
use super::marks::Closed;
use super::style::{Gap, Style};

/// Quotes and list items nested deeper than this are written at this depth. Each level costs every line
/// inside of it some bytes, and no reader follows further.
const LEVELS_MAX: usize = 12;

/// A quote or list item that has been begun.
pub struct Opened {
    before: usize,
    after: usize,
    prefix: usize,
    levels: usize,
    was_fresh: bool,
}

pub struct Flow {
    out: String,
    pub(super) paragraph: String,
    prefix: String,
    levels: usize,
    /// The next block begins where `out` ends: at the start, or behind the marker of an item or a quote.
    fresh: bool,
    pub(super) flushes: u32,
    /// The marks that were closed last in the paragraph.
    pub(super) closed: Option<Closed>,
    pub style: Style,
    /// Marks that are open, as bits: bold inside of bold would close it.
    pub active: u8,
    /// Directly inside of a list item, where a list follows without a blank line.
    pub in_item: bool,
}

impl Flow {
    pub fn new(style: Style) -> Self {
        Self {
            out: String::new(),
            paragraph: String::new(),
            prefix: String::new(),
            levels: 0,
            fresh: true,
            flushes: 0,
            closed: None,
            style,
            active: 0,
            in_item: false,
        }
    }

    pub fn finish(mut self) -> String {
        if self.style.keep_space {
            return self.paragraph;
        }
        self.flush();
        self.out
    }

    /// Adds text to the paragraph.
    pub fn words(&mut self, words: &str) {
        self.settle_marks(words);
        push_words(&mut self.paragraph, words, self.style);
    }

    /// Adds Markdown to the paragraph.
    pub fn markdown(&mut self, markdown: &str) {
        self.paragraph.push_str(markdown);
    }

    /// Adds a span of code, apart from one that ends here.
    pub fn code(&mut self, span: &str) {
        if self.paragraph.ends_with('`') && !self.paragraph.ends_with("\\`") {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(span);
    }

    /// Keeps what follows apart from the word or mark before it.
    pub fn space(&mut self) {
        self.words(" ");
    }

    /// Breaks the line. Two breaks in a row, as old pages have them, part paragraphs.
    pub fn line_break(&mut self) {
        if self.style.keep_space {
            self.paragraph.push('\n');
            return;
        }
        let written = self.paragraph.trim_end_matches(' ');
        let broken = written.ends_with(self.style.join.unwrap_or("\n"));
        if written.is_empty() {
            return;
        }
        match self.style.join {
            Some(_) if broken => {}
            Some(join) => self.paragraph.push_str(join),
            None if broken && self.active == 0 && !self.style.label => self.flush(),
            None if broken => {}
            None if self.paragraph.ends_with(' ') => self.paragraph.push_str(" \n"),
            None => self.paragraph.push_str("  \n"),
        }
    }

    /// Ends the paragraph.
    pub fn flush(&mut self) {
        if self.style.keep_space && !self.at_start() && !self.paragraph.ends_with('\n') {
            self.paragraph.push('\n');
        }
        if self.paragraph.is_empty() || self.style.keep_space {
            return;
        }
        let mut paragraph = std::mem::take(&mut self.paragraph);
        self.flushes += 1;
        self.closed = None;
        let mut text = paragraph.trim();
        if let Some(join) = self.style.join {
            text = text.trim_end_matches(join).trim_end();
        }
        if !text.is_empty() {
            self.start_line(Gap::Blank);
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    self.new_line();
                }
                if self.style.join.is_some() {
                    self.out.push_str(line);
                } else {
                    push_line(&mut self.out, line);
                }
            }
        }
        paragraph.clear();
        self.paragraph = paragraph;
    }

    /// Writes finished lines as a block of their own.
    pub fn block<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        self.flush();
        self.flushes += 1;
        for (number, line) in lines.enumerate() {
            if number == 0 {
                self.start_line(Gap::Blank);
            } else if line.is_empty() {
                self.out.push('\n');
                self.out.push_str(self.prefix.trim_end());
            } else {
                self.new_line();
            }
            self.out.push_str(line);
        }
    }

    /// Begins a quote or list item: `marker` stands before its first line, `indent` before the others.
    pub fn open(&mut self, marker: &str, indent: &str, gap: Gap) -> Opened {
        self.flush();
        let (before, was_fresh) = (self.out.len(), self.fresh);
        let (prefix, levels) = (self.prefix.len(), self.levels);
        self.start_line(gap);
        self.out.push_str(marker);
        if levels < LEVELS_MAX && self.style.join.is_none() {
            self.prefix.push_str(indent);
            self.levels += 1;
        }
        self.fresh = true;
        Opened { before, after: self.out.len(), prefix, levels, was_fresh }
    }

    /// Ends it. One that stayed empty leaves no trace.
    pub fn close(&mut self, opened: &Opened) {
        self.flush();
        if self.out.len() == opened.after {
            self.out.truncate(opened.before);
            self.fresh = opened.was_fresh;
        } else {
            self.fresh = false;
        }
        self.prefix.truncate(opened.prefix);
        self.levels = opened.levels;
    }

    /// What the lines of this block begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether the paragraph is still empty.
    pub fn at_start(&self) -> bool {
        self.paragraph.trim_ascii().is_empty()
    }

    pub fn ends_with(&self, character: char) -> bool {
        self.paragraph.ends_with(character)
    }

    fn start_line(&mut self, gap: Gap) {
        if std::mem::take(&mut self.fresh) {
            return;
        }
        match self.style.join {
            Some(join) => self.out.push_str(join),
            None => {
                if gap == Gap::Blank {
                    self.out.push('\n');
                    self.out.push_str(self.prefix.trim_end());
                }
                self.new_line();
            }
        }
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&self.prefix);
    }
}
