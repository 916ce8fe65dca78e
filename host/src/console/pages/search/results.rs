//! What was found, as a list.

use maud::{Markup, html};

use super::asked::{Asked, SHOWN, SHOWN_MAX};
use super::grouped::{Group, Head, grouped};
use super::{Searched, why};
use crate::console::pages::address::source;
use crate::console::pages::words;
use crate::host::{Found, SearchHit};
use crate::index::Snippet;
use crate::model::Timestamp;

pub fn results(asked: &Asked, searched: &Searched) -> Markup {
    match &searched.found {
        None => html! {},
        Some(Err(fault)) => html! { p.fault role="alert" { (fault) } },
        Some(Ok(found)) if found.total == 0 => nothing(asked, searched.unknown),
        Some(Ok(found)) => list(asked, found, searched.now),
    }
}

fn nothing(asked: &Asked, unknown: bool) -> Markup {
    html! {
        div.empty role="status" {
            p { "Nothing that may be read here matches." }
            @if unknown {
                p { "No connection knows this e-mail. Where a source hides e-mails, an administrator has to link the account." }
            } @else if asked.is_filtered() {
                p { "Fewer filters may help." }
            }
        }
    }
}

fn list(asked: &Asked, found: &Found, now: Timestamp) -> Markup {
    let total = u64::try_from(found.total).unwrap_or(u64::MAX);
    html! {
        p.soft role="status" {
            (words::count(total, "result"))
            @if found.cut { "; the query is very long, and only its beginning was looked for" }
        }
        ol.hits {
            @for group in grouped(found.hits.clone()) { li { (entry(&group, asked, now)) } }
        }
        @if found.next.is_some() { (more(asked)) }
    }
}

fn more(asked: &Asked) -> Markup {
    if asked.shown >= SHOWN_MAX {
        return html! { p.soft { "There is more than anybody reads; further words or filters narrow the search." } };
    }
    let next = Asked { shown: (asked.shown + SHOWN).min(SHOWN_MAX), ..asked.clone() };
    html! { p { a.button href=(next.address()) { "More results" } } }
}

fn entry(group: &Group, asked: &Asked, now: Timestamp) -> Markup {
    html! {
        article.hit {
            @match &group.head {
                Head::Hit(hit) => {
                    h2 { (linked(&hit.title, &hit.url, &hit.kind)) }
                    (facts(hit, asked, now))
                    (snippet(&hit.snippet))
                }
                Head::Anchor { connection, anchor } => {
                    h2 { (linked(&anchor.title, &anchor.url, &anchor.kind)) }
                    p.meta {
                        span.badge { (kind(&anchor.kind)) }
                        a href=(why(connection, &anchor.id, &asked.as_whom)) { "Why do I see this?" }
                    }
                }
            }
            @if !group.below.is_empty() {
                ul.below {
                    @for hit in &group.below {
                        li {
                            h3 { (linked(&hit.title, &hit.url, &hit.kind)) }
                            (facts(hit, asked, now))
                            (snippet(&hit.snippet))
                        }
                    }
                }
            }
        }
    }
}

fn facts(hit: &SearchHit, asked: &Asked, now: Timestamp) -> Markup {
    html! {
        p.meta {
            span.badge { (kind(&hit.kind)) }
            @if let Some(updated) = hit.updated { span { "changed " (words::ago(updated, now)) } }
            a href=(why(&hit.connection, &hit.id, &asked.as_whom)) { "Why do I see this?" }
        }
    }
}

/// A title that leads to the source.
fn linked(title: &str, url: &str, of: &str) -> Markup {
    let untitled = title.trim().is_empty();
    let words = if untitled { kind(of) } else { title.to_owned() };
    html! {
        @match source(url) {
            Some(url) => { a href=(url) rel="noopener" { (words) } }
            None => { (words) }
        }
    }
}

/// `page-comment` as people say it.
fn kind(name: &str) -> String {
    name.replace('-', " ")
}

fn snippet(snippet: &Snippet) -> Markup {
    html! {
        p.snippet {
            @for fragment in &snippet.fragments {
                @if fragment.matched { mark { (fragment.text) } } @else { (fragment.text) }
            }
        }
    }
}
