//! `weir login N`.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use super::arguments::Login;
use super::connection::{agree, open};
use super::screen::{Screen, plain};
use super::{consent, secret};
use crate::host::{BUILT_IN, Host, HostError};
use crate::model::{Connection, OAuth2, Scheme};
use crate::secrets::Secret;
use crate::secrets::oauth::Client;

pub async fn run(data: &Path, command: Login, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    let connection = host.store().connection(&command.name)?;
    let signed_in = match oauth(&host, &connection).await? {
        Some(oauth) => approve(&host, &connection, &oauth, command, screen).await?,
        None => {
            let label = format!("New secret for {}", plain(&connection.account));
            let secret = secret::ask(&label, command.secret_stdin)?;
            host.sign_in(&command.name, command.username.as_deref(), &secret).await?
        }
    };
    screen.talk(&format!("signed in as {}", plain(&signed_in.account)));
    Ok(ExitCode::SUCCESS)
}

/// The connection's login, if it is by OAuth 2.0.
async fn oauth(host: &Host, connection: &Connection) -> anyhow::Result<Option<OAuth2>> {
    let connector = host.connector(&connection.connector).await?;
    let login = connector.description().logins.iter().find(|login| login.name == connection.login);
    Ok(match login.map(|login| &login.scheme) {
        Some(Scheme::Oauth2(oauth)) => Some(oauth.clone()),
        _ => None,
    })
}

/// With the client of the last time, unless another is given.
async fn approve(
    host: &Host,
    connection: &Connection,
    oauth: &OAuth2,
    command: Login,
    screen: &Screen,
) -> anyhow::Result<Connection> {
    let connector = host.connector(&connection.connector).await?;
    let plan = connector.configure(&connection.settings, &connection.login).await?;
    let plan = plan.map_err(HostError::Settings)?;
    // A grant that does not open any more is what signing in again is for.
    let kept = host.kept_grant(connection).ok().map(|(client, _)| client);
    let redirect = command.oauth.redirect.clone();
    let redirect = redirect.or_else(|| kept.as_ref().map(|client| client.redirect.clone()));
    let redirect = redirect.unwrap_or_else(|| consent::REDIRECT.to_owned());
    consent::check(oauth, &redirect, &command.oauth)?;
    consent::show(oauth, &plan.scopes, &redirect, screen);
    // The client's secret goes to the token address: a component that names another one than was
    // agreed to needs agreement again.
    let moved =
        kept.as_ref().is_none_or(|kept| kept.token_url != oauth.token_url || kept.flow != oauth.grant);
    let ask = moved && connection.connector != BUILT_IN && !command.yes;
    agree(&connection.origins, &consent::own_places(oauth)?, ask, screen)?;
    let (id, secret) = credentials(connection, kept.as_ref(), &command)?;
    let client = Client::new(oauth, &id, secret, &redirect);
    let routes = &connection.routes;
    let granted = consent::obtain(host, oauth, client, &plan.scopes, routes, &command.oauth, screen).await?;
    Ok(host.sign_in_granted(&connection.name, granted, command.other_account).await?)
}

/// The client's id and secret: what was given now, or else what is kept.
fn credentials(
    connection: &Connection,
    kept: Option<&Client>,
    command: &Login,
) -> anyhow::Result<(String, Secret)> {
    let id = command.oauth.client_id.clone().or_else(|| kept.map(|kept| kept.id.clone()));
    let Some(id) = id.or_else(|| connection.username.clone()) else { bail!("the login needs --client-id") };
    let secret = match (secret::given(command.secret_stdin)?, kept) {
        (Some(secret), _) => secret,
        (None, Some(kept)) if command.oauth.client_id.is_none() => kept.secret.clone(),
        // An app that is named anew on a terminal is asked for its secret; elsewhere it has to be given.
        (None, Some(kept)) if !std::io::stdin().is_terminal() && kept.id == id => kept.secret.clone(),
        (None, _) => secret::ask("Client secret", false)?,
    };
    Ok((id, secret))
}
