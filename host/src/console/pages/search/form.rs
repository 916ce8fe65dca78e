//! The box, the filters, and how to look as somebody else.

use maud::{Markup, html};

use super::asked::{self, Asked};
use crate::store::SearchedKind;

/// What can be typed, and what it means.
const SYNTAX: [(&str, &str); 9] = [
    ("parental leave", "both words, in the title or the text; the last may be unfinished"),
    ("\"parental leave\"", "these words in a row"),
    ("-draft", "without this word; works with all below, too"),
    ("park*", "words that begin so"),
    ("title:roadmap", "in the title"),
    ("space:ENG", "in this space"),
    ("label:how-to", "with this label, or any other property"),
    ("author:ana", "written or edited by somebody of this name"),
    ("updated:>2026-01-31", "changed on that day or later; < for earlier"),
];

/// Sent as somebody types, where there is the script; the button sends it where there is none.
pub fn form(asked: &Asked, kinds: &[SearchedKind], connections: &[String]) -> Markup {
    html! {
        form.search role="search" method="get" action="/search" data-instant="results" {
            @if !asked.as_whom.is_empty() { input type="hidden" name="as" value=(asked.as_whom); }
            div.box {
                label.unseen for="q" { "Search for" }
                input #q type="search" name="q" value=(asked.words) placeholder="Search" autocomplete="off"
                    spellcheck="false" autofocus aria-describedby="syntax";
                button.primary type="submit" { "Search" }
            }
            (filters(asked, kinds, connections))
            details.syntax #syntax {
                summary { "What can be typed" }
                dl.facts {
                    @for (typed, meaning) in SYNTAX { dt { code { (typed) } } dd { (meaning) } }
                }
            }
        }
    }
}

fn filters(asked: &Asked, kinds: &[SearchedKind], connections: &[String]) -> Markup {
    html! {
        div.narrowing {
            fieldset.choices {
                legend.unseen { "Kinds" }
                @for family in asked::families(kinds) {
                    label.chip {
                        input type="checkbox" name="kind" value=(family) checked[asked.families.contains(family)];
                        (family)
                    }
                }
            }
            @if connections.len() > 1 {
                label {
                    "Connection"
                    select name="connection" {
                        option value="" { "any" }
                        @for name in connections {
                            option value=(name) selected[asked.connection == *name] { (name) }
                        }
                    }
                }
            }
            label { "Space" input type="text" name="space" value=(asked.space) autocomplete="off" placeholder="any"; }
            label { "Label" input type="text" name="label" value=(asked.label) autocomplete="off" placeholder="any"; }
            label { "Changed since" input type="date" name="updated" value=(asked.updated); }
        }
    }
}

/// For administrators.
pub fn as_somebody_else(asked: &Asked, open: bool) -> Markup {
    html! {
        details.panel.lend open[open] {
            summary { "Look as somebody else" }
            form method="get" action="/search" {
                @if !asked.words.is_empty() { input type="hidden" name="q" value=(asked.words); }
                div.field {
                    label for="as" { "E-mail of the person" }
                    input #as type="email" name="as" value=(asked.as_whom) required autocomplete="off"
                        aria-describedby="as-help";
                    p.help #as-help {
                        "You are shown what that person is shown. That you looked is noted in the audit trail, and what \
                         you looked for is not."
                    }
                }
                button type="submit" { "Look" }
            }
        }
    }
}
