//! Word and PowerPoint (Office Open XML, ECMA-376): runs of text `t` in paragraphs `p`, in both alike.

use std::ops::ControlFlow;

use crate::archive::{Archive, Part};
use crate::xml::{self, Node};
use crate::{Reason, Words};

/// The document, then its notes and comments, then what stands above and below its pages.
const WORD_PARTS: [&str; 6] =
    ["word/document", "word/footnotes", "word/endnotes", "word/comments", "word/header", "word/footer"];

/// The slides, then the speaker's notes, then what diagrams and comments say.
const SLIDES_PARTS: [&str; 4] =
    ["ppt/slides/slide", "ppt/notesSlides/notesSlide", "ppt/diagrams/data", "ppt/comments/comment"];

pub fn word(archive: &mut Archive<'_>, words: &mut Words) -> Result<(), Reason> {
    parts(archive, &WORD_PARTS, words)
}

pub fn slides(archive: &mut Archive<'_>, words: &mut Words) -> Result<(), Reason> {
    parts(archive, &SLIDES_PARTS, words)
}

fn parts(archive: &mut Archive<'_>, starts: &[&str], words: &mut Words) -> Result<(), Reason> {
    for start in starts {
        for name in archive.numbered(start, ".xml") {
            archive.read(&name, |part| runs(part, words))?;
            if words.is_full() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The runs of one part. Deleted text is `delText` and field codes are `instrText`, so neither is taken; what is
/// drawn twice for old programs stands in `Fallback`.
pub fn runs(part: &mut Part<'_>, words: &mut Words) -> Result<(), Reason> {
    let (mut in_text, mut fallbacks) = (false, 0_u32);
    xml::walk(part, |node| {
        match node {
            Node::Open(element) => match element.name {
                "Fallback" => fallbacks += 1,
                // Comments of PowerPoint hold their words directly.
                "t" | "text" => in_text = true,
                "tab" => words.end_cell(),
                "br" | "cr" => words.break_line(),
                _ => {}
            },
            Node::Close("Fallback") => fallbacks = fallbacks.saturating_sub(1),
            Node::Close("t" | "text") => in_text = false,
            Node::Close("tc") => {
                words.end_line_as_cell();
            }
            Node::Close("p" | "tr") => words.break_line(),
            Node::Text(text) if in_text && fallbacks == 0 => words.push(text),
            _ => {}
        }
        if words.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}
