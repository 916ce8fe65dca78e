//! The command `weir`: arguments in, data on stdout, talk on stderr, an exit code out.
//!
//! A file a command. Each asks the library and prints; none decides anything about sources,
//! access or storage. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but incomplete
//! (a sync that had to leave something out).

mod activity;
mod acts;
mod arguments;
mod backup;
mod check;
mod connection;
mod connector;
mod connector_add;
mod connector_consent;
mod connector_inspect;
mod connector_list;
mod connector_new;
mod connector_remove;
mod connector_rollback;
mod consent;
mod deletions;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod estimate;
mod failures;
mod files;
mod index;
mod items;
mod join;
mod limit;
mod login;
mod logs;
mod mcp;
mod person;
mod progress;
mod replay;
mod restore;
mod runs;
mod schedule;
mod screen;
mod search;
mod secret;
mod serve;
mod settings;
mod signals;
mod status;
mod sync;
mod table;
mod token;
#[cfg(feature = "otel")]
mod traces;
mod typed;
mod why;
mod why_not;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::{Command, Weir};
use self::screen::Screen;

/// Done, but something had to be left out.
pub const INCOMPLETE: u8 = 3;

/// Parses the arguments of the process, runs the command and prints its error, if any.
pub fn main() -> ExitCode {
    let arguments = Weir::parse_from(arguments::with_exclusions(std::env::args_os()));
    let screen = Screen::new(arguments.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.failed(&anyhow::Error::new(error).context("failed to start")),
    };
    let done = runtime.block_on(run(arguments, &screen));
    // A read that was cut off by an error may still wait for its source; do not wait for it.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => screen.failed(&error),
    }
}

async fn run(arguments: Weir, screen: &Screen) -> anyhow::Result<ExitCode> {
    let data = arguments.data_folder()?;
    match arguments.command {
        Command::Connection(command) => connection::run(&data, command, screen).await,
        Command::Login(command) => login::run(&data, command, screen).await,
        Command::Estimate(command) => estimate::run(&data, &command, screen).await,
        Command::Sync(command) => sync::run(&data, command, screen).await,
        Command::Replay(command) => replay::run(&data, &command, screen).await,
        Command::Serve(command) => serve::run(&data, command, screen).await,
        Command::Schedule(command) => schedule::run(&data, command, screen),
        Command::Pause(command) => schedule::pause(&data, &command, screen),
        Command::Resume(command) => schedule::resume(&data, &command, screen),
        Command::Cancel(command) => schedule::cancel(&data, &command, screen),
        Command::Runs(command) => runs::run(&data, &command, screen),
        Command::Status(command) => status::run(&data, &command, screen),
        Command::Doctor(command) => doctor::run(&data, &command, screen).await,
        Command::Deletions(command) => deletions::run(&data, command, screen).await,
        Command::Failures(command) => failures::run(&data, command, screen),
        Command::Files(command) => files::run(&data, &command, screen),
        Command::Search(command) => search::run(&data, &command, screen),
        Command::Items(command) => items::run(&data, &command, screen),
        Command::Why(command) => why::run(&data, &command, screen),
        Command::Mcp => mcp::run(&data).await,
        Command::WhyNot(command) => why_not::run(&data, &command, screen).await,
        Command::Index(command) => index::run(&data, command, screen).await,
        Command::Activity(command) => activity::run(&data, command, screen),
        Command::Acts(command) => acts::run(&data, command, screen),
        Command::Person(command) => person::run(&data, &command, screen),
        Command::Token(command) => token::run(&data, command, screen),
        Command::Backup(command) => backup::run(&data, &command, screen),
        Command::Restore(command) => restore::run(&data, &command, screen),
        Command::Connector(command) => connector::run(&data, command, screen).await,
        #[cfg(feature = "demo")]
        Command::Demo(command) => demo::run(command, screen).await,
    }
}
