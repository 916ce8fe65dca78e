//! `weir connector add FILE | URL | oci://…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::connection::open;
use super::connector_consent::{Answer, code, settle};
use super::connector_list::record;
use super::screen::{Screen, plain};
use super::secret;
use crate::host::{Host, Offer};
use crate::installed::{KeptKey, KeyChoice};
use crate::supply::{Digest, Options, PublicKey, Reference, fetch};

/// Of a key in PEM: 200 bytes.
const KEY_BYTES_MAX: u64 = 16 * 1024;

#[derive(Debug, Args)]
#[command(after_help = "\
What the connector demands is shown before anything of it is kept, and has to be agreed to: on a terminal, or with
--yes. What runs afterwards are exactly these bytes, whatever becomes of the file. Adding the same name again is another
version: what it demands more is shown, also for each connection that uses it, and agreed to; otherwise it goes through.

With --key the component has to be signed by that key, and so has every later version of this name. A signature says who
made it, and nothing of what it does.

Examples:
  weir connector add ./feed.wasm
  weir connector add oci://ghcr.io/acme/feed:1.2 --key acme.pem
  weir connector add https://acme.com/feed.wasm --digest sha256:9f86d0…")]
pub struct Add {
    /// Where the component is: a file, an https:// URL, or oci://registry/repository:tag.
    pub component: String,
    /// What to call it; by default what it calls itself.
    #[arg(long)]
    pub name: Option<String>,
    /// The SHA-256 that the component has to have.
    #[arg(long, value_name = "sha256:…")]
    pub digest: Option<String>,
    /// The public key (PEM, P-256) that it has to be signed by, and every later version; `none` to forget the one that is kept.
    #[arg(long, value_name = "PUBLIC.pem")]
    pub key: Option<PathBuf>,
    /// The user to sign in as where it is; the password or token is asked for, or taken from WEIR_SECRET.
    #[arg(long)]
    pub username: Option<String>,
    /// Agree to what is shown, without being asked.
    #[arg(long)]
    pub yes: bool,
}

pub async fn run(data: &Path, command: &Add, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let offer = offered(&host, command).await?;
    match settle(&host, &offer, command.yes, screen)? {
        Ok(installed) => {
            let connections = host.connections_of(&installed.name)?;
            let words =
                format!("installed {} {}", installed.name, plain(&installed.current.description.version));
            screen.record(&record(&installed, &connections), || words);
            if connections.is_empty() {
                screen.talk(&format!("next: weir connection add {} --name NAME", installed.name));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(answer) => {
            // So that whoever could not be asked can read what there is to agree to.
            if answer == Answer::NotAsked {
                screen.record(&crate::installed::as_json(&offer.version), || "not installed".to_owned());
            }
            Ok(code(answer))
        }
    }
}

/// Brings the component and makes an offer of it.
///
/// # Errors
///
/// If it does not come, is not what was meant, or is no connector that can run here.
pub async fn offered(host: &Host, command: &Add) -> anyhow::Result<Offer> {
    // A file is named by its whole path, as connections did that were made before connectors were installed.
    let path = match Reference::parse(&command.component)?.is_file() {
        true => Path::new(&command.component).canonicalize().ok(),
        false => None,
    };
    let path = path.as_deref().and_then(Path::to_str);
    let reference = Reference::parse(path.unwrap_or(&command.component))?;
    let key = key(command.key.as_deref())?;
    let digest = command.digest.as_deref().map(Digest::parse).transpose()?;
    let login = match &command.username {
        Some(name) => Some((name.clone(), secret::ask("Password or token", false)?)),
        None => None,
    };
    let signed = key != KeyChoice::Nobody;
    let supplied = fetch(&reference, &Options { digest, login, signed, ..Options::default() }).await?;
    Ok(host.offer(supplied, command.name.as_deref(), &key, path).await?)
}

fn key(given: Option<&Path>) -> anyhow::Result<KeyChoice> {
    let Some(path) = given else { return Ok(KeyChoice::AsKept) };
    if path == Path::new("none") {
        return Ok(KeyChoice::Nobody);
    }
    let failed = || format!("failed to read the key {}", path.display());
    let file = std::fs::File::open(path).with_context(failed)?;
    let mut pem = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(file, KEY_BYTES_MAX), &mut pem)
        .with_context(failed)?;
    let fingerprint = PublicKey::from_pem(&pem).with_context(failed)?.fingerprint();
    Ok(KeyChoice::This(KeptKey { pem, fingerprint }))
}
