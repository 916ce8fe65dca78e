//! Deletions that wait for a person, what came of the last approval, and how many are too many.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::form::{self, Field};
use super::super::layout::{self, Nav};
use super::super::shown::{Oops, Page, back};
use super::super::{address, words};
use super::{Tab, events, head, progress};
use crate::console::acts::Approval;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Viewer};
use crate::live::{Doing, Seen};
use crate::model::{ConnectionId, Timestamp};
use crate::store::{DeletionRule, SearchedKind, Waiting, WaitingGroup};

/// Items named one by one; the rest is counted with its place and kind.
const NAMED_MAX: usize = 100;

/// What the page shows.
struct Shown {
    connection: ConnectionId,
    waiting: Vec<Waiting>,
    rule: DeletionRule,
    kinds: Vec<SearchedKind>,
    seen: Option<Seen>,
    now: Timestamp,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    said: Said,
) -> Page {
    let asked = name.clone();
    let shown = console
        .with_host(move |host| {
            let connection = host.store().connection(&asked)?.id;
            Ok(Shown {
                connection,
                waiting: host.waiting_deletions(&asked)?,
                rule: host.store().deletion_rule(connection)?,
                kinds: host.store().kinds(connection)?,
                seen: host.live().seen(connection),
                now: host.now()?,
            })
        })
        .await?;
    let approval = console.approvals().of(shown.connection);
    let goes_on = approval == Some(Approval::GoesOn);
    let content = html! {
        (head(&name, Tab::Deletions))
        @if let Some(approval) = &approval { (outcome(&name, &shown, approval)) }
        @if shown.waiting.is_empty() {
            section.empty { h2 { "No deletions wait for you" } p { "When more is missing at once than the limit says, it waits here and nothing is deleted." } }
        } @else {
            (waiting(&viewer, &name, &shown, goes_on))
        }
        (rule(&viewer, &name, shown.rule))
    };
    Ok(layout::page(&viewer, Nav::Connections, &format!("Deletions of {name}"), &said, content))
}

/// How the last approval stands. While it goes on, the page follows it.
fn outcome(name: &str, shown: &Shown, approval: &Approval) -> Markup {
    html! {
        section.panel role="status" {
            h2 { "Your approval" }
            @match approval {
                Approval::GoesOn => {
                    @if shown.seen.as_ref().is_some_and(|seen| seen.told.doing != Doing::Approval) {
                        p { "The source is asked about each item as soon as the run under way has ended." }
                    } @else {
                        p { "The source is being asked about each item." }
                    }
                    div.progress id=(progress::id(shown.connection))
                        data-live=(address::connection(name, "/events?asking=true"))
                        data-events=(events::names(&[shown.connection])) {
                        (progress::fragment(shown.seen.as_ref(), 0, super::card::Sort::OfMany))
                    }
                    p { a href=(address::connection(name, "/deletions")) { "Refresh" } }
                }
                Approval::Failed(words) => p.trouble { (words) },
                Approval::Ended { waited, gone, present, unanswered, named, stopped } => {
                    p {
                        "The source was asked about " (words::count(*waited, "item")) ": "
                        (words::number(*gone)) " gone, " (words::number(*present)) " still there, "
                        (words::number(*unanswered)) " unanswered."
                    }
                    @if let Some(words) = stopped { p.trouble { "It would not be asked any more, and what is left goes on waiting: " (words) } }
                    @if !named.is_empty() { ul { @for (id, reason) in named { li { (id) ": " (reason) } } } }
                }
            }
        }
    }
}

fn waiting(viewer: &Viewer, name: &str, shown: &Shown, goes_on: bool) -> Markup {
    let at = |rest: &str| address::connection(name, rest);
    let groups = Waiting::groups(&shown.waiting);
    let undecided = shown.waiting.iter().any(|one| !one.rejected);
    let confirm = "Ask the source about each, and delete what it says is gone?";
    html! {
        section.panel {
            h2 { (words::count(shown.waiting.len() as u64, "item")) " not mentioned any more" }
            p { "Whoever could read them still finds them. If they were deleted at the source, approve: it is asked about each by name first. If they should be there, reject, and see what the account has lost." }
            @if !goes_on {
                div.row.decision {
                    (form::button(viewer, &at("/deletions/approve"), "Approve", "danger", Some(confirm)))
                    @if undecided { (form::button(viewer, &at("/deletions/reject"), "Reject: they stay", "", None)) }
                }
            }
            (table(&groups, &shown.kinds, shown.now))
            details {
                summary { "Each item" }
                ul {
                    @for one in shown.waiting.iter().take(NAMED_MAX) {
                        li { (layout::link(Some(&one.url), &one.title)) " " span.soft { (one.kind) ", " (one.within) } }
                    }
                    @if shown.waiting.len() > NAMED_MAX { li { "and " (words::number((shown.waiting.len() - NAMED_MAX) as u64)) " more" } }
                }
            }
        }
    }
}

fn table(groups: &[WaitingGroup], kinds: &[SearchedKind], now: Timestamp) -> Markup {
    let title = |name: &str| {
        kinds.iter().find(|kind| kind.name == name).map_or(name.to_owned(), |kind| kind.title.clone())
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="What waits" {
            table {
                thead { tr {
                    th scope="col" { "In" } th scope="col" { "What" } th.number scope="col" { "Items" }
                    th scope="col" { "Since" } th scope="col" { "Your word" }
                } }
                tbody {
                    @for group in groups {
                        tr {
                            th scope="row" { @if group.within.is_empty() { "–" } @else { (group.within) } }
                            td { (title(&group.kind)) }
                            td.number { (words::number(group.items)) }
                            td { (words::ago(group.since, now)) }
                            td { @if group.rejected { "rejected: stays" } @else { "waits" } }
                        }
                    }
                }
            }
        }
    }
}

fn rule(viewer: &Viewer, name: &str, rule: DeletionRule) -> Markup {
    let share = Field { id: "share", label: "Share of all items, in percent", help: None, fault: None };
    let help = "More than both numbers say wait for you. 0 and 0 ask you each time.";
    let at_least =
        Field { id: "at_least", label: "And more than so many items", help: Some(help), fault: None };
    let fields = html! {
        (share.show(html! { input #share type="number" name="share" min="0" max="100" required value=(rule.share); }))
        (at_least.show(html! {
            input #at_least type="number" name="at_least" min="0" required value=(rule.at_least)
                aria-describedby=[at_least.described()];
        }))
        button type="submit" { "Save" }
    };
    html! {
        section.panel {
            h2 { "How many are too many" }
            (form::form(viewer, &address::connection(name, "/deletions/limit"), fields))
        }
    }
}

pub async fn approve(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    console.approve_deletions(&viewer, name.clone()).await?;
    let said = "The source is asked about each item; what it says is gone is deleted.";
    back(&console, &address::connection(&name, "/deletions"), said)
}

pub async fn reject(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    let items = console.reject_deletions(&viewer, name.clone()).await?;
    let stay = if items == 1 { "stays" } else { "stay" };
    let said = format!("{} {stay}.", words::count(items, "item"));
    back(&console, &address::connection(&name, "/deletions"), &said)
}

#[derive(Deserialize)]
pub struct Rule {
    share: u8,
    at_least: u64,
}

pub async fn limit(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(Rule { share, at_least }): Form<Rule>,
) -> Result<Response, Oops> {
    console.set_deletion_rule(&viewer, name.clone(), DeletionRule { share, at_least }).await?;
    let said = format!("More than {share} % of the items, and more than {at_least}, wait for you.");
    back(&console, &address::connection(&name, "/deletions"), &said)
}
