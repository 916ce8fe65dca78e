//! Panels as GitHub's alerts, and sections that fold.

use super::renderer::Renderer;
use super::style::Gap;

impl Renderer {
    /// A quote that begins with its kind and, if it has one, its title. `kind` is the editor's name for it; the colours are
    /// the same on both sides.
    pub fn panel(&mut self, kind: &str, title: &str, write: impl FnOnce(&mut Self)) {
        let kind = match kind {
            "tip" | "success" => "TIP",
            "note" => "IMPORTANT",
            "warning" => "WARNING",
            "error" => "CAUTION",
            _ => "NOTE",
        };
        // The kind and what follows make one marker, so that an empty panel leaves nothing at all.
        let marker = match self.quote_marker() {
            "" => String::new(),
            mark => format!("{mark}[!{kind}]\n{}{mark}", self.flow.prefix()),
        };
        let opened = self.flow.open(&marker, "> ", Gap::Blank);
        let in_item = std::mem::take(&mut self.flow.in_item);
        if !title.is_empty() {
            self.bold_line(title);
        }
        write(self);
        self.flow.close(&opened);
        self.flow.in_item = in_item;
    }
}
