//! OpenDocument text, spreadsheets and presentations (ISO/IEC 26300): all of them in `content.xml`, in one way.

use std::ops::ControlFlow;

use crate::archive::{Archive, Part};
use crate::xml::{self, Node};
use crate::{Reason, Words};

pub fn extract(archive: &mut Archive<'_>, words: &mut Words) -> Result<(), Reason> {
    let mut encrypted = false;
    archive.read("META-INF/manifest.xml", |part| {
        xml::walk(part, |node| {
            encrypted |= matches!(node, Node::Open(element) if element.name == "encryption-data");
            if encrypted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    })?;
    if encrypted {
        return Err(Reason::Encrypted);
    }
    archive.read("content.xml", |part| content(part, words))
}

fn content(part: &mut Part<'_>, words: &mut Words) -> Result<(), Reason> {
    // Text counts within a paragraph or heading; what was deleted is kept in `tracked-changes`.
    let (mut paragraphs, mut deleted) = (0_u32, false);
    xml::walk(part, |node| {
        match node {
            Node::Open(element) => match element.name {
                "p" | "h" => paragraphs += 1,
                "tracked-changes" => deleted = true,
                "s" => words.blank(),
                "tab" => words.end_cell(),
                "line-break" => words.break_line(),
                "table" | "page" => {
                    if let Some(name) = element.attribute("name") {
                        words.break_line();
                        words.push(&name);
                        words.break_line();
                    }
                }
                _ => {}
            },
            Node::Close("p" | "h") => {
                paragraphs = paragraphs.saturating_sub(1);
                words.break_line();
            }
            Node::Close("table-cell") => words.end_line_as_cell(),
            Node::Close("table-row") => words.break_line(),
            Node::Close("tracked-changes") => deleted = false,
            Node::Text(text) if paragraphs > 0 && !deleted => words.push(text),
            _ => {}
        }
        if words.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}
