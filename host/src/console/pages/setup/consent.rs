//! *Authorize*: a button that opens the source's consent page in another window, where that window ends, and the page
//! that waits for it.

use axum::Form;
use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::faulty::sentence;
use super::new_form::redirect_url;
use super::origins;
use super::steps::{Step, steps};
use crate::console::Console;
use crate::console::authorization::{Purpose, SignedIn, Stage};
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::{Oops, Page, back};
use crate::console::pages::{address, form};
use crate::console::who::{Administrator, Said};
use crate::model::Origin;
use crate::secrets::oauth::sign_in_places;

#[derive(Deserialize)]
pub struct Which {
    draft: String,
}

/// What the page that waits shows of an authorization.
struct Waiting {
    draft: String,
    stage: Stage,
    connection: String,
    is_new: bool,
    /// Set up to its end: nothing is left to be configured first.
    finished: bool,
    scopes: Vec<String>,
    own: Vec<Origin>,
    callback: String,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    headers: HeaderMap,
    Query(Which { draft }): Query<Which>,
) -> Page {
    let mut waiting = console.authorization(&viewer, &draft, |authorization| Waiting {
        draft: draft.clone(),
        stage: authorization.stage.clone(),
        connection: authorization.purpose.connection().to_owned(),
        is_new: matches!(authorization.purpose, Purpose::New(_)),
        finished: false,
        scopes: authorization.scopes.clone(),
        own: sign_in_places(&authorization.login).unwrap_or_default(),
        callback: authorization.client.redirect.clone(),
    })?;
    if !waiting.is_new {
        let name = waiting.connection.clone();
        waiting.finished = console.with_host(move |host| Ok(!host.turn(&name)?.schedule.setting_up)).await?;
    }
    let title = if waiting.finished { "Sign in again" } else { "New connection" };
    let content = html! {
        div.setup {
            h1 { (title) ": " (waiting.connection) }
            @if !waiting.finished { (steps(Step::Authorize, true)) }
            @if !is_at(&console, &headers) { (elsewhere(&console)) }
            (waiting.panel(&form::form(&viewer, "/oauth/other-account", html! {
                input type="hidden" name="draft" value=(draft);
                button type="submit" { "Go on with the other account" }
            })))
        }
    };
    Ok(layout::page(&viewer, Nav::Connections, title, &said, content))
}

/// Whether the browser is where the consent page leads back to: it is known there and nowhere else.
fn is_at(console: &Console, headers: &HeaderMap) -> bool {
    let named = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    named.eq_ignore_ascii_case(console.options().url.authority())
}

fn elsewhere(console: &Console) -> Markup {
    let url = console.options().url.as_str();
    html! {
        p.note {
            "The consent page leads back to " code { (url) } ", where this browser is not signed in. Open the console at "
            "that address and begin there, or name the one you use with " code { "weir serve --url" } "."
        }
    }
}

impl Waiting {
    fn panel(&self, other: &Markup) -> Markup {
        let begin = address::query("/oauth/begin", [("draft", Some(self.draft.as_str()))]);
        // The script looks again while somebody approves in the other window.
        let waits = !matches!(self.stage, Stage::Done(_));
        let again = address::query("/oauth/consent", [("draft", Some(self.draft.as_str()))]);
        html! {
            div.panel #authorization data-poll=[waits.then_some(&again)] aria-live="polite" {
                @match &self.stage {
                    Stage::Done(done) => (self.done(done, &begin)),
                    Stage::OtherAccount { was, is, .. } => {
                        p.trouble role="alert" {
                            "This connection reads as " strong { (was) } ", and " strong { (is) } " approved. "
                            "What that account may not see is removed by the next sync."
                        }
                        div.row {
                            a.button.primary href=(begin) target="_blank" rel="noopener" { "Approve as the same account" }
                            (other)
                        }
                    },
                    Stage::Failed(words) => {
                        p.trouble role="alert" { (sentence(words)) }
                        (self.open(&begin, &again, "Try again"))
                    },
                    Stage::Waiting => {
                        p { "Somebody with an account at the source approves what Weir may read. That happens on the source's \
                             own page, in another window; Weir never sees a password." }
                        (self.open(&begin, &again, "Open the consent window"))
                    },
                }
            }
        }
    }

    fn open(&self, begin: &str, again: &str, words: &str) -> Markup {
        html! {
            div.row {
                a.button.primary href=(begin) target="_blank" rel="noopener" { (words) }
                a.button href=(again) { "I have approved" }
            }
            p.help { "This page goes on by itself once that window says that it is done." }
            details {
                summary { "What is asked for: " (self.scopes.len()) " scopes" }
                ul.scopes { @for scope in &self.scopes { li { code { (scope) } } } }
            }
            (redirect_url(&self.callback))
            (origins::list(&[], &self.own))
        }
    }

    fn done(&self, done: &SignedIn, begin: &str) -> Markup {
        let on = if self.finished {
            "/connections".to_owned()
        } else {
            address::connection(&done.connection, "/configure")
        };
        html! {
            p { span.badge data-state="good" { "Authenticated" } " as " strong { (done.account) } }
            @if !done.missing.is_empty() {
                p.trouble {
                    "Not granted: " (done.missing.join(", ")) ". What needs these cannot be read: add them to the app, then "
                    "reauthenticate."
                }
            }
            div.row {
                a.button.primary href=(on) { "Continue" }
                a.button href=(begin) target="_blank" rel="noopener" { "Reauthenticate" }
            }
        }
    }
}

/// Leads to the consent page. A link and no form: a form's answer may not lead to another site. It changes nothing
/// but memory.
pub async fn begin(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Query(Which { draft }): Query<Which>,
) -> Result<Redirect, Oops> {
    Ok(Redirect::to(console.open_consent(&viewer, &draft)?.as_str()))
}

/// Where the other window ends.
pub async fn callback(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    RawQuery(query): RawQuery,
) -> Result<Response, Oops> {
    let (draft, stage) = console.approve(&viewer, &query.unwrap_or_default()).await?;
    let waiting = address::query("/oauth/consent", [("draft", Some(draft.as_str()))]);
    let (status, title, words) = match &stage {
        Stage::Done(done) => {
            let words = format!("Authenticated as {}. You may close this window.", done.account);
            (StatusCode::OK, "Authenticated", words)
        }
        Stage::OtherAccount { is, .. } => {
            let words = format!(
                "{is} approved, and the connection reads as another account. The other window asks what to do."
            );
            (StatusCode::CONFLICT, "Another account", words)
        }
        Stage::Failed(words) => (StatusCode::UNPROCESSABLE_ENTITY, "That did not work", sentence(words)),
        Stage::Waiting => {
            (StatusCode::OK, "Not done yet", "Approve in the window that was opened last.".to_owned())
        }
    };
    let content = html! {
        h1 { (title) }
        p class=(if status == StatusCode::OK { "said" } else { "trouble" }) role="status" { (words) }
        p { a href=(waiting) { "Go on here instead" } }
    };
    Ok((status, layout::bare(title, content)).into_response())
}

/// Somebody means the other account.
pub async fn other_account(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Form(Which { draft }): Form<Which>,
) -> Result<Response, Oops> {
    console.approve_other(&viewer, &draft).await?;
    let to = address::query("/oauth/consent", [("draft", Some(draft.as_str()))]);
    back(&console, &to, "The connection reads as that account from now on.")
}
