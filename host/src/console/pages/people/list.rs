//! The people of a connection in lists, each with how many there are.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::rows;
use crate::console::api::pair;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::Page;
use crate::console::pages::{address, words};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Host, HostError};
use crate::store::{EmptyGroup, LinkLine, PeopleCounts, PeopleFilter, PeopleQuery, PersonLine};

/// Rows of a page: more are not looked through but searched.
const ROWS: u32 = 50;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    pub connection: Option<String>,
    pub list: Option<String>,
    pub q: Option<String>,
    pub after: Option<String>,
}

/// A link that could not be made, to be said at its row.
pub struct Faulty {
    pub account: String,
    pub email: String,
    pub words: String,
}

/// The lists, by their names in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    People(PeopleFilter),
    LostLinks,
    EmptyGroups,
}

/// In the order of their importance: name, words, and what it holds.
const LISTS: [(List, &str, &str, &str); 9] = [
    (
        List::People(PeopleFilter::ToLink),
        "to-link",
        "To link",
        "Named in restrictions, and matched to nobody: they do not find what is restricted to them until they are linked.",
    ),
    (
        List::People(PeopleFilter::Matched),
        "matched",
        "Matched",
        "By the e-mail that they alone show, or by a link.",
    ),
    (
        List::People(PeopleFilter::Hidden),
        "hidden",
        "No e-mail",
        "The source shows no e-mail, and nobody linked them: they find what anyone may read.",
    ),
    (
        List::People(PeopleFilter::Shared),
        "shared",
        "Shared e-mail",
        "Several accounts show the same e-mail. To guess would show one person's pages to another, so it matches none; \
         link it to the right one.",
    ),
    (List::LostLinks, "lost-links", "Lost links", "Linked to accounts that the source has no more."),
    (
        List::EmptyGroups,
        "groups",
        "Empty groups",
        "Named in restrictions, and nobody is in them as far as the connection's account can see.",
    ),
    (
        List::People(PeopleFilter::Guests),
        "guests",
        "Guests",
        "Let in from outside: they read only what names them, or anyone.",
    ),
    (List::People(PeopleFilter::Closed), "closed", "Closed", "Closed accounts read nothing."),
    (
        List::People(PeopleFilter::All),
        "all",
        "All",
        "Everybody of whom the source told, and whom its restrictions name.",
    ),
];

/// What one of the lists holds.
pub enum Rows {
    People(Vec<PersonLine>),
    Links(Vec<LinkLine>),
    Groups(Vec<EmptyGroup>),
}

struct Found {
    connections: Vec<String>,
    connection: String,
    counts: PeopleCounts,
    list: List,
    rows: Rows,
    next: Option<String>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Query(asked): Query<Asked>,
) -> Page {
    Ok(show(&console, &viewer, &said, asked, None).await?)
}

/// The page; `faulty` is what could not be linked.
///
/// # Errors
///
/// When there is no such connection.
pub async fn show(
    console: &Console,
    viewer: &Viewer,
    said: &Said,
    asked: Asked,
    faulty: Option<&Faulty>,
) -> Result<Markup, Trouble> {
    let question = asked.clone();
    let found = console.with_host(move |host| find(host, &question)).await?;
    let content = match &found {
        Some(found) => content(viewer, found, &asked, faulty),
        None => html! {
            h1 { "People" }
            div.empty { p { "No connection has been added yet, so there are no people either." }
                a.button href="/connections" { "To the connections" } }
        },
    };
    Ok(layout::page(viewer, Nav::People, "People", said, content))
}

/// None while there is no connection.
fn find(host: &Host, asked: &Asked) -> Result<Option<Found>, HostError> {
    let store = host.store();
    let connections: Vec<String> = store.connections()?.into_iter().map(|one| one.name).collect();
    let named = asked.connection.clone().filter(|name| !name.is_empty());
    let Some(connection) = named.or_else(|| connections.first().cloned()) else { return Ok(None) };
    let id = store.connection(&connection)?.id;
    let counts = host.people_counts(id)?;
    let first = if counts.to_link > 0 { PeopleFilter::ToLink } else { PeopleFilter::All };
    let asked_list = asked.list.as_deref();
    let list =
        LISTS.iter().find(|(_, name, ..)| Some(*name) == asked_list).map_or(List::People(first), |one| one.0);
    let after = asked.after.as_deref();
    let (rows, next) = match list {
        List::People(filter) => {
            let words = asked.q.clone().unwrap_or_default();
            let query = PeopleQuery { filter, words, after: after.and_then(pair::read), limit: ROWS };
            let (rows, next) = cut(store.people(id, &query)?, |person| pair::write(&person.name, &person.id));
            (Rows::People(rows), next)
        }
        List::LostLinks => {
            let (rows, next) = cut(store.link_lines(id, true, after, ROWS)?, |link| link.email.clone());
            (Rows::Links(rows), next)
        }
        List::EmptyGroups => {
            let (rows, next) = cut(store.empty_groups(id, after, ROWS)?, |group| group.id.clone());
            (Rows::Groups(rows), next)
        }
    };
    Ok(Some(Found { connections, connection, counts, list, rows, next }))
}

/// The page's rows, and where the next begins if one more was read.
fn cut<T>(mut rows: Vec<T>, cursor: impl FnOnce(&T) -> String) -> (Vec<T>, Option<String>) {
    let more = rows.len() > ROWS as usize;
    rows.truncate(ROWS as usize);
    let next = rows.last().filter(|_| more).map(cursor);
    (rows, next)
}

fn content(viewer: &Viewer, found: &Found, asked: &Asked, faulty: Option<&Faulty>) -> Markup {
    let Found { connections, connection, counts, list, rows, next } = found;
    let (_, name, title, about) = LISTS.into_iter().find(|one| one.0 == *list).unwrap_or(LISTS[0]);
    let of = |path: &str| address::query(path, [("connection", Some(connection.as_str()))]);
    let q = asked.q.as_deref().unwrap_or_default();
    html! {
        div.head {
            h1 { "People" }
            div.row {
                a.button href=(of("/people/import")) { "Import a list" }
                a.button href=(of("/people/export")) { "Export the links" }
            }
        }
        (choose_connection(connections, connection))
        ul.tabs {
            @for (one, name, title, _) in LISTS {
                li { a href=(super::people_of(connection, Some(name))) aria-current=[(one == *list).then_some("page")] {
                    (title) " " span.count { (words::number(count(counts, one))) }
                } }
            }
        }
        p.soft { (about) }
        @if matches!(list, List::People(_)) { (search(connection, name, q)) }
        div #people {
            (rows::show(viewer, connection, name, title, rows, faulty))
            @if let Some(next) = next {
                @let pairs = [("connection", Some(connection.as_str())), ("list", Some(name)), ("q", Some(q)),
                    ("after", Some(next.as_str()))];
                p { a.button href=(address::query("/people", pairs)) { "More" } }
            }
        }
    }
}

fn count(counts: &PeopleCounts, list: List) -> u64 {
    match list {
        List::People(filter) => counts.of(filter),
        List::LostLinks => counts.lost_links,
        List::EmptyGroups => counts.empty_groups,
    }
}

fn choose_connection(connections: &[String], chosen: &str) -> Markup {
    if connections.len() < 2 {
        return html! { p.soft { "The users of the connection " strong { (chosen) } "." } };
    }
    html! {
        form.filter method="get" action="/people" {
            div.field {
                label for="connection" { "Connection" }
                select #connection name="connection" {
                    @for name in connections { option value=(name) selected[name == chosen] { (name) } }
                }
            }
            button type="submit" { "Show" }
        }
    }
}

fn search(connection: &str, list: &str, q: &str) -> Markup {
    html! {
        form.filter method="get" action="/people" role="search" data-instant="people" {
            input type="hidden" name="connection" value=(connection);
            input type="hidden" name="list" value=(list);
            div.field {
                label for="q" { "Name, e-mail or account" }
                input #q type="search" name="q" value=(q) autocomplete="off";
            }
            button type="submit" { "Search" }
        }
    }
}
