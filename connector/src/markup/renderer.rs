//! What the walk over a body carries with it.
//!
//! One file a kind of element adds its methods to [`Renderer`]; this one has what all of them use.

use super::Markdown;
use super::flow::Flow;
use super::losses::{self, Counts};
use super::style::{Marks, Style};
use super::tree::Element;

/// Cells that a body's row and column spans may add in all, so that two attributes cannot make
/// gigabytes of table. Tables made by people stay below a hundred.
const SPAN_CELLS_MAX: usize = 10_000;

pub static BOLD: Marks = Marks { open: "**", close: "**", bit: 1 };

pub struct Renderer {
    pub flow: Flow,
    /// Cells that spans may still add.
    pub span_cells: usize,
    /// Paragraphs and headings around the current place.
    pub paragraphs: usize,
    lost: Counts,
    placeholders: Counts,
}

impl Renderer {
    pub fn new() -> Self {
        Self {
            flow: Flow::new(Style::default()),
            span_cells: SPAN_CELLS_MAX,
            paragraphs: 0,
            lost: Counts::new(),
            placeholders: Counts::new(),
        }
    }

    pub fn finish(self) -> Markdown {
        Markdown { text: self.flow.finish(), lost: self.lost, placeholders: self.placeholders }
    }

    /// Counts an element whose words or meaning are left out.
    pub fn lose(&mut self, name: &str) {
        losses::count(&mut self.lost, name);
    }

    /// Counts a macro that only its name stands for.
    pub fn replace(&mut self, name: &str) {
        losses::count(&mut self.placeholders, name);
    }

    /// Writes something into a flow of its own and returns it.
    pub fn apart(&mut self, style: Style, write: impl FnOnce(&mut Self)) -> String {
        let around = std::mem::replace(&mut self.flow, Flow::new(style));
        write(self);
        std::mem::replace(&mut self.flow, around).finish()
    }

    /// The words inside an element, without any markup.
    pub fn plain(&mut self, element: Element<'_>) -> String {
        self.apart(Style::PLAIN, |renderer| renderer.children(element))
    }

    /// Writes something between marks.
    pub fn marked(&mut self, marks: &'static Marks, write: impl FnOnce(&mut Self)) {
        if self.flow.style.plain || self.flow.active & marks.bit != 0 {
            write(self);
            return;
        }
        let spot = self.flow.spot();
        self.flow.active |= marks.bit;
        write(self);
        self.flow.active &= !marks.bit;
        self.flow.mark(spot, marks);
    }

    /// Whether what is written next begins a block, so that it may be one by itself.
    pub fn between_blocks(&self) -> bool {
        self.paragraphs == 0 && self.flow.at_start()
    }

    /// A title on a line of its own.
    pub fn bold_line(&mut self, title: &str) {
        self.flow.flush();
        self.marked(&BOLD, |renderer| renderer.flow.words(title));
        self.flow.flush();
    }
}
