//! Why somebody does not find something: the step at which it was left out, for administrators.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;

use super::address;
use super::form::Field;
use super::layout::{self, Nav};
use super::shown::Oops;
use crate::console::Console;
use crate::console::who::{Administrator, Said};
use crate::host::{Passage, Step, WhyNot};

pub fn router() -> Router<Console> {
    Router::new().route("/why-not", get(page))
}

#[derive(Deserialize)]
struct AskedWhyNot {
    #[serde(default)]
    item: String,
    connection: Option<String>,
    #[serde(default, rename = "as")]
    as_whom: String,
}

async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Query(asked): Query<AskedWhyNot>,
    said: Said,
) -> Result<Response, Oops> {
    let answer = if asked.item.trim().is_empty() || asked.as_whom.trim().is_empty() {
        None
    } else {
        Some(console.why_not(&viewer, &asked.item, &asked.as_whom, asked.connection.as_deref()).await)
    };
    // What cannot be asked so is told where it was typed; the store's own trouble is a page.
    let (status, answer, fault) = match answer {
        None => (StatusCode::OK, None, None),
        Some(Ok(answer)) => (StatusCode::OK, Some(answer), None),
        Some(Err(trouble)) if trouble.status().is_client_error() => {
            (trouble.status(), None, Some(trouble.to_string()))
        }
        Some(Err(trouble)) => return Err(trouble.into()),
    };
    let content = html! {
        h1 { "Why is something not found?" }
        (form(&asked, fault.as_deref()))
        @if let Some(answer) = &answer { (verdict(answer)) }
    };
    Ok((status, layout::page(&viewer, Nav::Search, "Why not", &said, content)).into_response())
}

fn form(asked: &AskedWhyNot, fault: Option<&str>) -> Markup {
    let help = "The address of its page, as the browser shows it there, or its id, as page:98765.";
    let item = Field { id: "item", label: "What", help: Some(help), fault };
    let help = "That you looked is noted in the audit trail.";
    let person =
        Field { id: "as", label: "E-mail of the person who does not find it", help: Some(help), fault: None };
    html! {
        form.panel method="get" action="/why-not" {
            (item.show(html! {
                input #item type="text" name="item" value=(asked.item) required aria-describedby=[item.described()]
                    aria-invalid=[fault.map(|_| "true")];
            }))
            (person.show(html! {
                input #as type="email" name="as" value=(asked.as_whom) required aria-describedby=[person.described()];
            }))
            @if let Some(connection) = asked.connection.as_deref().filter(|name| !name.is_empty()) {
                input type="hidden" name="connection" value=(connection);
            }
            button.primary type="submit" { "Find out" }
        }
    }
}

fn verdict(answer: &WhyNot) -> Markup {
    let stopped = answer.steps.iter().find(|step| step.state == Passage::Stopped);
    html! {
        p role="status" {
            @match &answer.item {
                Some(item) => {
                    strong { @match address::source(&item.url) {
                        Some(url) => { a href=(url) rel="noopener" { (item.title) } }
                        None => { (item.title) }
                    } }
                    " " span.badge { (item.id) }
                }
                None => { strong { (answer.meant) } }
            }
            ": "
            @match stopped {
                Some(step) => { "it stopped at " strong { (title(step.name)) } "." }
                None => { (answer.person) " finds it." }
            }
        }
        ol.stages { @for step in &answer.steps { (shown(step)) } }
        @if stopped.is_none() { p { a href=(found(answer)) { "Look for it as " (answer.person) } } }
    }
}

fn shown(step: &Step) -> Markup {
    let how = match step.state {
        Passage::Passed => "passed",
        Passage::Stopped => "stopped here",
        Passage::NotReached => "not reached",
    };
    html! {
        li data-state=(step.state.as_str()) {
            h2 { (title(step.name)) span.badge { (how) } }
            @if !step.words.is_empty() { p { (step.words) } }
            @if let Some(remedy) = &step.remedy { p { strong { "What to do: " } (remedy) "." } }
        }
    }
}

fn title(name: &str) -> &'static str {
    match name {
        "listing" => "Listing",
        "filter" => "Filter",
        "access" => "Access",
        "conversion" => "Conversion",
        _ => "Index",
    }
}

fn found(answer: &WhyNot) -> String {
    let title = answer.item.as_ref().map(|item| item.title.as_str());
    address::query("/search", [("q", title), ("as", Some(&answer.person))])
}
