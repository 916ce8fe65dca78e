//! The browsers that are signed in.

use std::collections::BTreeMap;

use axum::extract::{Form, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::shown;
use crate::console::pages::shown::{Oops, Page, back};
use crate::console::pages::{form, words};
use crate::console::who::{self, Administrator, IDLE_MS_MAX, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::model::Timestamp;
use crate::store::{Session, TokenId};

/// Sessions shown, those seen last: more are ended all at once.
const ROWS: u32 = 200;

pub async fn page(State(console): State<Console>, Administrator(viewer): Administrator, said: Said) -> Page {
    let list = |host: &crate::host::Host| {
        let now = host.now()?;
        let tokens = host.store().tokens()?.into_iter().map(|token| (token.id, token.label)).collect();
        Ok((host.store().sessions(now, IDLE_MS_MAX, ROWS)?, tokens, now))
    };
    let (sessions, tokens, now) = console.with_host(list).await?;
    let confirm = "Sign everybody out, yourself too?";
    let content = html! {
        div.head {
            p.soft { "Whoever is not seen for two hours is signed out, and everybody is after twelve." }
            (form::button(&viewer, "/access/sessions/end-all", "Sign everybody out", "danger", Some(confirm)))
        }
        div.scroll tabindex="0" role="region" aria-label="Signed in" {
            table {
                thead { tr { @for head in ["Who", "Signed in by", "Since", "Last seen", ""] { th scope="col" { (head) } } } }
                tbody { @for session in &sessions { (row(&viewer, session, &tokens, now)) } }
            }
        }
    };
    Ok(shown(&viewer, &said, "/access/sessions", &content))
}

fn row(viewer: &Viewer, session: &Session, tokens: &BTreeMap<TokenId, String>, now: Timestamp) -> Markup {
    let label = session.token.and_then(|id| tokens.get(&id)).map(String::as_str).unwrap_or_default();
    let who = session.email.as_deref().unwrap_or(label);
    let way = match session.way.as_str() {
        "oidc" => "the company account",
        "header" => "the proxy",
        _ => "a token",
    };
    html! {
        tr {
            td { (who) }
            td { (way) }
            td { (words::ago(session.created, now)) }
            td { (words::ago(session.seen, now)) }
            td { (form::form(viewer, "/access/sessions/end", html! {
                input type="hidden" name="session" value=(who::hash_name(&session.hash));
                button type="submit" aria-label=(format!("Sign out {who}")) { "Sign out" }
            })) }
        }
    }
}

#[derive(Deserialize)]
pub struct End {
    session: String,
}

pub async fn end(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Form(End { session }): Form<End>,
) -> Result<Response, Oops> {
    let hash = who::hash_named(&session).ok_or_else(|| Trouble::Bad("that is no session".to_owned()))?;
    let words = match console.end_session(&viewer, hash).await? {
        Some(who) => format!("{who} is signed out there."),
        None => "That one was signed out already.".to_owned(),
    };
    back(&console, "/access/sessions", &words)
}

pub async fn end_all(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
) -> Result<Response, Oops> {
    console.end_sessions(&viewer).await?;
    back(&console, "/sign-in", "Everybody is signed out.")
}
