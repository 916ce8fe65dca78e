//! Pages for people: HTML from the server, a folder or file for each place in the navigation.
//!
//! A page works without the script; the script only saves a click or a reload. Forms are POSTs with the viewer's
//! `csrf` value (`form::form`), and lead to a page that says what happened (`shown::back`).
//!
//! Deliberately absent: what is done (`console::acts`), and any judgement about who reads what (`host`).

mod access;
mod address;
mod assets;
mod connections;
mod connectors;
mod faults;
mod form;
mod layout;
mod people;
mod records;
mod schema;
mod search;
mod sent;
mod setup;
mod shown;
mod sign_in;
mod why;
mod why_not;
mod words;

use axum::Router;
use axum::response::{Redirect, Response};
use axum::routing::get;

pub use shown::{shown, shown_at};

use super::who::Signed;
use super::{Console, Trouble};

pub fn router() -> Router<Console> {
    Router::new()
        .route("/", get(home))
        .merge(assets::router())
        .merge(sign_in::router())
        .merge(access::router())
        .merge(connections::router())
        .merge(connectors::router())
        .merge(people::router())
        .merge(search::router())
        .merge(why::router())
        .merge(why_not::router())
        .merge(records::router())
        .merge(setup::router())
}

/// Administrators begin with their connections, others with a search.
async fn home(Signed(viewer): Signed) -> Redirect {
    match viewer {
        Some(viewer) if viewer.is_administrator() => Redirect::to("/connections"),
        Some(_) => Redirect::to("/search"),
        None => Redirect::to("/sign-in"),
    }
}

/// What stands nowhere.
pub async fn missing(uri: axum::http::Uri) -> Response {
    shown(uri.path(), Trouble::NotFound)
}
