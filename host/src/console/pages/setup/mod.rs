//! Setting up a connection, in three steps: *Authenticate* (`new`), *Authorize* (`consent`, for logins that a person
//! approves elsewhere), *Configure records* (`configure`, and `ready` at its end).
//!
//! After the first two the connection exists and is signed in; nothing reads it before the last is finished. The same
//! pages serve later: `configure` to change a connection, `again` to sign it in again.
//!
//! Secrets that were typed are never written into a page: a form that comes back knows them by a random name.
//!
//! Deliberately absent: what is done (`console::acts`), and any knowledge of a certain source: all fields come from what
//! its connector says of itself.

mod again;
mod asked;
mod checked;
mod configure;
mod configure_form;
mod consent;
mod faulty;
mod new;
mod new_form;
mod origins;
mod ready;
mod steps;

use axum::Router;
use axum::routing::{get, post};

use crate::console::Console;

pub fn router() -> Router<Console> {
    Router::new()
        .route("/connections/new", get(new::page).post(new::post))
        .route("/oauth/consent", get(consent::page))
        .route("/oauth/begin", get(consent::begin))
        .route("/oauth/callback", get(consent::callback))
        .route("/oauth/other-account", post(consent::other_account))
        .route("/connections/{name}/configure", get(configure::page).post(configure::post))
        .route("/connections/{name}/ready", get(ready::page).post(ready::post))
        .route("/connections/{name}/sign-in", get(again::page).post(again::post))
}
