//! What is done to a connection by one button.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::address;
use super::super::shown::{Oops, back};
use super::card::mode_words;
use crate::console::who::Administrator;
use crate::console::{Console, Trouble};
use crate::model::Allowance;
use crate::store::Mode;

#[derive(Deserialize)]
pub struct Wish {
    mode: Mode,
}

pub async fn sync(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(Wish { mode }): Form<Wish>,
) -> Result<Response, Oops> {
    console.ask_for_run(&viewer, name.clone(), mode).await?;
    let said = format!("{name}: {} is read in a moment.", mode_words(mode.as_str()));
    back(&console, &address::connection(&name, ""), &said)
}

pub async fn cancel(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    let said = match console.cancel_run(&viewer, name.clone()).await? {
        Some(_) => format!("{name}: the run ends in a moment; what it has read is kept."),
        None => format!("{name}: no run goes on."),
    };
    back(&console, &address::connection(&name, ""), &said)
}

pub async fn pause(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    console.set_paused(&viewer, name.clone(), true).await?;
    back(&console, "/connections", &format!("{name} is paused."))
}

pub async fn resume(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Result<Response, Oops> {
    console.set_paused(&viewer, name.clone(), false).await?;
    back(&console, "/connections", &format!("{name} is read on schedule again."))
}

/// Fields that are left empty are the host's own choice.
#[derive(Deserialize)]
pub struct Limits {
    width: String,
    points_per_hour: String,
}

pub async fn limits(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    Form(Limits { width, points_per_hour }): Form<Limits>,
) -> Result<Response, Oops> {
    let allowance = Allowance { width: number(&width)?, points_per_hour: number(&points_per_hour)? };
    console.allow(&viewer, name.clone(), allowance).await?;
    back(
        &console,
        &address::connection(&name, ""),
        &format!("{name}: the limits hold from the next request on."),
    )
}

fn number<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Trouble> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Trouble::Bad(format!("`{text}` is no whole number")))
}
