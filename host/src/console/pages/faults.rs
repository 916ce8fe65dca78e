//! What is wrong with a form: each fault at its field, and all of them at the top, as links.

use maud::{Markup, html};

/// Faults of a form, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    /// The input's id; empty for what is wrong with all of it.
    id: String,
    words: String,
}

impl Faults {
    pub fn add(&mut self, id: &str, words: impl Into<String>) {
        self.0.push(Fault { id: id.to_owned(), words: words.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with this input; the first, if there is more.
    pub fn at(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.id == id).map(|fault| fault.words.as_str())
    }

    /// For the top of the form; nothing if nothing is wrong.
    pub fn summary(&self) -> Markup {
        html! {
            @if !self.is_empty() {
                div.trouble #faults role="alert" tabindex="-1" {
                    @for fault in self.0.iter().filter(|fault| fault.id.is_empty()) { p { (fault.words) } }
                    @if self.0.iter().any(|fault| !fault.id.is_empty()) {
                        p { strong { "Look at this again:" } }
                        ul {
                            @for fault in self.0.iter().filter(|fault| !fault.id.is_empty()) {
                                li { a href=(format!("#{}", fault.id)) { (fault.words) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
