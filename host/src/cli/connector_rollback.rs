//! `weir connector rollback NAME`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::connection::open;
use super::connector_consent::{code, settle};
use super::connector_list::record;
use super::screen::{Screen, plain};

#[derive(Debug, Args)]
#[command(after_help = "\
Somebody agreed to that version before, so nothing is asked, unless a connection has agreed to less since.
The version it takes the place of is kept.

Examples:
  weir connector rollback feed
  weir connector rollback feed --to 9f86d0…")]
pub struct Rollback {
    /// The connector's name.
    pub name: String,
    /// The digest of the version, or how it begins; by default the version that ran before.
    #[arg(long, value_name = "DIGEST")]
    pub to: Option<String>,
    /// Agree to what is shown, without being asked.
    #[arg(long)]
    pub yes: bool,
}

pub async fn run(data: &Path, command: &Rollback, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let offer = host.offer_former(&command.name, command.to.as_deref()).await?;
    match settle(&host, &offer, command.yes, screen)? {
        Ok(installed) => {
            let words =
                format!("{} is {} again", installed.name, plain(&installed.current.description.version));
            screen.record(&record(&installed, &host.connections_of(&installed.name)?), || words);
            Ok(ExitCode::SUCCESS)
        }
        Err(answer) => Ok(code(answer)),
    }
}
