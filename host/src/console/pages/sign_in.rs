//! Signing in and out.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use maud::{Markup, html};
use serde::Deserialize;
use url::Url;

use super::form::Field;
use super::shown::{Oops, own_place, with_cookie};
use super::{address, layout};
use crate::console::who::{self, Arrived, Brought, Caller, Leave, OidcFault, Said, Signed};
use crate::console::{Console, Trouble};
use crate::store::{Scope, SignedIn};

pub fn router() -> Router<Console> {
    Router::new()
        .route("/sign-in", get(page).post(by_token))
        .route("/sign-in/oidc", get(leave))
        .route("/sign-in/callback", get(arrive))
        .route("/sign-out", post(out))
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

async fn page(
    State(console): State<Console>,
    Signed(viewer): Signed,
    said: Said,
    Query(To { to }): Query<To>,
) -> Response {
    let to = own_place(to.as_deref());
    match viewer {
        Some(_) => Redirect::to(to).into_response(),
        None => show(&console, to, said.0.as_deref(), None).into_response(),
    }
}

/// What could not be signed in with, and why.
struct Faulty<'a> {
    token: bool,
    words: &'a str,
}

fn show(console: &Console, to: &str, said: Option<&str>, faulty: Option<&Faulty<'_>>) -> Markup {
    let fault = faulty.filter(|faulty| faulty.token).map(|faulty| faulty.words);
    let help = "“weir serve” printed one when it was first started; “weir token add” makes another.";
    let field = Field { id: "token", label: "Administrator's token", help: Some(help), fault };
    layout::bare(
        "Sign in",
        html! {
            h1 { "Sign in" }
            p.said role="status" { @if let Some(words) = said { (words) } }
            @if let Some(Faulty { token: false, words }) = faulty { p.trouble role="alert" { (words) } }
            @if console.oidc().is_some() {
                // A link and not a form: the policy lets no form lead to another site.
                a.button.primary.wide href=(address::query("/sign-in/oidc", [("to", Some(to))])) {
                    "Sign in with your company account"
                }
                p.or { "or" }
            }
            form.panel method="post" action="/sign-in" {
                input type="hidden" name="to" value=(to);
                (field.show(html! {
                    input #token type="password" name="token" autocomplete="current-password" required
                        aria-describedby=[field.described()] aria-invalid=[fault.map(|_| "true")];
                }))
                button.primary[console.oidc().is_none()] type="submit" { "Sign in" @if console.oidc().is_some() { " with a token" } }
            }
        },
    )
}

#[derive(Deserialize)]
struct ByToken {
    token: String,
    to: Option<String>,
}

/// Nobody is signed in yet, so the form carries no `csrf`; to be signed in as somebody else by another site, that
/// site would have to know the token.
async fn by_token(
    State(console): State<Console>,
    caller: Caller,
    headers: HeaderMap,
    Form(ByToken { token, to }): Form<ByToken>,
) -> Result<Response, Oops> {
    console.attempts().count(caller.0, console.host().now()?)?;
    let to = own_place(to.as_deref()).to_owned();
    let hashed = who::hash(token.trim());
    let found = console.with_host(move |host| Ok(host.store().good_token(hashed, host.now()?)?)).await?;
    let Some(token) = found.filter(|token| token.scopes.contains(&Scope::Manage)) else {
        let faulty =
            Faulty { token: true, words: "This is no token of an administrator, or it was revoked." };
        return Ok((StatusCode::FORBIDDEN, show(&console, &to, None, Some(&faulty))).into_response());
    };
    let cookie = who::begin(&console, &headers, SignedIn::Token(token.id)).await?;
    Ok(with_cookie(Redirect::to(&to).into_response(), cookie))
}

/// Where a sign-in service leads back to.
fn redirect(console: &Console) -> Result<Url, Oops> {
    let url = console.options().url.join("sign-in/callback");
    url.map_err(|error| Oops::from(Trouble::Bad(error.to_string())))
}

/// Leads to the company's sign-in service.
async fn leave(
    State(console): State<Console>,
    caller: Caller,
    Query(To { to }): Query<To>,
) -> Result<Response, Oops> {
    let Some(oidc) = console.oidc() else { return Err(Trouble::NotFound.into()) };
    let now = console.host().now()?;
    console.attempts().count(caller.0, now)?;
    let to = own_place(to.as_deref()).to_owned();
    match oidc.begin(&redirect(&console)?, to.clone(), who::chance()?, now).await {
        Ok(Leave { to, cookie }) => {
            let cookie = who::send(&console, cookie)?;
            Ok(with_cookie(Redirect::to(to.as_str()).into_response(), cookie))
        }
        Err(fault) => Ok(faulty(&console, &to, &fault)),
    }
}

/// Hears what somebody brings back from there.
async fn arrive(
    State(console): State<Console>,
    caller: Caller,
    headers: HeaderMap,
    Query(brought): Query<Brought>,
) -> Result<Response, Oops> {
    let Some(oidc) = console.oidc() else { return Err(Trouble::NotFound.into()) };
    let now = console.host().now()?;
    console.attempts().count(caller.0, now)?;
    let browser = who::sent(&console, &headers);
    let arrived = oidc.finish(&redirect(&console)?, brought, browser.as_deref(), now).await;
    let response = match arrived {
        Ok(Arrived { email, to }) => {
            let cookie = who::begin(&console, &headers, SignedIn::Oidc(email)).await?;
            with_cookie(Redirect::to(own_place(Some(&to))).into_response(), cookie)
        }
        Err(fault) => faulty(&console, "/", &fault),
    };
    Ok(with_cookie(response, who::arrived(&console)?))
}

fn faulty(console: &Console, to: &str, fault: &OidcFault) -> Response {
    let (status, words) = (fault.status(), format!("You are not signed in: {fault}."));
    (status, show(console, to, None, Some(&Faulty { token: false, words: &words }))).into_response()
}

async fn out(State(console): State<Console>, headers: HeaderMap) -> Result<Response, Oops> {
    let cookie = who::end(&console, &headers).await?;
    Ok(with_cookie(Redirect::to("/sign-in").into_response(), cookie))
}
