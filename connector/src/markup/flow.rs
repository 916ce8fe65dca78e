//! What is being written: finished lines, the paragraph that is still open, and what lines begin with.
//!
//! Knows Markdown's lines, quotes and indents and nothing of Confluence.

use super::escape::{push_line, push_words};
use super::style::{Gap, Marks, Style};

/// Quotes and list items nested deeper than this are written at this depth. Each level costs every line
/// inside of it some bytes, and no reader follows further.
const LEVELS_MAX: usize = 12;

/// A position in the paragraph being written.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    at: usize,
    flushes: u32,
}

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
    paragraph: String,
    prefix: String,
    levels: usize,
    /// The next block begins where `out` ends: at the start, or behind the marker of an item or a quote.
    fresh: bool,
    flushes: u32,
    /// Where which marks were closed last in the paragraph.
    closed: Option<(usize, u8)>,
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
        push_words(&mut self.paragraph, words, self.style);
    }

    /// Adds Markdown to the paragraph.
    pub fn markdown(&mut self, markdown: &str) {
        self.paragraph.push_str(markdown);
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
        let end = self.paragraph.trim_end_matches(' ').len();
        self.paragraph.truncate(end);
        match self.style.join {
            Some(join) if end > 0 && !self.paragraph.ends_with(join) => {
                self.paragraph.push_str(join)
            }
            Some(_) => {}
            None if self.paragraph.ends_with('\n') && self.active == 0 && !self.style.label => {
                self.flush()
            }
            None if end > 0 && !self.paragraph.ends_with('\n') => self.paragraph.push_str("  \n"),
            None => {}
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
        Opened {
            before,
            after: self.out.len(),
            prefix,
            levels,
            was_fresh,
        }
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

    pub fn spot(&self) -> Spot {
        Spot {
            at: self.paragraph.len(),
            flushes: self.flushes,
        }
    }

    /// Whether nothing visible was written since.
    pub fn nothing_since(&self, spot: Spot) -> bool {
        self.since(spot).is_some_and(|text| text.trim().is_empty())
    }

    /// What was written since, if it is all in this paragraph.
    pub fn since(&self, spot: Spot) -> Option<&str> {
        if spot.flushes != self.flushes {
            return None;
        }
        self.paragraph.get(spot.at..)
    }

    /// Whether the paragraph is still empty.
    pub fn at_start(&self) -> bool {
        self.paragraph.trim_ascii().is_empty()
    }

    pub fn ends_with(&self, character: char) -> bool {
        self.paragraph.ends_with(character)
    }

    /// Puts marks around what was written since, without the space at its ends. If blocks ended in between, the
    /// words stay unmarked: marks do not reach across blocks.
    pub fn mark(&mut self, spot: Spot, marks: &Marks) {
        let Some((from, to)) = self.visible(spot) else {
            return;
        };
        let before = self.paragraph.get(..from).unwrap_or_default();
        if self.closed == Some((from, marks.bit)) {
            // `**a****b**` would not be bold: continue instead of beginning again.
            self.paragraph.insert_str(to, marks.close);
            let reopened = from - marks.close.len();
            self.paragraph.replace_range(reopened..from, "");
            self.closed = Some((to, marks.bit));
        } else if !(marks.open.starts_with('*') && before.ends_with('*')) {
            self.paragraph.insert_str(to, marks.close);
            self.paragraph.insert_str(from, marks.open);
            self.closed = Some((to + marks.open.len() + marks.close.len(), marks.bit));
        }
    }

    /// Makes a link of what was written since.
    pub fn link(&mut self, spot: Spot, target: &str) {
        let Some((from, to)) = self.visible(spot) else {
            return;
        };
        self.paragraph.insert_str(to, &format!("]({target})"));
        let image = self
            .paragraph
            .get(..from)
            .unwrap_or_default()
            .ends_with('!');
        self.paragraph.insert(from, '[');
        if image {
            self.paragraph.insert(from - 1, '\\');
        }
        self.closed = None;
    }

    /// Takes back what was written since.
    pub fn rewind(&mut self, spot: Spot) {
        if spot.flushes == self.flushes {
            self.paragraph.truncate(spot.at);
        }
    }

    /// From where to where it is visible what was written since.
    fn visible(&self, spot: Spot) -> Option<(usize, usize)> {
        let text = self.since(spot)?;
        let from = spot.at + (text.len() - text.trim_start().len());
        let to = spot.at + text.trim_end().len();
        (from < to).then_some((from, to))
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
