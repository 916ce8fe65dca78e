//! Records as a tree, a level at a time. The script fetches a level when it is opened and puts its `#level` in the
//! place of the link; without it the link leads to the level's own page.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::list::views;
use super::{ROWS, places, states};
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::Page;
use crate::console::pages::words;
use crate::console::records::{level_cursor, level_of};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble};
use crate::host::{Level, Stated};
use crate::store::COUNTED_MAX;

#[derive(Debug, Default, Deserialize)]
pub struct AskedLevel {
    #[serde(default)]
    connection: String,
    /// The whole id of the item whose level it is; the roots if it is left out.
    below: Option<String>,
    cursor: Option<String>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Query(asked): Query<AskedLevel>,
    said: Said,
) -> Page {
    let AskedLevel { connection, below, cursor } = asked;
    let below = below.filter(|id| !id.is_empty());
    let (name, id) = (connection.clone(), below.clone());
    let (connections, kinds, level) = console
        .with_host(move |host| {
            let connections = host.store().connections()?.into_iter().map(|one| one.name);
            let after = level_of(cursor.as_deref());
            let level = host.level(&name, id.as_deref(), after.as_ref(), ROWS)?;
            Ok((connections.collect::<Vec<_>>(), states::kinds(host)?, level))
        })
        .await?;
    if !connections.contains(&connection) {
        return Err(Trouble::NotFound.into());
    }
    let here = level.path.last().map_or(connection.as_str(), |crumb| crumb.title.as_str());
    let content = html! {
        div.head { h1 { "Records" } (views("tree", Some(&connection), &connections)) }
        @if connections.len() > 1 && below.is_none() { (others(&connections, &connection)) }
        (places::way(&connection, &level.path))
        section.panel aria-label=(format!("Below {here}")) { (lines(&connection, below.as_deref(), &kinds, &level)) }
    };
    Ok(layout::page(&viewer, Nav::Records, "Records", &said, content))
}

/// The other connections' trees.
fn others(connections: &[String], here: &str) -> Markup {
    html! {
        nav.row aria-label="Connections" {
            @for name in connections {
                a.badge href=(places::level(name, None, None)) aria-current=[(name == here).then_some("page")] { (name) }
            }
        }
    }
}

/// The lines of a level, as they stand on its page and in the level above.
fn lines(connection: &str, below: Option<&str>, kinds: &states::Kinds, level: &Level) -> Markup {
    let next = level.next.as_ref().map(level_cursor);
    html! {
        ul.tree #level {
            @for (stated, below) in &level.lines { li { (line(kinds, stated, *below)) } }
            @if level.lines.is_empty() { li.soft { "Nothing lies here." } }
            @if let Some(next) = &next {
                li { a.button href=(places::level(connection, below, Some(next))) data-more="" { "More" } }
            }
        }
    }
}

pub(super) fn line(kinds: &states::Kinds, Stated { line, state }: &Stated, below: u64) -> Markup {
    let level = places::level(&line.connection_name, Some(&line.id), None);
    html! {
        div.node {
            a href=(places::item(&line.connection_name, &line.id, "")) { (line.title) }
            " " span.soft { (states::kind(kinds, &line.kind)) }
            " " (states::badge(*state))
            @if let Some(file) = states::file(line.file.as_deref()) { " " (file) }
        }
        @if below > 0 {
            details data-level=(level) {
                summary { (count(below)) " below" span.unseen { " " (line.title) } }
                p { a href=(level) { "Open this level" } }
            }
        }
    }
}

/// `12`, `more than 1,000`.
pub(super) fn count(below: u64) -> String {
    if below > COUNTED_MAX {
        format!("More than {}", words::number(COUNTED_MAX))
    } else {
        words::number(below)
    }
}
