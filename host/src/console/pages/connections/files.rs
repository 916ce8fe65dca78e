//! Files without words, and why.

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::layout::{self, Nav};
use super::super::shown::Page;
use super::super::{address, words};
use super::{Tab, further, head};
use crate::console::Console;
use crate::console::api::Paged;
use crate::console::who::{Administrator, Said};
use crate::store::{FileLine, FileStats, ItemNum};

/// Lines of a page.
const LIMIT: u32 = 50;

/// Which files.
#[derive(Deserialize)]
pub struct Asked {
    /// The number of the last one on the page before.
    cursor: Option<ItemNum>,
    /// A short name, as `encrypted`.
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
    let (stats, files) = console
        .with_host(move |host| {
            let connection = host.store().connection(&asked)?.id;
            let because = because.as_deref().filter(|reason| !reason.is_empty());
            let files =
                host.store().files_without_words(connection, because, cursor.unwrap_or(0), LIMIT + 1)?;
            Ok((host.store().file_stats(connection)?, files))
        })
        .await?;
    let Paged { items, next } = Paged::of(files, LIMIT, |line| line.num.to_string());
    let path = address::connection(&name, "/files");
    let content = html! {
        (head(&name, Tab::Files))
        (summary(&name, &stats, reason.as_deref()))
        @if !items.is_empty() { (table(&items)) }
        (further(&path, &[("reason", reason.as_deref())], next.as_deref()))
    };
    Ok(layout::page(&viewer, Nav::Connections, &format!("Files of {name}"), &said, content))
}

fn summary(name: &str, stats: &FileStats, chosen: Option<&str>) -> Markup {
    let path = address::connection(name, "/files");
    let waiting = (stats.waiting > 0).then_some(("waiting", stats.waiting));
    let without = stats.without.iter().map(|(reason, files)| (reason.as_str(), *files));
    html! {
        section.panel {
            p { (words::count(stats.with_words, "file")) " with words." }
            ul.reasons {
                @for (reason, files) in waiting.into_iter().chain(without) {
                    li {
                        (words::count(files, "file")) ": "
                        a href=(address::query(&path, [("reason", Some(reason))]))
                            aria-current=[(chosen == Some(reason)).then_some("true")] { (reason) }
                    }
                }
            }
            @if chosen.is_some() { p { a href=(path) { "All reasons" } } }
        }
    }
}

fn table(files: &[FileLine]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Files without words" {
            table {
                thead { tr {
                    th scope="col" { "File" } th scope="col" { "Type" } th.number scope="col" { "kB" }
                    th scope="col" { "Reason" }
                } }
                tbody {
                    @for line in files {
                        tr {
                            th scope="row" { (line.title) br; span.soft { (line.id) } }
                            td { (line.media_type) }
                            td.number { @if let Some(size) = line.size { (words::number(size.div_ceil(1_000))) } }
                            td { (line.reason) @if !line.detail.is_empty() { br; span.soft { (line.detail) } } }
                        }
                    }
                }
            }
        }
    }
}
