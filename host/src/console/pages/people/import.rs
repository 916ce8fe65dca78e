//! Many people at once: a list is pasted or read from a file, looked over line by line, then applied.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::people_of;
use crate::console::pages::form::Field;
use crate::console::pages::layout::{self, Nav};
use crate::console::pages::shown::{Oops, Page, back};
use crate::console::pages::{form, words};
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::roster::{Plan, Planned, Step};

/// Lines that a preview shows, those with a fault first: a longer page helps nobody.
const LINES_SHOWN: usize = 500;

#[derive(Deserialize)]
pub struct Of {
    connection: String,
}

#[derive(Deserialize)]
pub struct Roster {
    connection: String,
    list: String,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Query(Of { connection }): Query<Of>,
) -> Page {
    let named = connection.clone();
    console.with_host(move |host| Ok(host.store().connection(&named)?)).await?;
    Ok(shown(&viewer, &said, &entry(&viewer, &connection, "", None)))
}

pub async fn preview(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Form(Roster { connection, list }): Form<Roster>,
) -> Page {
    let content = match console.plan_roster(connection.clone(), list.clone()).await {
        Ok(plan) => planned(&viewer, &connection, &list, &plan),
        Err(Trouble::Bad(fault)) => entry(&viewer, &connection, &list, Some(&fault)),
        Err(trouble) => return Err(trouble.into()),
    };
    Ok(shown(&viewer, &said, &content))
}

pub async fn apply(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Form(Roster { connection, list }): Form<Roster>,
) -> Result<Response, Oops> {
    let plan = console.apply_roster(&viewer, connection.clone(), list).await?;
    let linked = plan.links().len() as u64;
    let words = match linked {
        0 => "Nobody had to be linked.".to_owned(),
        1 => "1 person is linked.".to_owned(),
        linked => format!("{} people are linked.", words::number(linked)),
    };
    back(&console, &people_of(&connection, Some("matched")), &words)
}

fn shown(viewer: &Viewer, said: &Said, content: &Markup) -> Markup {
    layout::page(viewer, Nav::People, "Import people", said, content.clone())
}

fn entry(viewer: &Viewer, connection: &str, list: &str, fault: Option<&str>) -> Markup {
    let help = "A line for each person: the e-mail, then the account's id, separated by a comma, a semicolon or a tab. \
                With a heading the columns may stand in any order: `email` and `account`. Atlassian's own export of \
                users has both.";
    let field = Field { id: "list", label: "The list", help: Some(help), fault };
    html! {
        h1 { "Import people" }
        p { "Says which account of " strong { (connection) } " a person is, for many at once. Nothing is changed before \
            you have seen what each line does." }
        (form::form(viewer, "/people/import", html! {
            input type="hidden" name="connection" value=(connection);
            div.field hidden {
                label for="file" { "A file" }
                input #file type="file" accept=".csv,.txt,.tsv,text/csv" data-read-into="list";
            }
            (field.show(html! {
                textarea.roster #list name="list" required spellcheck="false" aria-describedby=[field.described()]
                    aria-invalid=[fault.map(|_| "true")] { "\n" (list) }
            }))
            div.row {
                button.primary type="submit" { "Look it over" }
                a.button href=(people_of(connection, None)) { "Back" }
            }
        }))
    }
}

fn planned(viewer: &Viewer, connection: &str, list: &str, plan: &Plan) -> Markup {
    let (links, faults) = (plan.links().len() as u64, plan.faults() as u64);
    let mut lines: Vec<&Planned> = plan.0.iter().collect();
    lines.sort_by_key(|planned| !planned.step.is_fault());
    let hidden = plan.0.len().saturating_sub(LINES_SHOWN) as u64;
    html! {
        h1 { "Import people" }
        p {
            (words::count(links, "link")) " to be made at " strong { (connection) } "; "
            @match faults {
                0 => "no line has a fault.",
                1 => "1 line has a fault, and does nothing.",
                faults => { (words::number(faults)) " lines have a fault, and do nothing." }
            }
        }
        @if links > 0 {
            (form::form(viewer, "/people/import/apply", html! {
                (kept(connection, list))
                button.primary type="submit" { "Make " (words::count(links, "link")) }
            }))
        }
        (form::form(viewer, "/people/import", html! {
            details.panel { summary { "Change the list" }
                input type="hidden" name="connection" value=(connection);
                div.field { label for="list" { "The list" }
                    textarea.roster #list name="list" required spellcheck="false" { "\n" (list) } }
                button type="submit" { "Look it over again" }
            }
        }))
        h2 { "Line by line" }
        div.scroll tabindex="0" role="region" aria-label="Line by line" {
            table {
                thead { tr { th.number scope="col" { "Line" } th scope="col" { "E-mail" } th scope="col" { "Account" }
                    th scope="col" { "What it does" } } }
                tbody { @for planned in lines.into_iter().take(LINES_SHOWN) { (line(planned)) } }
            }
        }
        @if hidden > 0 { p.soft { "And " (words::count(hidden, "line")) " more." } }
    }
}

/// The list, for the form that applies it.
fn kept(connection: &str, list: &str) -> Markup {
    html! {
        input type="hidden" name="connection" value=(connection);
        textarea name="list" hidden aria-label="The list" { "\n" (list) }
    }
}

fn line(planned: &Planned) -> Markup {
    let step = &planned.step;
    let state = match step {
        step if step.is_fault() => Some("bad"),
        step if step.changes() => Some("good"),
        _ => None,
    };
    html! {
        tr {
            td.number { (planned.line.number) }
            td { (planned.line.email) }
            td { code { (planned.line.account) } @if let Some(name) = &planned.name { " " (name) } }
            td { span.badge data-state=[state] { (step.as_str().replace('-', " ")) } " " (what(step)) }
        }
    }
}

/// What a line does, in words.
fn what(step: &Step) -> String {
    match step {
        Step::Links => "The e-mail is linked to this account.".to_owned(),
        Step::Replaces { was } => format!("In place of the link to {was}."),
        Step::Already => "Nothing: it is linked so already.".to_owned(),
        Step::Shown => "Nothing: the account shows this e-mail itself.".to_owned(),
        Step::UnknownAccount => {
            "Nothing: the source told of no such account. Check the id, or sync first.".to_owned()
        }
        Step::BadEmail => "Nothing: this is no e-mail address.".to_owned(),
        Step::Repeated { line } => format!("Nothing: line {line} says the same."),
        Step::Contradicted { line } => {
            format!("Nothing: line {line} gives this e-mail another account. Leave one of them.")
        }
    }
}
