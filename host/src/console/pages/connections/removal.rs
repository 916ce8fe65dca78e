//! Removing a connection: what goes, and its name to be typed before it does.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::form::{self, Field};
use super::super::layout::{self, Nav};
use super::super::shown::{Oops, Page, back};
use super::super::{address, words};
use crate::console::standing::Standing;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Viewer};

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    said: Said,
) -> Page {
    let standing = console.standing(&name).await?;
    Ok(show(&viewer, &standing, &said, None))
}

fn show(viewer: &Viewer, standing: &Standing, said: &Said, fault: Option<&str>) -> Markup {
    let name = standing.turn.name.as_str();
    let label = format!("To go on, type its name: {name}");
    let field = Field { id: "name", label: &label, help: None, fault };
    let fields = html! {
        (field.show(html! {
            input #name name="name" required autocomplete="off" spellcheck="false"
                aria-describedby=[field.described()] aria-invalid=[fault.map(|_| "true")];
        }))
        div.row {
            button.danger type="submit" { "Remove it for good" }
            a.button href=(address::connection(name, "")) { "Keep it" }
        }
    };
    let content = html! {
        h1 { "Remove " (name) "?" }
        section.panel {
            p { "From that moment on nobody finds any of it, and it is erased from this machine:" }
            ul {
                @for (_, title, items) in standing.counts() { li { (words::number(items)) " " (title) } }
                li { (words::number(standing.overview.users)) " users with their groups, and the links made by hand" }
                li { "its sign-in, its settings, its runs and recordings" }
            }
            p { "Nothing changes at the source. A run under way is stopped." }
            (form::form(viewer, &address::connection(name, "/remove"), fields))
        }
    };
    layout::page(viewer, Nav::Connections, &format!("Remove {name}"), said, content)
}

#[derive(Deserialize)]
pub struct Typed {
    name: String,
}

pub async fn remove(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Oops> {
    if typed.name.trim() != name {
        let standing = console.standing(&name).await?;
        let fault = "This is another name.";
        let page = show(&viewer, &standing, &Said(None), Some(fault));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let removed = console.remove(&viewer, name).await?;
    let rest = if removed.erased { "" } else { " What is left on the disk goes as soon as nothing is read." };
    let said = format!("{} is removed, with {}.{rest}", removed.name, words::count(removed.items, "item"));
    back(&console, "/connections", &said)
}
