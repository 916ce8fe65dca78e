//! Who may read something, level by level, in words: what each level states, for nobody in particular.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::access::Reason;
use crate::console::pages::records::places;
use crate::host::{AccessLevel, FormerPlace, ItemRecord, principal_name};
use crate::model::{Access, Principal};

/// Names shown of one level at once; the rest can be opened.
const NAMES_SHOWN_MAX: usize = 8;

/// Names that can be opened; a restriction may name a hundred thousand.
const NAMES_LISTED_MAX: usize = 500;

type Names = BTreeMap<String, String>;

/// The levels from the root down to the item, as a reader has to come.
pub fn levels(record: &ItemRecord) -> Markup {
    let connection = &record.item.connection_name;
    html! {
        @if let Some(reason) = record.shut { p.trouble { "Nobody may read it now: " (why_shut(reason)) "." } }
        ol.levels {
            @for level in record.levels.iter().rev() {
                li {
                    (places::link(connection, &level.at)) ": "
                    span.soft { (statement(&level.access, &record.names)) }
                    (waits(level, connection, &record.names))
                }
            }
        }
    }
}

/// What of a level does not count yet.
fn waits(level: &AccessLevel, connection: &str, names: &Names) -> Markup {
    html! {
        @if level.withheld {
            p.note { "New words are shown to nobody until it is known who may read what is above. The next sync looks." }
        }
        @if let Some(FormerPlace { below, access }) = &level.former {
            p.note {
                "It was moved or opened. Until all around it was looked at, a reader must be let in at its place before as well"
                @if let Some(below) = below { ", below " (places::link(connection, below)) }
                ": " (statement(access, names)) "."
            }
        }
    }
}

/// What one level states.
fn statement(access: &Access, names: &Names) -> Markup {
    match access {
        Access::Inherited => html! { "whoever may read what holds it" },
        Access::Narrowed(named) => {
            html! { "of those who may read what holds it only " (principals(named, names)) }
        }
        Access::Widened(named) => html! { "whoever may read what holds it, and " (principals(named, names)) },
        Access::Replaced(named) => html! { (principals(named, names)) },
        Access::Unknown => html! { "nobody: the source would not tell who may read it" },
    }
}

fn principals(named: &[Principal], names: &Names) -> Markup {
    let (shown, rest) = named.split_at(named.len().min(NAMES_SHOWN_MAX));
    html! {
        @if named.is_empty() { "nobody" }
        @for (place, one) in shown.iter().enumerate() { @if place > 0 { ", " } strong { (principal_name(one, names)) } }
        @if !rest.is_empty() {
            details.more {
                summary { "and " (rest.len()) " more" }
                @for (place, one) in rest.iter().take(NAMES_LISTED_MAX).enumerate() {
                    @if place > 0 { ", " } (principal_name(one, names))
                }
                @if rest.len() > NAMES_LISTED_MAX { ", and others" }
            }
        }
    }
}

fn why_shut(reason: Reason) -> &'static str {
    match reason {
        Reason::Unknown => "the source would not tell who may",
        Reason::RootWithoutReaders => "what it lies in at the top names nobody",
        Reason::Absent => "it has not been read, or is gone",
        Reason::ParentAbsent => "what holds it has not been read, or is gone",
        Reason::Withheld => "its words are new, and who may read what is above was not looked at since",
        Reason::NotNamed | Reason::Unsettled => "no level lets anybody in",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_is_a_sentence_with_names() {
        let names =
            Names::from([("a".to_owned(), "Ana".to_owned()), ("g".to_owned(), "designers".to_owned())]);
        let told = |access: Access| {
            let html = statement(&access, &names).into_string();
            html.replace("<strong>", "").replace("</strong>", "")
        };
        let both =
            || vec![Principal::User("a".into()), Principal::Group("g".into()), Principal::User("x".into())];
        assert_eq!(told(Access::Replaced(both())), "Ana, group designers, x");
        assert_eq!(told(Access::Replaced(vec![])), "nobody");
        assert_eq!(
            told(Access::Narrowed(vec![Principal::Members])),
            "of those who may read what holds it only all members"
        );
        assert_eq!(
            told(Access::Widened(vec![Principal::Anyone])),
            "whoever may read what holds it, and anyone"
        );
        let many = (0..9).map(|one| Principal::User(one.to_string())).collect();
        assert!(told(Access::Replaced(many)).ends_with("<summary>and 1 more</summary>8</details>"));
    }
}
