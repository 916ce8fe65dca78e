//! Tables as GitHub writes them: a header row, every cell on one line.

use super::renderer::{BOLD, Renderer};
use super::style::Style;
use super::tree::{Child, Element};

/// A cell that spans more rows or columns than this spans this many.
const SPAN_MAX: usize = 200;

/// What stands in a cell over several rows is repeated in each, so that a row can be read and found by itself,
/// unless it is longer than a label.
const REPEATED_CHARS_MAX: usize = 80;

struct Row<'t> {
    cells: Vec<Element<'t>>,
    header: bool,
}

/// A cell that continues in the rows below.
struct Spanning {
    rows_left: usize,
    text: String,
}

impl Renderer {
    pub fn table(&mut self, table: Element<'_>) {
        self.flow.flush();
        let mut rows = Vec::new();
        self.collect_rows(table, false, &mut rows);
        self.flow.flush();
        let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
        if self.flow.style.join.is_some() {
            self.rows_in_one_line(&rows);
        } else if cells == 1 {
            // A frame around something, not a table.
            for cell in rows.iter().flat_map(|row| &row.cells) {
                self.blocks(*cell);
            }
        } else if cells > 0 {
            self.grid(&rows);
        }
    }

    /// Finds the rows. What stands between them is written ahead of the table.
    fn collect_rows<'t>(&mut self, part: Element<'t>, in_head: bool, rows: &mut Vec<Row<'t>>) {
        for child in part.children() {
            match child {
                Child::Element(part) if matches!(part.name, "thead" | "tbody" | "tfoot") => {
                    self.collect_rows(part, part.name == "thead", rows);
                }
                Child::Element(row) if row.name == "tr" => {
                    let is_cell = |cell: Element<'_>| matches!(cell.name, "td" | "th");
                    let cells: Vec<_> = row.elements().filter(|cell| is_cell(*cell)).collect();
                    let header = in_head || cells.iter().all(|cell| cell.name == "th");
                    self.flow.flush();
                    self.children_that(row, |child| !is_cell(child));
                    if !cells.is_empty() {
                        rows.push(Row { cells, header });
                    }
                }
                other => self.one(other),
            }
        }
    }

    fn grid(&mut self, rows: &[Row<'_>]) {
        let mut spanning = Vec::new();
        let mut lines = Vec::new();
        let mut columns = 0;
        for row in rows {
            let texts = self.row(row, &mut spanning);
            columns = columns.max(texts.len());
            let header = lines.is_empty() && row.header;
            if header || texts.iter().any(|text| !text.is_empty()) {
                if lines.is_empty() && !header {
                    lines.push(Vec::new());
                }
                lines.push(texts);
            }
        }
        let Some(header) = lines.first_mut() else {
            return;
        };
        // Rows may be shorter than the header, but cells beyond it would not be shown.
        header.resize(columns, String::new());
        let mut written: Vec<String> = lines.iter().map(|texts| line(texts)).collect();
        written.insert(1, format!("|{}", " --- |".repeat(columns)));
        self.flow.block(written.iter().map(String::as_str));
    }

    /// The texts of a row's cells, with those that reach into it from above.
    fn row(&mut self, row: &Row<'_>, spanning: &mut Vec<Option<Spanning>>) -> Vec<String> {
        let mut texts = Vec::new();
        for cell in &row.cells {
            self.spanned(spanning, &mut texts);
            let text = self.cell(*cell, row.header);
            let rows_left = span(*cell, "rowspan") - 1;
            let columns = span(*cell, "colspan").min(self.span_cells.max(1));
            self.span_cells = self.span_cells.saturating_sub(columns - 1);
            for column in 0..columns {
                let text = if column == 0 { text.as_str() } else { "" };
                if rows_left > 0 {
                    let short = text.chars().count() <= REPEATED_CHARS_MAX;
                    let text = if short { text } else { "" }.to_owned();
                    spanning.resize_with(spanning.len().max(texts.len() + 1), || None);
                    if let Some(slot) = spanning.get_mut(texts.len()) {
                        *slot = Some(Spanning { rows_left, text });
                    }
                }
                texts.push(text.to_owned());
            }
        }
        self.spanned(spanning, &mut texts);
        texts
    }

    /// Adds the cells from above that stand at the next columns.
    fn spanned(&mut self, spanning: &mut [Option<Spanning>], texts: &mut Vec<String>) {
        while let Some(slot) = spanning.get_mut(texts.len()) {
            let Some(cell) = slot else { return };
            if self.span_cells == 0 {
                return;
            }
            self.span_cells -= 1;
            texts.push(cell.text.clone());
            cell.rows_left -= 1;
            if cell.rows_left == 0 {
                *slot = None;
            }
        }
    }

    fn cell(&mut self, cell: Element<'_>, header: bool) -> String {
        let style = Style { join: Some("<br>"), cell: true, ..Style::default() };
        self.apart(style, |renderer| {
            if header {
                // A header is bold by itself.
                renderer.flow.active = BOLD.bit;
            }
            renderer.children(cell);
        })
    }

    /// A table inside of a cell: a row is a line, with strokes between its cells.
    fn rows_in_one_line(&mut self, rows: &[Row<'_>]) {
        for row in rows {
            let texts: Vec<_> =
                row.cells.iter().map(|cell| self.inner_cell(*cell)).filter(|text| !text.is_empty()).collect();
            self.flow.markdown(&texts.join(" / "));
            self.flow.flush();
        }
    }

    fn inner_cell(&mut self, cell: Element<'_>) -> String {
        let style = Style { join: Some(" "), ..self.flow.style };
        self.apart(style, |renderer| renderer.children(cell))
    }
}

fn line(texts: &[String]) -> String {
    let mut line = String::from("|");
    for text in texts {
        line.push(' ');
        line.push_str(text);
        line.push_str(" |");
    }
    line
}

fn span(cell: Element<'_>, key: &str) -> usize {
    let value = cell.attribute(key);
    let value = value.and_then(|value| value.trim().parse().ok());
    value.unwrap_or(1).clamp(1, SPAN_MAX)
}
