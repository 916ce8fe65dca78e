//! `weir connector inspect NAME | FILE | …`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::json;

use super::connection::{allowed, open};
use super::connector_consent::{head, sections};
use super::screen::{Screen, moment, plain};
use super::typed::settings_of;
use crate::host::{BUILT_IN, CONFLUENCE, Host};
use crate::installed::{Installed, Version, as_json, is_reference, short};
use crate::model::Origin;
use crate::sandbox::Connector;
use crate::supply::{Options, Reference, Supplied, fetch};
use crate::tape::sha256;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  weir connector inspect confluence --set site=https://acme.atlassian.net
  weir connector inspect feed                  one that is installed
  weir connector inspect ./feed.wasm           one that is not")]
pub struct Inspect {
    /// `confluence`, the name of an installed connector, a file, an https:// URL or oci://registry/repository:tag.
    connector: String,
    /// A setting, as for `connection add`: with all that are needed, the origins are shown too.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
}

/// What is looked at: bytes, and whether they are installed.
struct Looked {
    supplied: Supplied,
    installed: Option<Installed>,
}

pub async fn run(data: &Path, command: &Inspect, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let Looked { supplied, installed } = looked(&host, &command.connector).await?;
    let refused = || format!("{} is no connector that this host can run", command.connector);
    let inspection = Connector::inspect(host.engine()?, &supplied.wasm).with_context(refused)?;
    let connector = Connector::load(host.engine()?, &supplied.wasm).await.with_context(refused)?;
    let description = connector.description();
    let login = description.logins.first().map(|login| login.name.as_str()).unwrap_or_default();
    let settings = settings_of(&description.settings_schema, &command.settings)?;
    let plan = connector.configure(&settings.to_string(), login).await?;
    let origins = plan.map(|plan| plan.origins).ok();
    let version = Version {
        bytes: supplied.wasm.len() as u64,
        contract: inspection.contract().unwrap_or("none").to_owned(),
        imports: inspection.imports,
        description: description.clone(),
        signed_by: installed.as_ref().and_then(|installed| installed.current.signed_by.clone()),
        agreed: 0,
        origins: BTreeMap::new(),
        from: supplied.from,
        sha256: supplied.sha256,
    };
    let mut record = as_json(&version);
    record["exports"] = json!(inspection.exports);
    // Null when the settings that name them were not given.
    record["origins"] = json!(origins);
    record["installed"] = json!(installed.as_ref().map(|installed| &installed.name));
    let unchecked = supplied.signature.is_some();
    screen.record(&record, || {
        let mut lines = head(&version, unchecked);
        lines.extend(installed.as_ref().map(kept).unwrap_or_default());
        lines.extend(sections(&version));
        lines.push("origins".to_owned());
        lines.extend(named(origins.as_deref()));
        lines.push("exports".to_owned());
        lines.extend(inspection.exports.iter().map(|export| format!("  {export}")));
        lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n")
    });
    Ok(ExitCode::SUCCESS)
}

async fn looked(host: &Host, connector: &str) -> anyhow::Result<Looked> {
    if connector == BUILT_IN {
        let (wasm, from) = (CONFLUENCE.to_vec(), "built in".to_owned());
        let supplied = Supplied { sha256: sha256(&wasm), wasm, from, signature: None };
        return Ok(Looked { supplied, installed: None });
    }
    if is_reference(connector) {
        let supplied = fetch(&Reference::parse(connector)?, &Options::default()).await?;
        return Ok(Looked { supplied, installed: None });
    }
    let installed = host.installed(connector)?;
    let Version { sha256, from, .. } = installed.current.clone();
    let wasm = host.component(connector, &installed.current)?;
    let supplied = Supplied { wasm, sha256, from, signature: None };
    Ok(Looked { supplied, installed: Some(installed) })
}

fn kept(installed: &Installed) -> Vec<String> {
    let mut lines = vec![format!("  agreed    {}", moment(installed.current.agreed))];
    if let Some(key) = &installed.key {
        lines.push(format!("  key       {}", key.fingerprint));
    }
    lines.extend(
        installed.former.iter().map(|version| {
            format!("  kept      {} ({})", version.description.version, short(&version.sha256))
        }),
    );
    lines
}

fn named(origins: Option<&[Origin]>) -> Vec<String> {
    match origins {
        Some(origins) => origins.iter().map(|origin| format!("  {}", allowed(origin))).collect(),
        None => vec!["  named once the settings are; give them with --set KEY=VALUE".to_owned()],
    }
}
