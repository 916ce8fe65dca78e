//! Tokens, and who administers.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::shown;
use crate::console::pages::form::{self, Field};
use crate::console::pages::shown::{Oops, back};
use crate::console::pages::words;
use crate::console::who::{Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::model::Timestamp;
use crate::store::{NewToken, Scope, Token, TokenId};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Days that the form offers, with words.
const DAYS: [(&str, &str); 4] =
    [("90", "for 90 days"), ("30", "for 30 days"), ("365", "for a year"), ("", "until it is revoked")];

/// What the form says; its boxes come only if they are ticked.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Making {
    #[serde(default)]
    label: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    days: String,
    search: Option<String>,
    read: Option<String>,
    manage: Option<String>,
}

impl Making {
    fn has(&self, scope: Scope) -> bool {
        let ticked = match scope {
            Scope::Search => &self.search,
            Scope::Read => &self.read,
            Scope::Manage => &self.manage,
        };
        ticked.is_some()
    }

    fn token(&self, now: Timestamp) -> Result<NewToken, Trouble> {
        let days = match self.days.trim() {
            "" => None,
            days => Some(days.parse::<u32>().map_err(|_| Trouble::Bad("days are a number".to_owned()))?),
        };
        Ok(NewToken {
            label: self.label.clone(),
            email: Some(self.email.clone()),
            scopes: Scope::ALL.into_iter().filter(|scope| self.has(*scope)).collect(),
            expires: days.map(|days| now.saturating_add(u64::from(days) * DAY_MS)),
        })
    }
}

/// The token is in the answer itself: a redirect would have to carry it in a cookie.
pub async fn make(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Form(making): Form<Making>,
) -> Result<Response, Oops> {
    let now = console.with_host(|host| host.now()).await?;
    let made = match making.token(now) {
        Ok(new) => console.make_token(&viewer, new).await,
        Err(trouble) => Err(trouble),
    };
    let content = match made {
        Ok((_, token)) => html! {
            section.panel {
                h2 { "The token " (making.label.trim()) }
                p { "It is shown only now. Whoever has it may do what it is good for." }
                code.secret #token { (token) }
                div.row { button type="button" data-copy="token" { "Copy" } a.button href="/access" { "Done" } }
            }
        },
        Err(Trouble::Bad(fault)) => {
            let content = content(&console, &viewer, &making, Some(&fault)).await?;
            return Ok((StatusCode::BAD_REQUEST, shown(&viewer, &said, "/access", &content)).into_response());
        }
        Err(trouble) => return Err(trouble.into()),
    };
    Ok(shown(&viewer, &said, "/access", &content).into_response())
}

pub async fn revoke(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Path(id): Path<TokenId>,
) -> Result<Response, Oops> {
    let words = match console.revoke_token(&viewer, id).await? {
        true => "The token is revoked.",
        false => "There was no such token any more.",
    };
    back(&console, "/access", words)
}

/// Administrators, the form, and the tokens.
///
/// # Errors
///
/// When the store cannot be read.
pub async fn content(
    console: &Console,
    viewer: &Viewer,
    making: &Making,
    fault: Option<&str>,
) -> Result<Markup, Trouble> {
    let (tokens, now) = console.with_host(|host| Ok((host.store().tokens()?, host.now()?))).await?;
    let administrators = &console.options().administrators;
    Ok(html! {
        section.panel {
            h2 { "Administrators" }
            @if administrators.is_empty() { p { "Only who has a token with the scope manage administers." } }
            @else { ul { @for email in administrators { li { (email) } } } }
            p.soft { "Whom " code { "weir serve --admin EMAIL" } " names administers after signing in." }
        }
        (make_form(viewer, making, fault))
        h2 { "Tokens" }
        (table(viewer, &tokens, now))
    })
}

fn make_form(viewer: &Viewer, making: &Making, fault: Option<&str>) -> Markup {
    let label = Field { id: "label", label: "What it is for", help: None, fault };
    let help =
        "The person it searches as. Needed for searching, and then only what that person may read is found.";
    let email = Field { id: "email", label: "E-mail", help: Some(help), fault: None };
    html! {
        details.panel open[fault.is_some()] {
            summary { "Make a token" }
            (form::form(viewer, "/access/tokens", html! {
                (label.show(html! {
                    input #label name="label" required maxlength="100" value=(making.label) autocomplete="off"
                        aria-describedby=[label.described()] aria-invalid=[fault.map(|_| "true")];
                }))
                (email.show(html! {
                    input #email type="email" name="email" value=(making.email) autocomplete="off"
                        aria-describedby=[email.described()];
                }))
                fieldset {
                    legend { "Good for" }
                    @for scope in Scope::ALL {
                        label.check {
                            input type="checkbox" name=(scope.as_str()) value="1" checked[making.has(scope)];
                            span { strong { (scope.as_str()) } " – " (what(scope)) }
                        }
                    }
                }
                div.field {
                    label for="days" { "Good" }
                    select #days name="days" {
                        @for (days, words) in DAYS {
                            option value=(days) selected[days == making.days] { (words) }
                        }
                    }
                }
                button.primary type="submit" { "Make the token" }
            }))
        }
    }
}

fn what(scope: Scope) -> &'static str {
    match scope {
        Scope::Search => "search, and fetch what was found, as that person",
        Scope::Read => "look at connections, runs, records and people",
        Scope::Manage => "all that an administrator does",
    }
}

fn table(viewer: &Viewer, tokens: &[Token], now: Timestamp) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Tokens" {
            table {
                thead { tr { @for head in ["Label", "Person", "Good for", "Last used", "State", ""] { th scope="col" { (head) } } } }
                tbody { @for token in tokens { (row(viewer, token, now)) } }
            }
        }
    }
}

fn row(viewer: &Viewer, token: &Token, now: Timestamp) -> Markup {
    let confirm = format!("Revoke {}? Whatever uses it stops working at once.", token.label);
    html! {
        tr {
            td { (token.label) }
            td { @match &token.email { Some(email) => (email), None => span.soft { "nobody" } } }
            td { @for scope in &token.scopes { span.badge { (scope.as_str()) } " " } }
            td { @match token.used { Some(used) => (words::ago(used, now)), None => span.soft { "never" } } }
            td {
                @match (token.revoked, token.expires) {
                    (Some(revoked), _) => { span.badge { "revoked" } " " (words::ago(revoked, now)) }
                    (None, Some(expires)) if expires <= now => span.badge data-state="bad" { "expired" },
                    (None, Some(expires)) => { span.badge data-state="good" { "good" } " ends " (words::ago(expires, now)) }
                    (None, None) => span.badge data-state="good" { "good" },
                }
            }
            td { @if token.is_good(now) {
                (form::button(viewer, &format!("/access/tokens/{}/revoke", token.id), "Revoke", "danger", Some(&confirm)))
            } }
        }
    }
}
