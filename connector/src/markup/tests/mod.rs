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

use super::{Names, to_markdown};

/// A site where one person is known.
struct OnePerson;

impl Names for OnePerson {
    fn user(&self, account_id: &str) -> Option<String> {
        account_id.ends_with('1').then(|| "Ann Lee".to_owned())
    }
}

/// The Markdown, and behind it what was lost.
fn show(storage: &str) -> String {
    let markdown = to_markdown(storage, &OnePerson);
    let lost: Vec<_> = markdown
        .lost
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    if lost.is_empty() {
        markdown.text
    } else {
        format!("{}\n\nlost: {}", markdown.text, lost.join(", "))
    }
}
