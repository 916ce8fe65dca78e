//! `/mcp`: the Model Context Protocol over HTTP (its streamable transport), for programs that show a bearer token.
//!
//! Each request is answered by a server made for the person whose token it carries; there are no sessions that one
//! could take over. A browser's cookie is no way in, and a request that says which page it comes from is refused, so
//! that no page can search with somebody's rights.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::who::{Person, Way};
use super::{Console, Trouble};
use crate::mcp::Server;

/// Of a request: a question, not a document.
const REQUEST_BYTES_MAX: usize = 64 * 1024;

pub fn router() -> Router<Console> {
    Router::new().route("/mcp", any(answer))
}

async fn answer(
    State(console): State<Console>,
    Person(viewer): Person,
    request: Request,
) -> Result<Response, Trouble> {
    if viewer.way != Way::Bearer {
        return Err(Trouble::Forbidden("a bearer token: a browser's session is no way in here"));
    }
    let Some(person) = viewer.email else {
        return Err(Trouble::Forbidden("a token with an e-mail: a search is always somebody's"));
    };
    let server = Server::new(Arc::clone(console.host()), &person);
    // `guard` has looked at the host name, for which this library knows loopback alone.
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .enforce_origin_validation()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(REQUEST_BYTES_MAX);
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    Ok(service.handle(request).await.map(Body::new).into_response())
}
