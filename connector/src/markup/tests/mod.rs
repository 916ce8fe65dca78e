//! Stories of bodies, small and whole, and what is written for them.

#![allow(clippy::unwrap_used)]

mod blocks;
mod broken;
mod hostile;
mod links;
mod macros;
mod mangled;
mod tables;
mod text;

use super::to_markdown;

/// The Markdown, and behind it what was lost.
fn show(storage: &str) -> String {
    let markdown = to_markdown(storage);
    let lost: Vec<_> = markdown.lost.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if lost.is_empty() { markdown.text } else { format!("{}\n\nlost: {}", markdown.text, lost.join(", ")) }
}
