//! `weir login N`.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::Login;
use super::connection::open;
use super::screen::{Screen, plain};
use super::secret;

pub async fn run(data: &Path, command: Login, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connection = host.store().connection(&command.name)?;
    let label = format!("New secret for {}", plain(&connection.account));
    let secret = secret::ask(&label, command.secret_stdin)?;
    let connection = host.sign_in(&command.name, command.username.as_deref(), &secret).await?;
    screen.talk(&format!("signed in as {}", plain(&connection.account)));
    Ok(ExitCode::SUCCESS)
}
