//! *Authenticate*: who signs in where. What is wrong is said at its field, and nothing is sent before somebody has
//! agreed to where it goes.

use super::asked::{Asked, chosen, described, first_fields};
use super::checked::{Checked, check};
use super::faulty::{self, SECRET};
use super::new_form::Shown;
use crate::console::authorization::{Authorization, Purpose};
use crate::console::pages::address;
use crate::console::pages::faults::Faults;
use crate::console::pages::sent::Sent;
use crate::console::pages::shown::{Oops, back};
use crate::console::who::{self, Administrator, Said};
use crate::console::{Console, Trouble, Viewer};
use crate::host::{Draft, Host, Outlined};
use crate::model::{Grant, Scheme};
use crate::secrets::Secret;
use crate::secrets::oauth::Client;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// A secret is a token or a password: a longer one is a mistake.
const SECRET_BYTES_MAX: usize = 64 * 1024;

/// Another login or connector may be named in the address.
pub async fn page(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    said: Said,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let asked = Asked::of(&Sent(pairs));
    show(&console, &viewer, &said, &asked, Faults::default(), None).await
}

pub async fn post(
    State(console): State<Console>,
    Administrator(viewer): Administrator,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let sent = Sent(pairs);
    let mut asked = Asked::of(&sent);
    let secret = keep_secret(&console, &viewer, &sent, &mut asked)?;
    let said = Said(None);
    if sent.text("choose").is_some() {
        return show(&console, &viewer, &said, &asked, Faults::default(), None).await;
    }
    let Checked { mut faults, draft, outlined } = check(&console, &asked, secret).await?;
    let (draft, outlined) = match (draft, outlined) {
        (Some(draft), Some(outlined)) if faults.is_empty() => (draft, outlined),
        (_, outlined) => return show(&console, &viewer, &said, &asked, faults, outlined).await,
    };
    match go_on(&console, &viewer, draft, &outlined).await {
        Ok(response) => {
            if let Some(kept) = &asked.kept {
                console.typed().drop(&viewer, kept, console.host().now()?);
            }
            Ok(response)
        }
        Err(trouble) => {
            faulty::add(&mut faults, &trouble);
            show(&console, &viewer, &said, &asked, faults, Some(outlined)).await
        }
    }
}

/// Signs in, or leads to where somebody approves that.
async fn go_on(
    console: &Console,
    viewer: &Viewer,
    draft: Draft,
    outlined: &Outlined,
) -> Result<Response, Trouble> {
    match &outlined.login.scheme {
        Scheme::Oauth2(oauth) if oauth.grant != Grant::ClientCredentials => {
            let id = draft.username.clone().unwrap_or_default();
            let client = Client::new(oauth, &id, draft.secret.clone(), &console.callback());
            let (scopes, routes) = (outlined.plan.scopes.clone(), draft.routes.clone());
            let authorization =
                Authorization::new(Purpose::New(Box::new(draft)), oauth.clone(), client, scopes, routes);
            let id = who::chance()?;
            console.authorizations().keep(viewer, id.clone(), authorization, console.host().now()?);
            Ok(Redirect::to(&address::query("/oauth/consent", [("draft", Some(id.as_str()))]))
                .into_response())
        }
        _ => {
            let added = console.add_connection(viewer, draft, outlined).await?.connection;
            let to = address::connection(&added.name, "/configure");
            back(console, &to, &format!("Signed in as {}.", added.account)).map_err(Oops::into_trouble)
        }
    }
}

/// Keeps a secret that was typed, or finds the one that was typed before.
fn keep_secret(
    console: &Console,
    viewer: &Viewer,
    sent: &Sent,
    asked: &mut Asked,
) -> Result<Option<Secret>, Trouble> {
    let now = console.host().now()?;
    let before = sent.text("kept").map(str::to_owned);
    if let Some(typed) = sent.text(SECRET).filter(|typed| typed.len() <= SECRET_BYTES_MAX) {
        let (name, secret) = (who::chance()?, Secret::new(typed));
        if let Some(before) = &before {
            console.typed().drop(viewer, before, now);
        }
        console.typed().keep(viewer, name.clone(), secret.clone(), now);
        asked.kept = Some(name);
        return Ok(Some(secret));
    }
    let found =
        before.as_ref().and_then(|name| console.typed().with(viewer, name, now, |secret| secret.clone()));
    asked.kept = before.filter(|_| found.is_some());
    Ok(found)
}

async fn show(
    console: &Console,
    viewer: &Viewer,
    said: &Said,
    asked: &Asked,
    mut faults: Faults,
    outlined: Option<Outlined>,
) -> Result<Response, Oops> {
    let mut found = Faults::default();
    let description = described(console.host(), asked, &mut found).await?;
    if faults.is_empty() {
        faults = found;
    }
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let connectors = console.with_host(Host::connector_titles).await?;
    let shown = Shown {
        viewer,
        connectors: &connectors,
        login: chosen(&description, asked)?,
        fields: first_fields(&description),
        description: &description,
        asked,
        faults: &faults,
        outlined: outlined.as_ref(),
        callback: &console.callback(),
    };
    Ok((status, shown.page(said)).into_response())
}
