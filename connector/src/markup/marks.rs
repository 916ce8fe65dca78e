//! Marks and links, put around words once these are written.
//!
//! What goes around words depends on them: space stays outside, and where nothing was written nothing is marked.

use super::flow::Flow;
use super::style::Marks;

/// A position in the paragraph being written.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    at: usize,
    flushes: u32,
}

/// Marks that have been written.
#[derive(Clone, Copy, PartialEq)]
pub struct Closed {
    to: usize,
    marks: &'static Marks,
    /// What was open around them.
    within: (u8, bool),
}

impl Flow {
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

    /// Puts marks around what was written since, without the space at its ends. Where Markdown would not see them
    /// as marks, the words stay bare: across blocks, or between a letter and a stop.
    pub fn mark(&mut self, spot: Spot, marks: &'static Marks) {
        let Some((from, to)) = self.visible(spot) else {
            return;
        };
        let within = (self.active, self.style.label);
        let length = marks.open.len() + marks.close.len();
        match self.closed {
            Some(closed)
                if closed
                    == (Closed {
                        to: from,
                        marks,
                        within,
                    }) =>
            {
                // `**a****b**` would not be bold: continue instead of beginning again.
                self.paragraph.insert_str(to, marks.close);
                let reopened = from - marks.close.len();
                self.paragraph.replace_range(reopened..from, "");
                self.closed = Some(Closed { to, marks, within });
            }
            _ if marks.is_tag() || self.may_open(from) => {
                self.paragraph.insert_str(to, marks.close);
                self.paragraph.insert_str(from, marks.open);
                let to = to + length;
                self.closed = Some(Closed { to, marks, within });
            }
            _ => {}
        }
    }

    /// Whether a mark at `from` would be seen as one by CommonMark ("left-flanking").
    fn may_open(&self, from: usize) -> bool {
        let (before, after) = self.paragraph.split_at_checked(from).unwrap_or_default();
        let starts_with_word = after.starts_with(char::is_alphanumeric);
        // A star between spaces has no backslash, but beside a mark it would need one.
        let after = after.trim_end();
        let lone_star = after.starts_with("* ") || after.ends_with(" *") || after == "*";
        !lone_star
            && !before.ends_with(['*', '~'])
            && (starts_with_word || !before.ends_with(char::is_alphanumeric))
    }

    /// `**Owner:**Ann` would not be bold: if a word follows, the stop moves out of the marks before it.
    pub fn settle_marks(&mut self, words: &str) {
        let Some(Closed { to, marks, .. }) = self.closed else {
            return;
        };
        if to != self.paragraph.len() || marks.is_tag() || !words.starts_with(char::is_alphanumeric)
        {
            return;
        }
        let inside = to - marks.close.len();
        let text = self.paragraph.get(..inside).unwrap_or_default();
        let stop = text
            .chars()
            .next_back()
            .filter(|last| ".,:;!?".contains(*last));
        if let Some(stop) = stop {
            self.paragraph.truncate(inside - 1);
            self.paragraph.push_str(marks.close);
            self.paragraph.push(stop);
            self.closed = None;
        }
    }

    /// Makes a link of what was written since.
    pub fn link(&mut self, spot: Spot, target: &str) {
        let Some((from, to)) = self.visible(spot) else {
            return;
        };
        self.paragraph.insert_str(to, &format!("]({target})"));
        let before = self.paragraph.get(..from).unwrap_or_default();
        // `![…]` would be an image.
        let bracket = if before.ends_with('!') { " [" } else { "[" };
        self.paragraph.insert_str(from, bracket);
        self.closed = None;
    }

    /// Takes back what was written since.
    pub fn rewind(&mut self, spot: Spot) {
        if spot.flushes == self.flushes {
            self.paragraph.truncate(spot.at);
            self.closed = None;
        }
    }

    /// From where to where it is visible what was written since.
    fn visible(&self, spot: Spot) -> Option<(usize, usize)> {
        let text = self.since(spot)?;
        let from = spot.at + (text.len() - text.trim_start().len());
        let to = spot.at + text.trim_end().len();
        (from < to).then_some((from, to))
    }
}
