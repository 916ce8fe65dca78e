//! The text as it is gathered, and no more of it than a text may have.

/// Words kept of one file: a book of 3,000 pages. What an index takes of one item, it takes at once.
pub const TEXT_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Readable text: a line a paragraph, a tab between the cells of a table.
#[derive(Debug, Default)]
pub struct Words {
    text: String,
    markdown: bool,
    full: bool,
    /// Bytes that belong to the text around this one.
    taken: usize,
}

impl Words {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn into_text(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub fn is_markdown(&self) -> bool {
        self.markdown
    }

    /// Whether there was more than the limit. What comes now is dropped, so it may as well not be made.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Appends text. Control characters are no words, and some programs choke on them.
    pub fn push(&mut self, text: &str) {
        let left = TEXT_BYTES_MAX.saturating_sub(self.taken + self.text.len());
        if text.len() > left {
            self.full = true;
        }
        let text = text.get(..text.floor_char_boundary(left)).unwrap_or_default();
        let is_odd = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{fffd}';
        if text.contains(is_odd) {
            self.text.extend(text.chars().filter(|c| *c != '\r').map(|c| if is_odd(c) { ' ' } else { c }));
        } else {
            self.text.push_str(text);
        }
    }

    /// Ends a line, unless nothing stands in it.
    pub fn break_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }

    /// Ends a cell, unless nothing stands before it in the line.
    pub fn end_cell(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(['\n', '\t']) {
            self.push("\t");
        }
    }

    /// Ends a cell whose paragraphs ended lines of their own, so that a row stays one line.
    pub fn end_line_as_cell(&mut self) {
        if self.text.ends_with('\n') {
            self.text.pop();
            self.end_cell();
        }
    }

    /// A blank, unless there is one.
    pub fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t']) {
            self.push(" ");
        }
    }

    pub(crate) fn set_markdown(&mut self) {
        self.markdown = true;
    }

    /// Empty words for a file inside this one; both together stay within the limit.
    pub(crate) fn inner(&self) -> Self {
        Self { taken: self.taken + self.text.len(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_tidied_and_bounded() {
        let mut words = Words::default();
        words.end_cell();
        words.push("a\u{0}b");
        words.end_cell();
        words.end_cell();
        words.push("c");
        words.end_cell();
        words.break_line();
        words.break_line();
        words.push("d\r\ne");
        assert_eq!(words.text(), "a b\tc\nd\ne");
        words.push(&"ü".repeat(TEXT_BYTES_MAX));
        assert!(words.is_full() && words.text().len() <= TEXT_BYTES_MAX);
        let mut inner = words.inner();
        inner.push("no room");
        assert!(inner.is_full() && inner.text().len() < 2);
    }
}
