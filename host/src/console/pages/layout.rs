//! What all pages look like: the navigation, what is to be said, the content.

use maud::{DOCTYPE, Markup, html};

use super::assets;
use crate::console::Viewer;
use crate::console::who::Said;

/// The places of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    Access,
    Connections,
    Connectors,
    People,
    Records,
    Search,
}

/// Address, words, and whether only administrators go there.
const PLACES: [(Nav, &str, &str, bool); 6] = [
    (Nav::Search, "/search", "Search", false),
    (Nav::Connections, "/connections", "Connections", true),
    (Nav::Records, "/records", "Records", true),
    (Nav::People, "/people", "People", true),
    (Nav::Connectors, "/connectors", "Connectors", true),
    (Nav::Access, "/access", "Access", true),
];

/// A page of the console, for somebody who is signed in.
pub fn page(viewer: &Viewer, here: Nav, title: &str, said: &Said, content: Markup) -> Markup {
    let shell = html! {
        a.skip href="#content" { "To the content" }
        header.top {
            a.brand href="/" { (mark()) "Weir" }
            nav aria-label="Main" {
                @for (nav, address, words, administrators) in PLACES {
                    @if !administrators || viewer.is_administrator() {
                        a href=(address) aria-current=[(nav == here).then_some("page")] { (words) }
                    }
                }
            }
            form.who method="post" action="/sign-out" {
                input type="hidden" name="csrf" value=(viewer.csrf());
                span { (viewer.email.as_deref().unwrap_or("Administrator")) }
                button.quiet type="submit" { "Sign out" }
            }
        }
        main #content tabindex="-1" {
            p.said #said role="status" { @if let Some(words) = &said.0 { (words) } }
            (content)
        }
    };
    document(title, shell)
}

/// A link to where an item is at its source; its words alone where there is no address that browsers open.
pub fn link(url: Option<&str>, words: &str) -> Markup {
    let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        @match url {
            Some(url) => a href=(url) rel="noreferrer" { (words) },
            None => (words),
        }
    }
}

/// A page without navigation: for those who are not signed in, and for trouble.
pub fn bare(title: &str, content: Markup) -> Markup {
    document(
        title,
        html! {
            header.top { a.brand href="/" { (mark()) "Weir" } }
            main.bare #content { (content) }
        },
    )
}

fn document(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Weir" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href=(assets::style_address());
                script src=(assets::script_address()) defer {}
            }
            body { (body) }
        }
    }
}

/// Water over a weir.
fn mark() -> Markup {
    html! {
        svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-width="2.4" stroke-linecap="round" {
            path d="M2 7c2.5-2.4 5-2.4 7.500 0s5 2.400 7.500 0 3.700-2 5-1.200" {}
            path d="M2 13c2.500-2.400 5-2.400 7.500 0s5 2.400 7.500 0" opacity=".75" {}
            path d="M2 19c2.500-2.400 5-2.400 7.500 0" opacity=".5" {}
        }
    }
}
