//! The connectors there are: what each demands, who vouched for it, and which connections go by it.
//!
//! Only to look at. What code runs is decided by whoever may run commands on the machine: `installed` says why.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use super::layout::{self, Nav};
use super::shown::Page;
use super::{address, words};
use crate::console::Console;
use crate::console::who::{Administrator, Said};
use crate::host::{BUILT_IN, Host, HostError};
use crate::installed::{Installed, Version, demand, short};
use crate::model::Timestamp;

pub fn router() -> Router<Console> {
    Router::new().route("/connectors", get(page))
}

/// A connector, and the names of connections that go by it.
struct Shown {
    installed: Installed,
    connections: Vec<String>,
}

async fn page(State(console): State<Console>, Administrator(viewer): Administrator, said: Said) -> Page {
    let built_in = console.host().built_in().await?;
    let (all, now) = console.with_host(move |host| Ok((gather(host, built_in)?, host.now()?))).await?;
    let content = html! {
        h1 { "Connectors" }
        p.soft {
            "Another one is installed on the machine that serves Weir, where what it demands is shown and agreed to: "
            code { "weir connector add FILE" } ". No browser can do that, so that nobody who takes one over can bring code along."
        }
        @for shown in &all { (one(shown, now)) }
    };
    Ok(layout::page(&viewer, Nav::Connectors, "Connectors", &said, content))
}

fn gather(host: &Host, built_in: Version) -> Result<Vec<Shown>, HostError> {
    let built_in = Installed { name: BUILT_IN.to_owned(), key: None, current: built_in, former: Vec::new() };
    let all = std::iter::once(built_in).chain(host.store().installed()?);
    let shown = |installed: Installed| {
        let connections = host.connections_of(&installed.name)?;
        let connections = connections.into_iter().map(|connection| connection.name).collect();
        Ok(Shown { installed, connections })
    };
    all.map(shown).collect()
}

fn one(shown: &Shown, now: Timestamp) -> Markup {
    let Shown { installed, connections } = shown;
    let current = &installed.current;
    let id = format!("connector-{}", installed.name);
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (current.description.title) }
            dl.facts {
                dt { "Name" } dd { (installed.name) }
                dt { "Version" } dd { (current.description.version) ", weir:connector@" (current.contract) }
                dt { "SHA-256" } dd { code { (current.sha256) } }
                dt { "From" } dd { (current.from) }
                @if installed.name != BUILT_IN {
                    dt { "Agreed" } dd { (words::ago(current.agreed, now)) }
                    dt { "Signed by" } dd { (signed(installed)) }
                }
                @if !installed.former.is_empty() {
                    dt { "Kept" } dd { (former(&installed.former)) }
                }
                dt { "Connections" }
                dd {
                    @for (number, name) in connections.iter().enumerate() {
                        @if number > 0 { ", " }
                        a href=(address::connection(name, "")) { (name) }
                    }
                    @if connections.is_empty() { "none" }
                }
            }
            details {
                summary { "What it demands" }
                @for section in demand(current).iter().filter(|section| !section.lines.is_empty()) {
                    h3 { (section.title) }
                    ul { @for line in &section.lines { li { (line) } } }
                }
            }
        }
    }
}

fn signed(installed: &Installed) -> String {
    match (&installed.current.signed_by, &installed.key) {
        (Some(by), Some(key)) if *by == key.fingerprint => format!("{by}, as every later version has to be"),
        (Some(by), _) => by.clone(),
        (None, _) => "nobody known here".to_owned(),
    }
}

fn former(versions: &[Version]) -> String {
    let words = versions
        .iter()
        .map(|version| format!("{} ({})", version.description.version, short(&version.sha256)));
    words.collect::<Vec<_>>().join(", ")
}
