//! All connections.

use axum::extract::State;
use maud::html;

use super::super::layout::{self, Nav};
use super::super::shown::Page;
use super::{card, events};
use crate::console::Console;
use crate::console::who::{Administrator, Said};

pub async fn page(State(console): State<Console>, Administrator(viewer): Administrator, said: Said) -> Page {
    let standings = console.standings().await?;
    let (now, backlog) =
        console.with_host(|host| Ok((host.now()?, host.store().outbox_len_after(0)?))).await?;
    let ids: Vec<_> = standings.iter().map(|standing| standing.turn.connection).collect();
    let content = html! {
        div.head {
            h1 { "Connections" }
            @if !standings.is_empty() { a.button.primary href="/connections/new" { "Add a connection" } }
        }
        @if standings.is_empty() {
            section.empty {
                h2 { "Nothing is connected yet" }
                p { "A connection reads one site, and shows each person what that person may read there." }
                p { a.button.primary href="/connections/new" { "Add the first connection" } }
            }
        } @else {
            div.cards.connections data-live="/connections/events" data-events=(events::names(&ids)) {
                @for standing in &standings {
                    section.card id=(card::id(standing.turn.connection)) {
                        (card::content(&viewer, standing, backlog, now, card::Sort::OfMany))
                    }
                }
            }
            noscript { p { a href="/connections" { "Refresh" } } }
        }
    };
    Ok(layout::page(&viewer, Nav::Connections, "Connections", &said, content))
}
