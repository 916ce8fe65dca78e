//! Runs in numbers.

use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use super::super::layout::{self, Nav};
use super::super::shown::Page;
use super::super::{address, words};
use super::card::mode_words;
use super::{Tab, further, head};
use crate::console::api::{Paged, Paging};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble};
use crate::model::{ConnectionId, Timestamp};
use crate::store::{Run, RunCounts, RunId, SearchedKind, Trigger};

/// Runs on a connection's own page.
const LATEST: u32 = 5;

/// The element that holds the latest runs.
pub fn latest_id(connection: ConnectionId) -> String {
    format!("runs-{connection}")
}

/// The latest runs of a connection.
pub async fn latest(console: &Console, name: &str, now: Timestamp) -> Result<Markup, Trouble> {
    let runs = read(console, name, None, LATEST).await?;
    Ok(table(name, &runs, now))
}

async fn read(console: &Console, name: &str, before: Option<RunId>, limit: u32) -> Result<Vec<Run>, Trouble> {
    let name = name.to_owned();
    console
        .with_host(move |host| {
            Ok(host.store().runs_before(host.store().connection(&name)?.id, before, limit)?)
        })
        .await
}

pub async fn list(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
    said: Said,
) -> Page {
    let limit = paging.limit();
    let runs = read(&console, &name, paging.number(), limit.saturating_add(1)).await?;
    let now = console.host().now()?;
    let Paged { items, next } = Paged::of(runs, limit, |run| run.id.to_string());
    let content = html! {
        (head(&name, Tab::Runs))
        (table(&name, &items, now))
        (further(&address::connection(&name, "/runs"), &[], next.as_deref()))
    };
    Ok(layout::page(&viewer, Nav::Connections, &format!("Runs of {name}"), &said, content))
}

fn table(name: &str, runs: &[Run], now: Timestamp) -> Markup {
    html! {
        @if runs.is_empty() { p.soft { "No runs yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Runs" {
                table {
                    thead { tr {
                        th scope="col" { "Began" } th scope="col" { "Outcome" } th.number scope="col" { "Took" }
                        th.number scope="col" { "New" } th.number scope="col" { "Changed" }
                        th.number scope="col" { "Gone" } th.number scope="col" { "Failed" }
                        th.number scope="col" { "Requests" }
                    } }
                    tbody { @for run in runs { (row(name, run, now)) } }
                }
            }
        }
    }
}

fn row(name: &str, run: &Run, now: Timestamp) -> Markup {
    let counts = &run.counts;
    html! {
        tr {
            th scope="row" {
                a href=(address::connection(name, &format!("/runs/{}", run.id))) { (words::ago(run.started, now)) }
            }
            td { (badge(run)) }
            td.number { (took(run)) }
            td.number { (words::number(counts.added)) }
            td.number { (words::number(counts.changed)) }
            td.number { (words::number(counts.deleted + counts.binned)) }
            td.number { (words::number(counts.failed)) }
            td.number { (words::number(counts.requests)) }
        }
    }
}

fn badge(run: &Run) -> Markup {
    let outcome = run.outcome.map_or("under way", |outcome| outcome.as_str());
    html! { span.badge data-state=(outcome) { (outcome) } }
}

fn took(run: &Run) -> String {
    run.finished
        .map_or_else(|| "–".to_owned(), |finished| words::length(finished.saturating_sub(run.started)))
}

pub async fn one(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path((name, id)): Path<(String, String)>,
    said: Said,
) -> Page {
    let id: RunId = id.parse().map_err(|_| Trouble::NotFound)?;
    let asked = name.clone();
    let found = console
        .with_host(move |host| {
            let connection = host.store().connection(&asked)?.id;
            let run = host.store().run(id)?.filter(|run| run.connection == connection);
            Ok((run, host.store().kinds(connection)?, host.now()?))
        })
        .await?;
    let (Some(run), kinds, now) = found else { return Err(Trouble::NotFound.into()) };
    let content = html! {
        (head(&name, Tab::Runs))
        div.head { h2 { "Run " (run.id) } (badge(&run)) }
        @if let Some(message) = &run.message { p.note { (message) } }
        dl.facts {
            dt { "Began" } dd { (words::ago(run.started, now)) }
            dt { "Took" } dd { (took(&run)) }
            dt { "Began by" }
            dd { @match run.trigger { Trigger::Schedule => "the schedule", Trigger::Hand => "somebody who asked for it" } }
            dt { "To read" } dd { (mode_words(run.mode.as_str())) }
        }
        section.panel { h2 { "What changed" } (numbers(&changes(&run.counts))) }
        section.panel { h2 { "Read in full, by kind" } (by_kind(&run.counts, &kinds)) }
        section.panel { h2 { "What it cost" } (numbers(&traffic(&run.counts))) }
        p { a href=(address::connection(&name, "/runs")) { "All runs" } }
    };
    Ok(layout::page(&viewer, Nav::Connections, &format!("Run {id} of {name}"), &said, content))
}

fn numbers(all: &[(&str, u64)]) -> Markup {
    html! { dl.facts { @for (words, number) in all { dt { (words) } dd { (words::number(*number)) } } } }
}

fn changes(counts: &RunCounts) -> [(&'static str, u64); 12] {
    [
        ("New", counts.added),
        ("Changed", counts.changed),
        ("Moved", counts.moved),
        ("With other readers", counts.access_changed),
        ("As before", counts.unchanged),
        ("Gone", counts.deleted),
        ("In the source's bin", counts.binned),
        ("Back from the bin", counts.restored),
        ("Archived", counts.archived),
        ("Left out by the settings", counts.left_out),
        ("Could not be read", counts.failed),
        ("Parts not read to their end", counts.skipped),
    ]
}

fn traffic(counts: &RunCounts) -> [(&'static str, u64); 4] {
    [
        ("Requests", counts.requests),
        ("Of them again", counts.retries),
        ("kB", counts.bytes / 1_000),
        ("Points", counts.points),
    ]
}

fn by_kind(counts: &RunCounts, kinds: &[SearchedKind]) -> Markup {
    let title = |name: &str| {
        kinds.iter().find(|kind| kind.name == name).map_or(name.to_owned(), |kind| kind.title.clone())
    };
    html! {
        @if counts.by_kind.is_empty() { p.soft { "Nothing had to be read in full." } }
        @else { dl.facts { @for (kind, items) in &counts.by_kind { dt { (title(kind)) } dd { (words::number(*items)) } } } }
    }
}
