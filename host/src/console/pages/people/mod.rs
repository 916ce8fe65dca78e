//! Who is who: whom the users of a source are matched to, and the ones to link by hand.
//!
//! `list` shows them, `import` takes many at once. Everything is about one connection, which the address names.

mod import;
mod list;
mod rows;

use axum::Form;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::address;
use super::shown::{Oops, back};
use crate::console::Console;
use crate::console::who::{Administrator, Said};
use list::{Asked, Faulty};

pub fn router() -> Router<Console> {
    Router::new()
        .route("/people", get(list::page))
        .route("/people/link", post(link))
        .route("/people/unlink", post(unlink))
        .route("/people/import", get(import::page).post(import::preview))
        .route("/people/import/apply", post(import::apply))
        .route("/people/export", get(export))
}

/// The people of a connection, as one of the lists has them.
fn people_of(connection: &str, list: Option<&str>) -> String {
    address::query("/people", [("connection", Some(connection)), ("list", list)])
}

#[derive(Deserialize)]
struct Link {
    connection: String,
    email: String,
    account: String,
    list: Option<String>,
}

async fn link(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Form(Link { connection, email, account, list }): Form<Link>,
) -> Result<Response, Oops> {
    let linked = console.link_person(&viewer, connection.clone(), email.clone(), account.clone()).await;
    match linked {
        Ok(()) => {
            back(&console, &people_of(&connection, list.as_deref()), &format!("{} is linked.", email.trim()))
        }
        Err(trouble) if trouble.status().is_client_error() => {
            let status = trouble.status();
            let faulty = Faulty { account, email, words: trouble.to_string() };
            let asked = Asked { connection: Some(connection), list, ..Asked::default() };
            let page = list::show(&console, &viewer, &said, asked, Some(&faulty)).await?;
            Ok((status, page).into_response())
        }
        Err(trouble) => Err(trouble.into()),
    }
}

#[derive(Deserialize)]
struct Unlink {
    connection: String,
    email: String,
    list: Option<String>,
}

async fn unlink(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Form(Unlink { connection, email, list }): Form<Unlink>,
) -> Result<Response, Oops> {
    let words = match console.unlink_person(&viewer, connection.clone(), email.clone()).await? {
        true => format!("The link of {email} is gone."),
        false => format!("There was no link of {email} any more."),
    };
    back(&console, &people_of(&connection, list.as_deref()), &words)
}

#[derive(Deserialize)]
struct Of {
    connection: String,
}

async fn export(
    State(console): State<Console>,
    _administrator: Administrator,
    Query(Of { connection }): Query<Of>,
) -> Result<Response, Oops> {
    let text = console.roster(connection).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"people.csv\""),
    ];
    Ok((headers, text).into_response())
}
