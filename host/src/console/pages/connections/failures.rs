//! Items that could not be read: why, how often it was tried, and when it is tried again.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::layout::{self, Nav};
use super::super::shown::{Oops, Page, back};
use super::super::{address, form, words};
use super::{Tab, further, head};
use crate::console::api::Paged;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Viewer};
use crate::model::Timestamp;
use crate::store::{FailedItem, FailedReason};

/// Lines of a page.
const LIMIT: u32 = 50;

/// Which failures.
#[derive(Deserialize)]
pub struct Asked {
    /// The id of the last one on the page before.
    cursor: Option<String>,
    /// As the store counts them: without numbers.
    reason: Option<String>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Query(Asked { cursor, reason }): Query<Asked>,
    said: Said,
) -> Page {
    let (asked, because) = (name.clone(), reason.clone());
    let (reasons, failed, now) = console
        .with_host(move |host| {
            let (store, connection) = (host.store(), host.store().connection(&asked)?.id);
            let failed = match &because {
                Some(reason) => store.failures_because(connection, reason, cursor.as_deref(), LIMIT + 1)?,
                None => store.failures(connection, cursor.as_deref(), LIMIT + 1)?,
            };
            Ok((store.failure_reasons(connection)?, failed, host.now()?))
        })
        .await?;
    let Paged { items, next } = Paged::of(failed, LIMIT, |one| one.id.clone());
    let path = address::connection(&name, "/failures");
    let content = html! {
        (head(&name, Tab::Failures))
        @if reasons.is_empty() {
            section.empty { h2 { "Everything could be read" } p { "What cannot be read keeps nothing else from being read, and is listed here." } }
        } @else {
            (summary(&viewer, &name, &reasons, reason.as_deref()))
            (table(&viewer, &name, &items, now))
            (further(&path, &[("reason", reason.as_deref())], next.as_deref()))
        }
    };
    Ok(layout::page(&viewer, Nav::Connections, &format!("Failures of {name}"), &said, content))
}

/// How many there are for which reason; each leads to its own.
fn summary(viewer: &Viewer, name: &str, reasons: &[FailedReason], chosen: Option<&str>) -> Markup {
    let path = address::connection(name, "/failures");
    html! {
        section.panel {
            div.head { h2 { "By reason" } (form::button(viewer, &path, "Try all again", "", None)) }
            ul.reasons {
                @for one in reasons {
                    li {
                        (words::count(one.items, "item")) ": "
                        a href=(address::query(&path, [("reason", Some(one.reason.as_str()))]))
                            aria-current=[(chosen == Some(one.reason.as_str())).then_some("true")] { (one.reason) }
                    }
                }
            }
            @if chosen.is_some() { p { a href=(path) { "All reasons" } } }
            p.soft { "They are asked about again after 5 minutes, an hour, and so on up to a week." }
        }
    }
}

fn table(viewer: &Viewer, name: &str, failed: &[FailedItem], now: Timestamp) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Failures" {
            table {
                thead { tr {
                    th scope="col" { "Item" } th scope="col" { "Reason" } th.number scope="col" { "Tries" }
                    th scope="col" { "Since" } th scope="col" { "Again" } th scope="col" { span.unseen { "Try again" } }
                } }
                tbody { @for one in failed { (row(viewer, name, one, now)) } }
            }
        }
    }
}

fn row(viewer: &Viewer, name: &str, one: &FailedItem, now: Timestamp) -> Markup {
    let title = one.title.as_deref().unwrap_or(&one.id);
    let again = html! {
        input type="hidden" name="id" value=(one.id);
        button.quiet type="submit" { "Try again" span.unseen { ": " (title) } }
    };
    html! {
        tr {
            th scope="row" {
                (layout::link(one.url.as_deref(), title))
                @if one.title.is_some() { br; span.soft { (one.id) } }
            }
            td { (one.reason) }
            td.number { (one.attempts) }
            td { (words::ago(one.since, now)) }
            td {
                @if one.refused { "when its version changes" }
                @else if one.next <= now { "with the next sync" }
                @else { (words::ago(one.next, now)) }
            }
            td { (form::form(viewer, &address::connection(name, "/failures"), again)) }
        }
    }
}

/// One item, or all without one.
#[derive(Deserialize)]
pub struct Again {
    id: Option<String>,
}

pub async fn retry(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(Again { id }): Form<Again>,
) -> Result<Response, Oops> {
    let due = console.retry_failures(&viewer, name.clone(), id.into_iter().collect()).await?;
    let said = format!("{} asked about with the next sync.", words::count(due, "item"));
    back(&console, &address::connection(&name, "/failures"), &said)
}
