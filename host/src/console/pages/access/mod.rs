//! Who may come in, and what was done: tokens, administrators, browsers that are signed in, the audit trail.

mod sessions;
mod tokens;
mod trail;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::layout::{self, Nav};
use super::shown::Page;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Viewer};

pub fn router() -> Router<Console> {
    Router::new()
        .route("/access", get(page))
        .route("/access/tokens", post(tokens::make))
        .route("/access/tokens/{id}/revoke", post(tokens::revoke))
        .route("/access/sessions", get(sessions::page))
        .route("/access/sessions/end", post(sessions::end))
        .route("/access/sessions/end-all", post(sessions::end_all))
        .route("/access/trail", get(trail::page))
}

/// The parts: address and words.
const PARTS: [(&str, &str); 3] = [
    ("/access", "Tokens and administrators"),
    ("/access/sessions", "Signed in"),
    ("/access/trail", "Audit trail"),
];

fn shown(viewer: &Viewer, said: &Said, here: &str, content: &Markup) -> Markup {
    let content = html! {
        h1 { "Access" }
        ul.tabs {
            @for (address, words) in PARTS {
                li { a href=(address) aria-current=[(address == here).then_some("page")] { (words) } }
            }
        }
        (content)
    };
    layout::page(viewer, Nav::Access, "Access", said, content)
}

async fn page(State(console): State<Console>, Administrator(viewer): Administrator, said: Said) -> Page {
    let content = tokens::content(&console, &viewer, &tokens::Making::default(), None).await?;
    Ok(shown(&viewer, &said, "/access", &content))
}
