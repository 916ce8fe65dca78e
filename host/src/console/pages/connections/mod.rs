//! Connections: a card each, a page each, and what is done there.
//!
//! - `cards` are all of them, `one` is the page of one; `card` is what both show.
//! - `progress` is what goes on now, and `events` keeps it up to date while the page is open (server-sent events).
//! - `runs`, `failures`, `files` and `deletions` are the pages below one; `removal` asks before it removes.
//! - `buttons` do what needs no page of its own.
//!
//! Deliberately absent: setting up, configuring and signing in.

mod buttons;
mod card;
mod cards;
mod deletions;
mod events;
mod failures;
mod files;
mod one;
mod progress;
mod removal;
mod runs;

use axum::Router;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::address;
use crate::console::Console;

pub fn router() -> Router<Console> {
    Router::new()
        .route("/connections", get(cards::page))
        .route("/connections/events", get(events::of_all))
        .route("/connections/{name}", get(one::page))
        .route("/connections/{name}/events", get(events::of_one))
        .route("/connections/{name}/sync", post(buttons::sync))
        .route("/connections/{name}/cancel", post(buttons::cancel))
        .route("/connections/{name}/pause", post(buttons::pause))
        .route("/connections/{name}/resume", post(buttons::resume))
        .route("/connections/{name}/limits", post(buttons::limits))
        .route("/connections/{name}/doctor", post(one::doctor))
        .route("/connections/{name}/runs", get(runs::list))
        .route("/connections/{name}/runs/{id}", get(runs::one))
        .route("/connections/{name}/failures", get(failures::page).post(failures::retry))
        .route("/connections/{name}/files", get(files::page))
        .route("/connections/{name}/deletions", get(deletions::page))
        .route("/connections/{name}/deletions/approve", post(deletions::approve))
        .route("/connections/{name}/deletions/reject", post(deletions::reject))
        .route("/connections/{name}/deletions/limit", post(deletions::limit))
        .route("/connections/{name}/remove", get(removal::page).post(removal::remove))
}

/// The pages of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Overview,
    Runs,
    Failures,
    Files,
    Deletions,
}

const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Overview, "", "Overview"),
    (Tab::Runs, "/runs", "Runs"),
    (Tab::Failures, "/failures", "Failures"),
    (Tab::Files, "/files", "Files without words"),
    (Tab::Deletions, "/deletions", "Deletions"),
];

/// The connection's name, and the way to its pages.
fn head(name: &str, here: Tab) -> Markup {
    html! {
        h1 { (name) }
        nav aria-label="Connection" {
            ul.tabs {
                @for (tab, path, words) in TABS {
                    li { a href=(address::connection(name, path)) aria-current=[(tab == here).then_some("page")] { (words) } }
                }
            }
        }
    }
}

/// The way to the next page of a list, if there is one.
fn further(path: &str, pairs: &[(&str, Option<&str>)], next: Option<&str>) -> Markup {
    let pairs = pairs.iter().copied().chain([("cursor", next)]);
    html! {
        @if next.is_some() {
            p { a.button href=(address::query(path, pairs)) rel="next" { "Show more" } }
        }
    }
}
