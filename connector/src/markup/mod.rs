//! Confluence's storage format as Markdown.
//!
//! Called for every page, blog post and comment that is read. It is a pure function of its input:
//! no clock, no requests, no state between calls. What it needs to know about the site (how people
//! are called) comes in through [`Names`].
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
//! looking up link targets, colours, widths and alignment, and the other body formats.

mod adf;
mod block;
mod builder;
mod code;
mod entities;
mod escape;
mod events;
mod flow;
mod image;
mod inline;
mod links;
mod list;
mod macros;
mod marks;
mod panel;
mod renderer;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;

use renderer::Renderer;
use tree::Tree;

/// How people are called. Storage format names them only by their account id.
pub trait Names {
    /// The display name behind an Atlassian account id, if it is known.
    fn user(&self, account_id: &str) -> Option<String>;
}

/// A body as Markdown, and what did not make it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// GitHub's flavour of Markdown with `\n` between lines and none at the end. Empty if nothing is shown.
    ///
    /// Targets inside Confluence have no URL in storage format and are written as `page:SPACE/Title`,
    /// `blog:SPACE/Title`, `attachment:file name`, `space:KEY` and `content:ID`; underline, sub- and
    /// superscript and breaks inside table cells are the tags `<u>`, `<sub>`, `<sup>` and `<br>`.
    pub text: String,
    /// Macros (by their name) and elements (by their tag) that were left out or replaced by a placeholder, each with
    /// how often.
    pub lost: BTreeMap<String, u32>,
}

/// Turns a body in storage format into Markdown.
///
/// Takes any text, in time linear in its length, and never fails. The format is described by Atlassian in
/// "Confluence Storage Format".
pub fn to_markdown(storage: &str, names: &dyn Names) -> Markdown {
    let tree = Tree::parse(storage);
    let mut renderer = Renderer::new(names);
    renderer.children(tree.root());
    if !tree.overflow().is_empty() {
        renderer.lose("(too many elements)");
        renderer.flow.flush();
        renderer.flow.words(tree.overflow());
    }
    renderer.finish()
}
