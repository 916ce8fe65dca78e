//! Stories of bodies, small and whole, and what is written for them.

#![allow(clippy::unwrap_used)]

mod adf;
mod adf_hostile;
mod blocks;
mod broken;
mod hostile;
mod links;
mod macros;
mod mangled;
mod tables;
mod text;

use super::{Markdown, adf_to_markdown, to_markdown};

/// The Markdown, and behind it what was lost.
fn show(storage: &str) -> String {
    written(to_markdown(storage))
}

/// The same of a document of the editor's.
fn show_adf(json: &str) -> String {
    written(adf_to_markdown(json))
}

fn written(markdown: Markdown) -> String {
    let mut text = markdown.text;
    for (title, counts) in [("lost", markdown.lost), ("placeholder", markdown.placeholders)] {
        let counts: Vec<_> = counts.iter().map(|(name, times)| format!("{name} {times}")).collect();
        if !counts.is_empty() {
            text.push_str(&format!("\n\n{title}: {}", counts.join(", ")));
        }
    }
    text
}
