//! The audit trail: what was done, and by whom.

use axum::extract::{Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::shown;
use crate::console::Console;
use crate::console::pages::shown::Page;
use crate::console::pages::{address, words};
use crate::console::who::{Administrator, Said};
use crate::model::Timestamp;
use crate::store::{Act, ActFilter, ActId};

/// Rows of a page.
const ROWS: u32 = 100;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    actor: Option<String>,
    connection: Option<String>,
    before: Option<ActId>,
}

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Query(asked): Query<Asked>,
) -> Page {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let filter = ActFilter { actor: given(&asked.actor), connection: given(&asked.connection) };
    let before = asked.before;
    let list = move |host: &crate::host::Host| {
        let names = host.store().connections()?.into_iter().map(|one| one.name).collect::<Vec<_>>();
        Ok((host.store().acts_of(&filter, before, ROWS + 1)?, names, host.now()?))
    };
    let (mut acts, names, now) = console.with_host(list).await?;
    let more = acts.len() > ROWS as usize;
    acts.truncate(ROWS as usize);
    let next = acts.last().filter(|_| more).map(|act| act.id.to_string());
    let content = html! {
        (filters(&asked, &names))
        div #trail {
            @if acts.is_empty() { p.empty { "Nothing of this was done." } } @else { (table(&acts, now)) }
            @if next.is_some() {
                @let pairs = [("actor", asked.actor.as_deref()), ("connection", asked.connection.as_deref()),
                    ("before", next.as_deref())];
                p { a.button href=(address::query("/access/trail", pairs)) { "Older" } }
            }
        }
    };
    Ok(shown(&viewer, &said, "/access/trail", &content))
}

fn filters(asked: &Asked, names: &[String]) -> Markup {
    let chosen = asked.connection.as_deref();
    html! {
        form.filter method="get" action="/access/trail" data-instant="trail" {
            div.field { label for="actor" { "Who" }
                input #actor name="actor" type="search" value=[asked.actor.as_deref()] autocomplete="off"; }
            div.field { label for="connection" { "Connection" }
                select #connection name="connection" {
                    option value="" { "all" }
                    @for name in names { option value=(name) selected[Some(name.as_str()) == chosen] { (name) } }
                } }
            button type="submit" { "Show" }
        }
    }
}

fn table(acts: &[Act], now: Timestamp) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Audit trail" {
            table {
                thead { tr { @for head in ["When", "Who", "What", "Connection", "About", ""] { th scope="col" { (head) } } } }
                tbody {
                    @for act in acts {
                        tr {
                            td { (words::ago(act.at, now)) }
                            td { (act.actor) }
                            td { (act.act.replace('-', " ")) }
                            td { (act.connection.as_deref().unwrap_or_default()) }
                            td { (act.about) }
                            td { @match act.outcome.as_deref() {
                                Some("done") => span.badge data-state="good" { "done" },
                                Some(outcome) => span.badge data-state="bad" { (outcome) },
                                None => span.badge { "not ended" },
                            } }
                        }
                    }
                }
            }
        }
    }
}
