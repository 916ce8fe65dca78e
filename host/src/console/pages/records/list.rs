//! Records as a list with filters.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::{ROWS, places, states};
use crate::console::Console;
use crate::console::pages::form::Field;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::Page;
use crate::console::pages::{address, words};
use crate::console::records::{AskedRecords, newest_cursor, newest_of};
use crate::console::who::{Administrator, Said};
use crate::host::{Host, HostError, RecordFilter, RecordState, Records, Stated};
use crate::model::Timestamp;

/// Spaces to choose from; where there are more, one types the key.
const SPACES_MAX: u32 = 300;

/// Only the page has a cursor; the filter goes with it from page to page.
#[derive(Debug, Default, Deserialize)]
pub struct Turned {
    cursor: Option<String>,
}

/// What one may choose from.
struct Offered {
    connections: Vec<String>,
    kinds: states::Kinds,
    /// Key and title; None if there are too many.
    spaces: Option<Vec<(String, String)>>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Query(asked): Query<AskedRecords>,
    Query(turned): Query<Turned>,
    said: Said,
) -> Page {
    let filter = asked.filter()?;
    let after = newest_of(turned.cursor.as_deref());
    let (now, offered, records) = console
        .with_host(move |host| {
            Ok((host.now()?, offered(host, &filter)?, host.records(&filter, after, ROWS)?))
        })
        .await?;
    let content = html! {
        div.head { h1 { "Records" } (views("list", asked.connection.as_deref(), &offered.connections)) }
        (filters(&asked, &offered))
        (listed(&asked, &offered, &records, after.is_some(), now))
    };
    Ok(layout::page(&viewer, Nav::Records, "Records", &said, content))
}

fn offered(host: &Host, filter: &RecordFilter) -> Result<Offered, HostError> {
    let connections = host.store().connections()?;
    let chosen = connections.iter().find(|one| Some(&one.name) == filter.connection.as_ref());
    let spaces = host.store().root_properties(chosen.map(|one| one.id), "space", SPACES_MAX + 1)?;
    let few = spaces.len() <= SPACES_MAX as usize;
    Ok(Offered {
        connections: connections.into_iter().map(|one| one.name).collect(),
        kinds: states::kinds(host)?,
        spaces: few.then_some(spaces),
    })
}

/// List or tree. The tree is that of one connection.
pub fn views(here: &str, connection: Option<&str>, connections: &[String]) -> Markup {
    let connection = connection.filter(|name| !name.is_empty());
    let tree = connection.or(connections.first().map(String::as_str));
    html! {
        ul.tabs.views {
            li { a href=(address::query("/records", [("connection", connection)]))
                aria-current=[(here == "list").then_some("page")] { "List" } }
            @if let Some(name) = tree {
                li { a href=(places::level(name, None, None)) aria-current=[(here == "tree").then_some("page")] { "Tree" } }
            }
        }
    }
}

fn filters(asked: &AskedRecords, offered: &Offered) -> Markup {
    let connections = offered.connections.iter().map(|name| (name.as_str(), name.as_str()));
    let kinds = offered.kinds.iter().map(|(name, title)| (name.as_str(), title.as_str()));
    let states = RecordState::ALL.map(|state| (state.as_str(), states::state(state)));
    html! {
        form.filters.panel method="get" action="/records" data-instant="listed" role="search" aria-label="Records" {
            (typed("title", "Title contains", "search", asked.title.as_deref()))
            @if offered.connections.len() > 1 {
                (chosen("connection", "Connection", asked.connection.as_deref(), connections))
            }
            (chosen("kind", "Kind", asked.kind.as_deref(), kinds))
            @match &offered.spaces {
                Some(spaces) => {
                    (chosen("space", "Space", asked.space.as_deref(),
                        spaces.iter().map(|(key, title)| (key.as_str(), title.as_str()))))
                }
                None => { (typed("space", "Space (its key)", "text", asked.space.as_deref())) }
            }
            (typed("label", "Label", "text", asked.label.as_deref()))
            (chosen("state", "In searches", asked.state.as_deref(), states))
            (typed("from", "Updated from", "date", asked.from.as_deref()))
            (typed("to", "Updated to", "date", asked.to.as_deref()))
            div.row { button.primary type="submit" { "Filter" } a href="/records" { "Clear" } }
        }
    }
}

fn typed(name: &'static str, label: &str, sort: &str, value: Option<&str>) -> Markup {
    let field = Field { id: name, label, help: None, fault: None };
    field.show(html! { input id=(name) name=(name) type=(sort) value=[value] autocomplete="off"; })
}

fn chosen<'a>(
    name: &'static str,
    label: &str,
    value: Option<&str>,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Markup {
    let value = value.unwrap_or_default();
    let field = Field { id: name, label, help: None, fault: None };
    let same = |option: &str| option.eq_ignore_ascii_case(value);
    field.show(html! {
        select id=(name) name=(name) {
            option value="" { "Any" }
            @for (option, title) in options { option value=(option) selected[same(option)] { (title) } }
        }
    })
}

fn listed(
    asked: &AskedRecords,
    offered: &Offered,
    records: &Records,
    turned: bool,
    now: Timestamp,
) -> Markup {
    let next = records.next.map(newest_cursor);
    let address = |cursor: Option<&str>| {
        let pairs = asked.pairs().into_iter().chain([("cursor", cursor)]);
        address::query("/records", pairs)
    };
    html! {
        div #listed {
            p.soft role="status" { (counted(records, turned)) }
            @if !records.lines.is_empty() {
                div.scroll role="region" aria-label="Records" tabindex="0" { (table(offered, records, now)) }
            }
            nav.pages aria-label="Pages" {
                @if turned { a.button href=(address(None)) { "To the newest" } }
                @if let Some(next) = &next { a.button href=(address(Some(next))) { "Next" } }
            }
        }
    }
}

fn counted(records: &Records, turned: bool) -> String {
    match records.total {
        Some(0) => "Nothing fits.".to_owned(),
        Some(total) => format!("{}, the newest first.", words::count(total as u64, "record")),
        None if records.lines.is_empty() => "Nothing fits.".to_owned(),
        None if records.next.is_none() && !turned => {
            format!("{}, the newest first.", words::count(records.lines.len() as u64, "record"))
        }
        None => "The newest first.".to_owned(),
    }
}

fn table(offered: &Offered, records: &Records, now: Timestamp) -> Markup {
    let several = offered.connections.len() > 1;
    html! {
        table {
            thead { tr {
                th scope="col" { "Title" }
                th scope="col" { "Kind" }
                th scope="col" { "Space" }
                @if several { th scope="col" { "Connection" } }
                th scope="col" { "Updated" }
                th scope="col" { "In searches" }
            } }
            tbody { @for one in &records.lines { (row(offered, one, several, now)) } }
        }
    }
}

fn row(offered: &Offered, Stated { line, state }: &Stated, several: bool, now: Timestamp) -> Markup {
    html! {
        tr {
            td { a href=(places::item(&line.connection_name, &line.id, "")) { (line.title) } }
            td { (states::kind(&offered.kinds, &line.kind)) }
            td { (line.within.as_deref().unwrap_or_default()) }
            @if several { td { (line.connection_name) } }
            td { @if let Some(updated) = line.updated { (words::ago(updated, now)) } }
            td { (states::badge(*state)) " " @if let Some(file) = states::file(line.file.as_deref()) { (file) } }
        }
    }
}
