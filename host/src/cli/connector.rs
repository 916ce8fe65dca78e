//! `weir connector …`: a file a subcommand.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Connector as Command;
use super::screen::Screen;
use super::{
    check, connector_add, connector_inspect, connector_list, connector_new, connector_remove,
    connector_rollback,
};

pub async fn run(data: &Path, command: Command, screen: &Screen) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(command) => connector_add::run(data, &command, screen).await,
        Command::List => connector_list::run(data, screen).await,
        Command::Inspect(command) => connector_inspect::run(data, &command, screen).await,
        Command::Rollback(command) => connector_rollback::run(data, &command, screen).await,
        Command::Remove(command) => connector_remove::run(data, &command, screen),
        Command::New(command) => connector_new::run(&command, screen),
        Command::Check(command) => check::run(data, &command, screen).await,
    }
}
