//! `weir connector remove NAME`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::connection::open;
use super::connector_list::record;
use super::screen::Screen;

#[derive(Debug, Args)]
#[command(after_help = "\
The former versions that are kept for `weir connector rollback` go too, and the key that was kept for the name.

Example:
  weir connector remove feed")]
pub struct Remove {
    /// The connector's name.
    pub name: String,
}

pub fn run(data: &Path, command: &Remove, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let removed = host.uninstall(&command.name)?;
    screen.record(&record(&removed, &[]), || format!("removed {}", removed.name));
    Ok(ExitCode::SUCCESS)
}
