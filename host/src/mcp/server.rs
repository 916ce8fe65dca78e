//! The two tools, for one person.

use std::sync::Arc;

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};
use serde::Serialize;

use super::answers::{Document, FetchOne, Results, SearchFor, named};
use crate::host::{Host, HostError};
use crate::index::Query;
use crate::store::{Scope, SecretHash};

const INSTRUCTIONS: &str = "Search the company's knowledge, then fetch what looks right. Only what the person \
    may read is found. Cite what you use by its url.";

/// What is said of what is not there, and of what the person may not read.
const NOTHING: &str = "There is nothing of this id or address that may be read. Take an id from a search.";

/// A server for one person.
#[derive(Clone)]
pub struct Server {
    host: Arc<Host>,
    person: Arc<str>,
    /// What has to be good at each call, where one process outlives many.
    token: Option<SecretHash>,
    tool_router: ToolRouter<Self>,
}

/// As whom a token searches: None unless it is good, has the scope for it and is somebody's.
///
/// # Errors
///
/// When the store cannot be read.
pub fn searcher(host: &Host, token: SecretHash) -> Result<Option<String>, HostError> {
    let found = host.store().good_token(token, host.now()?)?;
    let may = |scopes: &[Scope]| scopes.contains(&Scope::Search) || scopes.contains(&Scope::Manage);
    Ok(found.filter(|token| may(&token.scopes)).and_then(|token| token.email))
}

#[tool_router]
impl Server {
    /// `person` is the e-mail of the one whose eyes it has.
    #[must_use]
    pub fn new(host: Arc<Host>, person: &str) -> Self {
        Self { host, person: person.into(), token: None, tool_router: Self::tool_router() }
    }

    /// The same for as long as this token is good and that person's.
    #[must_use]
    pub fn while_good(self, token: SecretHash) -> Self {
        Self { token: Some(token), ..self }
    }

    #[tool(
        description = "Search pages, blog posts, comments and attachments. Answers with ids for `fetch`, titles, \
                       addresses to cite, and the words around the matches.",
        output_schema = rmcp::handler::server::tool::schema_for_type::<Results>(),
        annotations(title = "Search", read_only_hint = true, open_world_hint = false)
    )]
    async fn search(&self, Parameters(asked): Parameters<SearchFor>) -> Result<CallToolResult, ErrorData> {
        let query = match Query::parse(&asked.query()) {
            Ok(query) => query,
            Err(error) => return Ok(refused(&error.to_string())),
        };
        let (person, limit) = (Arc::clone(&self.person), asked.limit());
        let found = self.with_host(move |host| host.find(&query, &person, 0, limit)).await?;
        structured(&Results::from(found))
    }

    #[tool(
        description = "Read one item as Markdown: the id of a search's result, or the address of a page.",
        output_schema = rmcp::handler::server::tool::schema_for_type::<Document>(),
        annotations(title = "Fetch", read_only_hint = true, open_world_hint = false)
    )]
    async fn fetch(&self, Parameters(asked): Parameters<FetchOne>) -> Result<CallToolResult, ErrorData> {
        let person = Arc::clone(&self.person);
        let fetched = self.with_host(move |host| {
            let (connection, item) = named(&asked.id);
            host.fetch(item, &person, connection.as_deref())
        });
        match fetched.await? {
            Some(fetched) => structured(&Document::from(fetched)),
            None => Ok(refused(NOTHING)),
        }
    }

    /// Store and index block. What is wrong with them is no business of an agent's.
    async fn with_host<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Host) -> Result<T, HostError> + Send + 'static,
    ) -> Result<T, ErrorData> {
        let (host, person, token) = (Arc::clone(&self.host), Arc::clone(&self.person), self.token);
        let guarded = move || match token {
            Some(token) if searcher(&host, token)?.as_deref() != Some(&*person) => Ok(None),
            _ => work(&host).map(Some),
        };
        let done = tokio::task::spawn_blocking(guarded).await;
        let done = done.map_err(|error| HostError::Lost(error.to_string())).and_then(|done| done);
        let done = done.map_err(|error| {
            tracing::error!(%error, "an agent's call failed");
            ErrorData::internal_error("Weir could not read what it keeps; its log says why", None)
        })?;
        done.ok_or_else(|| ErrorData::invalid_request("the token was revoked or has run out", None))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("weir", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }
}

/// JSON as such, and as text for agents that read nothing else.
fn structured(answer: &impl Serialize) -> Result<CallToolResult, ErrorData> {
    let value = serde_json::to_value(answer);
    let value = value.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    Ok(CallToolResult::structured(value))
}

/// What the agent is to read and to try otherwise.
fn refused(words: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(words)])
}
