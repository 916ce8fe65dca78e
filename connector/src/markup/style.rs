//! How a [`Flow`](super::flow::Flow) writes: on lines or on one line, with marks or without.

/// How text and blocks are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Everything goes on one line, and this stands between blocks.
    pub join: Option<&'static str>,
    /// Words only: no marks, no escapes.
    pub plain: bool,
    /// Space is kept as it is written, as in `<pre>`.
    pub keep_space: bool,
    /// Inside a table, where `|` ends a cell.
    pub cell: bool,
    /// Inside the `[…]` of a link.
    pub label: bool,
}

impl Style {
    /// For text that is used as a word or a name.
    pub const PLAIN: Self = Self {
        join: Some(" "),
        plain: true,
        keep_space: false,
        cell: false,
        label: false,
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Line,
    Blank,
}

/// A pair of marks around words.
#[derive(Debug, PartialEq, Eq)]
pub struct Marks {
    pub open: &'static str,
    pub close: &'static str,
    /// Its place in [`Flow::active`].
    pub bit: u8,
}

impl Marks {
    /// Tags work anywhere, while stars and tildes must stand between a word and something else.
    pub fn is_tag(&self) -> bool {
        self.open.starts_with('<')
    }
}
