//! The end of a set-up: what a first sync costs, and whether it begins now.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::configure_form::trouble;
use super::steps::{Step, steps};
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::{Oops, back};
use crate::console::pages::words::{count, length, number};
use crate::console::pages::{address, form};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble};
use crate::host::Estimate;

#[derive(Deserialize)]
pub struct Wanted {
    estimate: Option<String>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Oops> {
    let known = super::configure::Known::of(&console, &name).await?;
    let schedule = &known.turn.schedule;
    if !schedule.setting_up {
        return Ok(Redirect::to(&address::connection(&name, "/configure")).into_response());
    }
    let found = match wanted.estimate {
        Some(_) => Some(console.host().estimate(&name).await.map_err(Trouble::from)),
        None => None,
    };
    let action = address::connection(&name, "/ready");
    let start = |value: &str, words: &str, class: &str| {
        html! { button class=(class) type="submit" name="start" value=(value) { (words) } }
    };
    let content = html! {
        div.setup {
            h1 { "New connection: " (name) }
            (steps(Step::Configure, known.is_approved()))
            div.panel {
                h2 { "Configured and ready to sync" }
                dl.facts {
                    dt { "Signed in as" } dd { (known.connection.account) }
                    dt { "Is read" }
                    dd { @if schedule.manual { "only when somebody asks for it" } @else { "every " (schedule.every) } }
                }
                (estimate(&name, "/ready", found.as_ref(), true))
                (form::form(&viewer, &action, html! {
                    div.row {
                        (start("now", "Start now", "primary"))
                        (start("later", "Later", ""))
                        a.button href=(address::connection(&name, "/configure")) { "Back" }
                    }
                    @if !schedule.manual {
                        p.help { "“Later” leaves the connection paused, until you resume it or sync it by hand." }
                    }
                }))
            }
        }
    };
    Ok(layout::page(&viewer, Nav::Connections, "Ready to sync", &Said(None), content).into_response())
}

#[derive(Deserialize)]
pub struct Start {
    start: String,
}

pub async fn post(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(Start { start }): Form<Start>,
) -> Result<Response, Oops> {
    let start = start == "now";
    console.finish_setup(&viewer, name.clone(), start).await?;
    let words = if start { "is set up, and its first sync begins." } else { "is set up, and waits for you." };
    back(&console, "/connections", &format!("{name} {words}"))
}

/// Nothing takes no time at all.
fn takes(seconds: u64) -> String {
    match seconds {
        0..=59 => "less than a minute".to_owned(),
        seconds => format!("about {}", length(seconds.saturating_mul(1_000))),
    }
}

/// How much there is to read. It asks the source, so it comes after the page: by the script at once (`now`), or when
/// somebody follows the link.
pub fn estimate(name: &str, page: &str, estimate: Option<&Result<Estimate, Trouble>>, now: bool) -> Markup {
    let address = address::query(&address::connection(name, page), [("estimate", Some("yes"))]);
    html! {
        div.panel #estimate aria-live="polite" {
            h2 { "What a first sync takes" }
            @match estimate {
                None => p { a.button href=(address) data-load="estimate" data-now[now] { "Estimate requests and time" } },
                Some(Err(error)) => (trouble(error)),
                Some(Ok(estimate)) => {
                    p { strong {
                        "About " (count(estimate.items(), "item")) ", " (count(estimate.requests(), "request")) ", "
                        (takes(estimate.seconds))
                    } }
                    ul { @for amount in &estimate.amounts {
                        li { @if amount.rough { "about " } (number(amount.items)) " " (amount.what) }
                    } }
                    p.help { "Asked with " (count(estimate.asked, "request")) ". The words inside files come after it." }
                },
            }
        }
    }
}
