//! `/api/v1`: what the console can do, for programs.
//!
//! A file a resource. Handlers carry `#[utoipa::path]`, from which `/api/v1/openapi.json` is made, so that the
//! document cannot say what the code does not. Errors are problem+json ([`Trouble`]); lists are pages with a
//! cursor ([`Paged`]).
//!
//! Deliberately absent: what is done (`console::acts`), and sign-in for browsers (`pages`).

mod acts;
mod asked;
mod choosing;
mod configuration;
mod connections;
mod connectors;
mod deletions;
mod failures;
mod files;
mod index;
mod items;
mod limits;
mod paging;
pub mod pair;
mod people;
mod progress;
mod record;
mod runs;
mod search;
mod sessions;
mod setup;
mod time;
mod tokens;
mod why;

use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

pub use asked::{Asked, Body};
pub use paging::{Paged, Paging};
pub use time::rfc3339;

use super::Console;

const ABOUT: &str = "Set up, watch, browse and search what Weir reads. Programs show a bearer token, which `weir token add` \
                     makes; its scopes are `search`, `read` and `manage`.";

#[derive(OpenApi)]
#[openapi(info(title = "Weir", description = ABOUT, license(name = "Apache-2.0", identifier = "Apache-2.0")))]
struct Document;

/// The routes, and the document that is made from them.
fn described() -> (Router<Console>, utoipa::openapi::OpenApi) {
    let resources = OpenApiRouter::new()
        .merge(acts::router())
        .merge(choosing::router())
        .merge(configuration::router())
        .merge(connections::router())
        .merge(connectors::router())
        .merge(deletions::router())
        .merge(failures::router())
        .merge(files::router())
        .merge(index::router())
        .merge(items::router())
        .merge(limits::router())
        .merge(people::router())
        .merge(progress::router())
        .merge(runs::router())
        .merge(search::router())
        .merge(sessions::router())
        .merge(tokens::router())
        .merge(setup::router())
        .merge(why::router());
    let (router, mut document) =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", resources).split_for_parts();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    document.components.get_or_insert_default().add_security_scheme("token", bearer);
    name_problems(&mut document);
    document.security = Some(vec![utoipa::openapi::SecurityRequirement::new("token", [""; 0])]);
    (router, document)
}

/// Problems have a media type of their own (RFC 9457), which no handler has to repeat.
fn name_problems(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter();
        for operation in operations.flatten() {
            let Some(RefOr::T(problem)) = operation.responses.responses.get_mut("default") else { continue };
            if let Some(content) = problem.content.shift_remove("application/json") {
                problem.content.insert("application/problem+json".to_owned(), content);
            }
        }
    }
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    described().1
}

pub fn router() -> Router<Console> {
    let (router, document) = described();
    router.route("/api/v1/openapi.json", get(move || async move { Json(document).into_response() }))
}
