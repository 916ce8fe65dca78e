//! Confluence's storage format, and its editor's format, as Markdown.
//!
//! Called for every page, blog post and comment that is read. It is a pure function of its input:
//! no clock, no requests, no state between calls.
//!
//! Storage format is XHTML with elements of its own (`ac:`, `ri:`) whose prefixes nobody declares, with
//! HTML's entities, and with whatever an app or an old import left behind. So nothing here can fail:
//! broken markup is read the way its author probably meant it, and words are never dropped unless
//! Confluence does not show them either. What could not be carried over is counted in [`Markdown::lost`].
//!
//! The way of a page: `events` cuts it into tags and text, `builder` nests them in a `tree`, and a
//! [`Renderer`] walks the tree and writes into a `Flow`, which knows about lines, quotes and indents.
//!
//! Deliberately absent: running macros (an included page's words belong to that page, with its own access),
//! looking up link targets, colours, widths and alignment, and the formats in which Confluence sends pages to browsers.

mod adf;
mod block;
mod builder;
mod code;
mod entities;
mod escape;
mod events;
mod extension;
mod flow;
mod image;
mod inline;
mod links;
mod list;
mod losses;
mod macros;
mod marks;
mod panel;
mod renderer;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use losses::Counts;
use renderer::Renderer;
use tree::Tree;

/// A body as Markdown, and what did not make it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// GitHub's flavour of Markdown with `\n` between lines and none at the end. Empty if nothing is shown.
    ///
    /// A mention is `[@](user:ACCOUNT-ID)`, for the host to put the name. Targets inside Confluence have no URL in storage format and are written as `page:SPACE/Title`,
    /// `blog:SPACE/Title`, `attachment:file name`, `media:FILE-ID` (an attachment's `fileId`, from the editor's format, which
    /// has no names), `space:KEY` and `content:ID`; underline, sub- and
    /// superscript and breaks inside table cells are the tags `<u>`, `<sub>`, `<sup>` and `<br>`.
    pub text: String,
    /// Elements, by their tag, whose words or meaning are not in `text`, each with how often.
    pub lost: Counts,
    /// Macros, by their name, that `[macro: NAME]` stands for in `text`, because what they show is made elsewhere.
    pub placeholders: Counts,
}

/// Turns a body in storage format into Markdown.
///
/// Takes any text, in time linear in its length, and never fails. The format is described by Atlassian in
/// "Confluence Storage Format".
pub fn to_markdown(storage: &str) -> Markdown {
    let tree = Tree::parse(storage);
    let mut renderer = Renderer::new();
    renderer.children(tree.root());
    if !tree.overflow().is_empty() {
        renderer.lose("(too many elements)");
        renderer.flow.flush();
        renderer.flow.words(tree.overflow());
    }
    renderer.finish()
}

/// Turns a body in the editor's format into Markdown.
///
/// Takes any text, in time linear in its length, and never fails. The format is described by Atlassian in "Atlassian Document
/// Format".
pub fn adf_to_markdown(json: &str) -> Markdown {
    let (storage, lost) = adf::to_storage(json);
    let mut markdown = to_markdown(&storage);
    for (name, times) in lost {
        let total = markdown.lost.entry(name).or_default();
        *total = total.saturating_add(times);
    }
    markdown
}

/// Whether a body in storage format holds something of which it has no word, so that only the editor's format can tell.
pub fn leaves_a_gap(storage: &str) -> bool {
    storage.contains("<ac:adf-extension") && to_markdown(storage).lost.contains_key(extension::WORDLESS)
}
