//! The page of one connection.

use axum::extract::{Path, State};
use maud::{Markup, html};

use super::super::form::{self, Field};
use super::super::layout::{self, Nav};
use super::super::shown::Page;
use super::super::{address, words};
use super::card::{self, Sort};
use super::{Tab, events, head, runs};
use crate::console::standing::Standing;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Viewer};
use crate::gate::limits::{QUOTA_PERCENT_MAX, WIDTH, WIDTH_MAX};
use crate::host::Host;
use crate::model::{Allowance, Finding, Timestamp};

pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
    said: Said,
) -> Page {
    show(&console, &viewer, &name, &said, None).await
}

/// Looks the connection over, which asks its source, and shows what was found.
pub async fn doctor(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(name): Path<String>,
) -> Page {
    let findings = console.host().doctor(&name).await?;
    show(&console, &viewer, &name, &Said(None), Some(&findings)).await
}

/// What the page shows beside the card.
struct More {
    now: Timestamp,
    backlog: u64,
    allowance: Allowance,
    spent: u64,
    /// What is the matter with the sign-in, if anything is.
    sign_in: Option<String>,
}

async fn show(
    console: &Console,
    viewer: &Viewer,
    name: &str,
    said: &Said,
    findings: Option<&[Finding]>,
) -> Page {
    let standing = console.standing(name).await?;
    let asked = name.to_owned();
    let more = console.with_host(move |host| more(host, &asked)).await?;
    let latest = runs::latest(console, name, more.now).await?;
    let connection = standing.turn.connection;
    let content = html! {
        (head(name, Tab::Overview))
        div data-live=(address::connection(name, "/events")) data-events=(events::names(&[connection])) {
            section.card id=(card::id(connection)) {
                (card::content(viewer, &standing, more.backlog, more.now, Sort::Alone))
            }
            section.panel {
                h2 { "Last runs" }
                div id=(runs::latest_id(connection)) { (latest) }
                p { a href=(address::connection(name, "/runs")) { "All runs" } }
            }
        }
        noscript { p { a href=(address::connection(name, "")) { "Refresh" } } }
        (sign_in(&standing, &more))
        (limits(viewer, name, &more))
        (health(viewer, name, findings))
    };
    Ok(layout::page(viewer, Nav::Connections, name, said, content))
}

fn more(host: &Host, name: &str) -> Result<More, crate::host::HostError> {
    let connection = host.store().connection(name)?;
    let sign_in = match host.grant_health(&connection) {
        Ok(health) => health.and_then(|health| health.message(name)),
        Err(error) => Some(error.to_string()),
    };
    Ok(More {
        now: host.now()?,
        backlog: host.store().outbox_len_after(0)?,
        allowance: host.allowance(name)?,
        spent: host.points_spent(name)?,
        sign_in,
    })
}

fn sign_in(standing: &Standing, more: &More) -> Markup {
    let connection = &standing.overview.connection;
    html! {
        section.panel {
            h2 { "Sign-in" }
            dl.facts {
                dt { "Account" } dd { (connection.account) }
                dt { "Login" } dd { (connection.login) }
                dt { "Since" } dd { (words::ago(connection.created, more.now)) }
            }
            @if let Some(words) = &more.sign_in {
                p.trouble { (words) }
                p { a.button.primary href=(address::connection(&connection.name, "/sign-in")) { "Sign in again" } }
            }
        }
    }
}

fn limits(viewer: &Viewer, name: &str, more: &More) -> Markup {
    let width = more.allowance.width.map(|width| width.to_string());
    let points = more.allowance.points_per_hour.map(|points| points.to_string());
    let own_width = format!("Up to {WIDTH_MAX}; empty for the host's own choice, {WIDTH}.");
    let own_points = format!(
        "Empty for {QUOTA_PERCENT_MAX} % of what the source gives, if it says what. {} spent in this hour.",
        words::count(more.spent, "point")
    );
    let at_once = Field { id: "width", label: "Requests at once", help: Some(&own_width), fault: None };
    let an_hour =
        Field { id: "points_per_hour", label: "Points an hour", help: Some(&own_points), fault: None };
    let fields = html! {
        (at_once.show(html! {
            input #width type="number" name="width" min="1" max=(WIDTH_MAX) value=[width] aria-describedby=[at_once.described()];
        }))
        (an_hour.show(html! {
            input #points_per_hour type="number" name="points_per_hour" min="0" value=[points] aria-describedby=[an_hour.described()];
        }))
        button type="submit" { "Save the limits" }
    };
    html! {
        section.panel {
            h2 { "Limits" }
            (form::form(viewer, &address::connection(name, "/limits"), fields))
        }
    }
}

fn health(viewer: &Viewer, name: &str, findings: Option<&[Finding]>) -> Markup {
    html! {
        section.panel #health {
            h2 { "Health" }
            @match findings {
                None => p { "Ask the source whether all that was configured can be read." },
                Some(findings) => ul.findings {
                    @for finding in findings {
                        li {
                            span.badge data-state=(finding.verdict.as_str()) { (finding.verdict.as_str()) } " "
                            strong { (finding.name) } ": " (finding.message)
                            @if let Some(remedy) = &finding.remedy { br; span.soft { (remedy) } }
                        }
                    }
                },
            }
            (form::button(viewer, &address::connection(name, "/doctor#health"), "Look it over", "", None))
        }
    }
}
