//! Excel (Office Open XML, ECMA-376 part 1, 18.3): the rows of all sheets, in order.

use std::ops::ControlFlow;

use crate::archive::{Archive, Part};
use crate::prose;
use crate::xml::{self, Node};
use crate::{Reason, Words};

pub fn extract(archive: &mut Archive<'_>, words: &mut Words) -> Result<(), Reason> {
    archive.read("xl/workbook.xml", |part| names(part, words))?;
    let mut shared = Shared::default();
    archive.read("xl/sharedStrings.xml", |part| shared.fill(part))?;
    for sheet in archive.numbered("xl/worksheets/sheet", ".xml") {
        archive.read(&sheet, |part| rows(part, &shared, words))?;
        if words.is_full() {
            return Ok(());
        }
    }
    for start in ["xl/comments", "xl/threadedComments/threadedComment", "xl/drawings/drawing"] {
        for name in archive.numbered(start, ".xml") {
            archive.read(&name, |part| prose::runs(part, words))?;
        }
        words.break_line();
    }
    Ok(())
}

/// The names on the tabs.
fn names(part: &mut Part<'_>, words: &mut Words) -> Result<(), Reason> {
    xml::walk(part, |node| {
        if let Node::Open(element) = node
            && element.name == "sheet"
            && let Some(name) = element.attribute("name")
        {
            words.push(&name);
            words.break_line();
        }
        if words.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

/// Strings that cells name by number. One text with the ends of each, because there may be a million.
#[derive(Default)]
struct Shared {
    text: String,
    ends: Vec<u32>,
}

/// Text of shared strings that is kept; what cells name beyond it stays empty.
const SHARED_BYTES_MAX: usize = 64 * 1024 * 1024;

impl Shared {
    fn fill(&mut self, part: &mut Part<'_>) -> Result<(), Reason> {
        // Readings of Japanese words stand in `rPh`, beside the words.
        let (mut in_text, mut in_reading) = (false, false);
        xml::walk(part, |node| {
            match node {
                Node::Open(element) => match element.name {
                    "t" => in_text = !in_reading,
                    "rPh" => in_reading = true,
                    _ => {}
                },
                Node::Close("t") => in_text = false,
                Node::Close("rPh") => in_reading = false,
                Node::Close("si") => self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX)),
                Node::Text(text) if in_text => self.text.push_str(text),
                _ => {}
            }
            if self.text.len() > SHARED_BYTES_MAX {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }

    fn get(&self, number: &str) -> Option<&str> {
        let number: usize = number.trim().parse().ok()?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start as usize..*self.ends.get(number)? as usize)
    }
}

/// What the value of a cell is, by its `t`.
#[derive(Clone, Copy, PartialEq)]
enum Cell {
    Shared,
    Inline,
    Value,
    /// Truth values and errors are no words.
    Nothing,
}

fn rows(part: &mut Part<'_>, shared: &Shared, words: &mut Words) -> Result<(), Reason> {
    let (mut cell, mut in_value) = (Cell::Nothing, false);
    let mut value = String::new();
    xml::walk(part, |node| {
        match node {
            Node::Open(element) => match element.name {
                "c" => {
                    cell = match element.attribute("t").as_deref() {
                        Some("s") => Cell::Shared,
                        Some("inlineStr") => Cell::Inline,
                        Some("b" | "e") => Cell::Nothing,
                        _ => Cell::Value,
                    };
                    value.clear();
                }
                "v" => in_value = cell != Cell::Inline,
                "t" => in_value = cell == Cell::Inline,
                _ => {}
            },
            Node::Text(text) if in_value => value.push_str(text),
            Node::Close("v" | "t") => in_value = false,
            Node::Close("c") => {
                let text = match cell {
                    Cell::Shared => shared.get(&value).unwrap_or_default(),
                    Cell::Inline | Cell::Value => value.as_str(),
                    Cell::Nothing => "",
                };
                if !text.is_empty() {
                    words.push(text);
                    words.end_cell();
                }
            }
            Node::Close("row") => words.break_line(),
            _ => {}
        }
        if words.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}
