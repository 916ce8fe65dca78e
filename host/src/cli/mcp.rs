//! `weir mcp`: the Model Context Protocol on standard input and output, for agents that start a program.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use rmcp::ServiceExt;

use super::connection::open;
use crate::console::token_hash;
use crate::mcp::{Server, searcher};

/// Where the token is looked for: arguments are seen by everybody on the machine.
const TOKEN: &str = "WEIR_TOKEN";

pub async fn run(data: &Path) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let Ok(token) = std::env::var(TOKEN) else {
        bail!("{TOKEN} is not set; `weir token add` makes a token with the scope `search` and an e-mail");
    };
    let token = token_hash(token.trim());
    let Some(person) = searcher(&host, token)? else {
        bail!(
            "the token in {TOKEN} is none that searches as somebody: it is unknown, was revoked or has run out, lacks \
             the scope `search`, or has no e-mail"
        );
    };
    let server = Server::new(Arc::new(host), &person).while_good(token);
    let running = server.serve(rmcp::transport::stdio()).await.context("failed to begin with the agent")?;
    running.waiting().await.context("the agent's program was lost")?;
    Ok(ExitCode::SUCCESS)
}
