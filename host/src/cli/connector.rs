//! `weir connector inspect FILE`; `check` has its own file.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;

use super::arguments::Connector as Command;
use super::check;
use super::connection::{allowed, open};
use super::screen::{Screen, plain};
use super::typed::settings_of;
use crate::host::CONFLUENCE;
use crate::model::{Description, Origin, Scheme};
use crate::sandbox::{Connector, Inspection};

pub async fn run(data: &Path, command: Command, screen: &Screen) -> anyhow::Result<ExitCode> {
    let (file, pairs) = match command {
        Command::Inspect { file, settings } => (file, settings),
        Command::Check(command) => return check::run(data, &command, screen).await,
    };
    let host = open(data)?;
    let wasm = if file == Path::new("confluence") {
        CONFLUENCE.to_vec()
    } else {
        std::fs::read(&file).with_context(|| format!("failed to read {}", file.display()))?
    };
    let refused = || format!("{} is no connector that this host can run", file.display());
    let inspection = Connector::inspect(host.engine()?, &wasm).with_context(refused)?;
    let connector = Connector::load(host.engine()?, &wasm).await.with_context(refused)?;
    let description = connector.description();
    let login = description.logins.first().map(|login| login.name.as_str()).unwrap_or_default();
    let settings = settings_of(&description.settings_schema, &pairs)?;
    let plan = connector.configure(&settings.to_string(), login).await?;
    let origins = plan.map(|plan| plan.origins).ok();
    let record = json!({
        "bytes": wasm.len(),
        "contract": inspection.contract(),
        "imports": inspection.imports,
        "exports": inspection.exports,
        "description": description,
        // Null when the settings that name them were not given.
        "origins": origins,
    });
    screen.record(&record, || words(wasm.len(), &inspection, description, origins.as_deref()));
    Ok(ExitCode::SUCCESS)
}

fn words(
    bytes: usize,
    inspection: &Inspection,
    description: &Description,
    origins: Option<&[Origin]>,
) -> String {
    let mut lines = vec![
        format!("{} ({} {})", plain(&description.title), description.name, plain(&description.version)),
        format!("  {} kB, weir:connector@{}", bytes / 1_000, inspection.contract().unwrap_or("none")),
    ];
    let mut section = |title: &str, entries: Vec<String>| {
        lines.push(title.to_owned());
        lines.extend(entries.iter().map(|entry| format!("  {}", plain(entry))));
    };
    let logins = description.logins.iter().map(|login| {
        let scheme = match &login.scheme {
            Scheme::Anonymous => "no credential".to_owned(),
            Scheme::Basic(basic) => format!("{} and {}", basic.username, basic.password),
            Scheme::Token(token) => format!("{} in the header {}", token.label, token.header),
            Scheme::Oauth2(oauth2) => format!("OAuth 2.0 at {}", oauth2.token_url),
        };
        format!("{}: {} ({scheme})", login.name, login.title)
    });
    section("logins", logins.collect());
    let datasets = description.datasets.iter().map(|dataset| {
        let mut reads = vec!["everything"];
        reads.extend(dataset.since.then_some("since"));
        reads.extend(dataset.inventory.then_some("inventory"));
        format!("{}: {} (reads {})", dataset.name, dataset.title, reads.join(", "))
    });
    section("datasets", datasets.collect());
    let kinds =
        description.kinds.iter().map(|kind| format!("{}: {} / {}", kind.name, kind.family, kind.title));
    section("kinds", kinds.collect());
    let origins = match origins {
        Some(origins) => origins.iter().map(allowed).collect(),
        None => vec!["named once the settings are; give them with --set KEY=VALUE".to_owned()],
    };
    section("origins", origins);
    section("imports", inspection.imports.clone());
    section("exports", inspection.exports.clone());
    lines.join("\n")
}
