//! Searching as a person: one's own eyes, or as an administrator somebody else's (`console::looking`).
//!
//! Results come as somebody types, and without the script when the form is sent. Nothing is written by a search.

mod asked;
mod form;
mod grouped;
mod results;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use maud::html;

use self::asked::Asked;
use super::address;
use super::layout::{self, Nav};
use super::shown::{Page, looking_as};
use crate::console::who::{Person, Said};
use crate::console::{Console, Eyes, Trouble};
use crate::host::{Found, Host, HostError};
use crate::index::Query;
use crate::model::Timestamp;
use crate::store::{Match, SearchedKind};

pub fn router() -> Router<Console> {
    Router::new().route("/search", get(page))
}

/// What came of a search.
struct Searched {
    kinds: Vec<SearchedKind>,
    /// The connections, for whoever has more than one.
    connections: Vec<String>,
    /// None if nothing was asked for yet, or nobody is looking.
    found: Option<Result<Found, String>>,
    /// Whether no connection can tell who the person is.
    unknown: bool,
    now: Timestamp,
}

async fn page(
    State(console): State<Console>,
    Person(viewer): Person,
    RawQuery(query): RawQuery,
    said: Said,
) -> Page {
    let asked = Asked::of(query.as_deref().unwrap_or_default());
    let eyes = console.eyes(&viewer, Some(&asked.as_whom)).await?;
    let searched = search(&console, asked.clone(), eyes.clone()).await?;
    let own = Asked { as_whom: String::new(), ..asked.clone() };
    let content = html! {
        @if let Some(person) = eyes.as_ref().and_then(Eyes::lent) { (looking_as(person, &own.address())) }
        div.head {
            h1 { "Search" }
            @if viewer.is_administrator() { a href="/why-not" { "Why is something not found?" } }
        }
        @if eyes.is_none() {
            p.note { "Your token is nobody’s, and a search is always somebody’s: say as whom to look." }
        } @else {
            (form::form(&asked, &searched.kinds, &searched.connections))
        }
        div #results { (results::results(&asked, &searched)) }
        @if viewer.is_administrator() { (form::as_somebody_else(&asked, eyes.is_none())) }
    };
    Ok(layout::page(&viewer, Nav::Search, "Search", &said, content))
}

async fn search(console: &Console, asked: Asked, eyes: Option<Eyes>) -> Result<Searched, Trouble> {
    console
        .with_host(move |host| {
            let mut kinds = Vec::new();
            let mut connections = Vec::new();
            for connection in host.store().connections()? {
                kinds.extend(host.store().kinds(connection.id)?);
                connections.push(connection.name);
            }
            let found = match &eyes {
                Some(eyes) if !asked.is_nothing() => Some(find(host, &asked, &kinds, &eyes.email)?),
                _ => None,
            };
            let nothing = matches!(&found, Some(Ok(found)) if found.total == 0);
            let unknown = match &eyes {
                Some(eyes) if nothing => is_unknown(host, &eyes.email)?,
                _ => false,
            };
            Ok(Searched { kinds, connections, found, unknown, now: host.now()? })
        })
        .await
}

/// What is wrong with the query is told at the box, and is no trouble of the page's.
fn find(
    host: &Host,
    asked: &Asked,
    kinds: &[SearchedKind],
    person: &str,
) -> Result<Result<Found, String>, HostError> {
    match Query::parse_begun(&asked.query(kinds)) {
        Ok(query) => host.find(&query, person, 0, asked.shown).map(Ok),
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn is_unknown(host: &Host, person: &str) -> Result<bool, HostError> {
    for connection in host.store().connections()? {
        if matches!(host.store().identity(connection.id, person)?.1, Match::Linked | Match::Email) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The page that says why somebody is shown this.
fn why(connection: &str, id: &str, as_whom: &str) -> String {
    address::query("/why", [("item", Some(id)), ("connection", Some(connection)), ("as", Some(as_whom))])
}
