//! Signing in and out.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use maud::{Markup, html};
use serde::Deserialize;

use super::form::Field;
use super::layout;
use super::shown::{Oops, own_place, with_cookie};
use crate::console::Console;
use crate::console::who::{self, Signed};
use crate::store::{Scope, SignedIn};

pub fn router() -> Router<Console> {
    Router::new().route("/sign-in", get(page).post(by_token)).route("/sign-out", post(out))
}

#[derive(Deserialize)]
struct To {
    to: Option<String>,
}

async fn page(Signed(viewer): Signed, Query(To { to }): Query<To>) -> Response {
    let to = own_place(to.as_deref());
    match viewer {
        Some(_) => Redirect::to(to).into_response(),
        None => show(to, None).into_response(),
    }
}

fn show(to: &str, fault: Option<&str>) -> Markup {
    let help = "`weir serve` printed one when it was first started; `weir token add` makes another.";
    let field = Field { id: "token", label: "Administrator's token", help: Some(help), fault };
    layout::bare(
        "Sign in",
        html! {
            h1 { "Sign in" }
            form.panel method="post" action="/sign-in" {
                input type="hidden" name="to" value=(to);
                (field.show(html! {
                    input #token type="password" name="token" autocomplete="current-password" required
                        aria-describedby=[field.described()] aria-invalid=[fault.map(|_| "true")];
                }))
                button.primary type="submit" { "Sign in" }
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
    Form(ByToken { token, to }): Form<ByToken>,
) -> Result<Response, Oops> {
    let to = own_place(to.as_deref()).to_owned();
    let hashed = who::hash(token.trim());
    let found = console.with_host(move |host| Ok(host.store().good_token(hashed, host.now()?)?)).await?;
    let Some(token) = found.filter(|token| token.scopes.contains(&Scope::Manage)) else {
        let fault = "This is no token of an administrator, or it was revoked.";
        return Ok((axum::http::StatusCode::FORBIDDEN, show(&to, Some(fault))).into_response());
    };
    let cookie = who::begin(&console, SignedIn::Token(token.id)).await?;
    Ok(with_cookie(Redirect::to(&to).into_response(), cookie))
}

async fn out(State(console): State<Console>, headers: HeaderMap) -> Result<Response, Oops> {
    let cookie = who::end(&console, &headers).await?;
    Ok(with_cookie(Redirect::to("/sign-in").into_response(), cookie))
}
