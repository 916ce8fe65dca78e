//! The connections, a card each.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use maud::html;

use super::layout::{self, Nav};
use super::shown::{Oops, Page, back};
use super::{address, form};
use crate::console::Console;
use crate::console::who::{Administrator, Said};

pub fn router() -> Router<Console> {
    Router::new()
        .route("/connections", get(list))
        .route("/connections/{name}/pause", post(pause))
        .route("/connections/{name}/resume", post(resume))
}

async fn list(State(console): State<Console>, Administrator(viewer): Administrator, said: Said) -> Page {
    let turns = console.with_host(|host| host.turns()).await?;
    let content = html! {
        h1 { "Connections" }
        div.cards {
            @for turn in &turns {
                section.card {
                    h2 { (turn.name) }
                    p { span.badge data-state=(turn.state.as_str()) { (turn.state.as_str()) } }
                    (form::button(&viewer, &address::connection(&turn.name, "/pause"), "Pause", "", None))
                }
            }
        }
    };
    Ok(layout::page(&viewer, Nav::Connections, "Connections", &said, content))
}

async fn pause(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    console.set_paused(&viewer, name.clone(), true).await?;
    back(&console, "/connections", &format!("{name} is paused."))
}

async fn resume(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    console.set_paused(&viewer, name.clone(), false).await?;
    back(&console, "/connections", &format!("{name} is read on schedule again."))
}
