//! `weir connection add | list | show | remove`; `settings` has `set` and `choices`.

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::arguments::{Add, Connection as Command};
use super::connector_consent::Answer;
use super::screen::{Screen, count, moment, plain};
use super::typed::settings_of;
use super::{connector_add, connector_consent, consent, secret};
use super::{limit, settings};
use crate::gate::parse_route;
use crate::host::{BUILT_IN, Doing, Draft, Host, HostError};
use crate::installed::is_reference;
use crate::model::{Connection, Origin, Scheme};
use crate::secrets::oauth::Client;

pub async fn run(data: &Path, command: Command, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = open(data)?;
    match command {
        Command::Add(add) => return self::add(&host, add, screen).await,
        Command::Set(command) => return settings::set(data, &command, screen).await,
        Command::Choices(command) => return settings::choices(data, &command, screen).await,
        Command::Limit(command) => return limit::run(data, &command, screen),
        Command::List => list(&host, screen)?,
        Command::Show { name } => {
            let connection = host.store().connection(&name)?;
            screen.record(&record(&connection), || details(&connection) + &granted(&host, &connection));
        }
        Command::Remove { name } => {
            let _held = host.hold(Doing::Once { command: format!("weir connection remove {name}") })?;
            let removed = host.remove_connection(&name)?;
            screen.talk(&format!("removed {} with {}", plain(&name), count(removed.items, "item")));
            if !removed.erased {
                screen.talk(UNERASED);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is said when another process keeps a part of what was removed.
const UNERASED: &str = "another process uses the index or the store, so some of its words are still on the disk; nobody sees \
                        them, and a later command takes them away";

/// Opens the data folder that the arguments name, and goes on with what a command there left undone: a
/// connection that is being removed is gone before anything else is done.
pub fn open(data: &Path) -> anyhow::Result<Host> {
    let host = Host::open(data, std::env::var("WEIR_KEY").ok())
        .with_context(|| format!("failed to open the data folder {}", data.display()))?;
    let screen = Screen::new(false);
    match host.go_on_removing() {
        Ok(removed) => {
            for one in removed.iter().filter(|one| one.erased) {
                screen.talk(&format!("went on removing {}; it is gone", plain(&one.name)));
            }
        }
        // Nobody sees it whether or not it is gone, so the command need not suffer.
        Err(error) => screen.talk(&format!("a removed connection is not gone from the disk yet: {error}")),
    }
    Ok(host)
}

async fn add(host: &Host, add: Add, screen: &Screen) -> anyhow::Result<ExitCode> {
    let routes = add.routes.iter().map(|text| parse_route(text)).collect::<Result<Vec<_>, _>>()?;
    // What is wrong without the connector and the secret is said before either is asked about.
    host.store().check_new_name(&add.name)?;
    let connector = match connector(host, &add, screen).await? {
        Ok(connector) => connector,
        Err(answer) => return Ok(connector_consent::code(answer)),
    };
    let loaded = host.connector(&connector).await?;
    let settings = settings_of(&loaded.description().settings_schema, &add.settings)?;
    let logins = &loaded.description().logins;
    let login = logins.iter().find(|login| add.login.as_ref().is_none_or(|name| *name == login.name));
    let label = match login.map(|login| &login.scheme) {
        Some(Scheme::Oauth2(_)) if add.oauth.client_id.is_none() => {
            bail!("the login needs --client-id, the id of the app that you registered with the source")
        }
        Some(Scheme::Oauth2(_)) => "Client secret".to_owned(),
        Some(Scheme::Basic(basic)) if add.username.is_none() => {
            bail!("the login needs --username ({})", basic.username)
        }
        Some(Scheme::Basic(basic)) => basic.password.clone(),
        Some(Scheme::Token(token)) => token.label.clone(),
        _ => "Secret".to_owned(),
    };
    let unknown = || HostError::UnknownLogin {
        asked: add.login.clone().unwrap_or_default(),
        offered: logins.iter().map(|login| login.name.clone()).collect(),
    };
    let login = login.ok_or_else(unknown)?;
    let plan = loaded.configure(&settings.to_string(), &login.name).await?.map_err(HostError::Settings)?;
    let redirect = add.oauth.redirect.clone().unwrap_or_else(|| consent::REDIRECT.to_owned());
    let mut own = Vec::new();
    if let Scheme::Oauth2(oauth) = &login.scheme {
        consent::check(oauth, &redirect, &add.oauth)?;
        host.check_routes(oauth, &plan.origins, &routes)?;
        consent::show(oauth, &plan.scopes, &redirect, screen);
        own = consent::own_places(oauth)?;
    }
    agree(&plan.origins, &own, connector != BUILT_IN && !add.yes, screen)?;
    let secret = secret::ask(&label, add.secret_stdin)?;
    let draft = Draft {
        connector,
        name: add.name,
        settings: settings.to_string(),
        login: add.login,
        username: add.username,
        secret,
        routes,
        setting_up: false,
    };
    let added = match (&login.scheme, &add.oauth.client_id) {
        (Scheme::Oauth2(oauth), Some(id)) => {
            let client = Client::new(oauth, id, draft.secret.clone(), &redirect);
            let (scopes, routes) = (&plan.scopes, &draft.routes);
            let granted = consent::obtain(host, oauth, client, scopes, routes, &add.oauth, screen).await?;
            host.add_granted(draft, granted).await?
        }
        _ => host.add_connection(draft).await?,
    };
    let connection = &added.connection;
    screen.talk(&format!("signed in as {}", plain(&connection.account)));
    screen.record(&record(connection), || format!("added {}", plain(&connection.name)));
    screen.talk(&format!("next: weir sync {}", plain(&connection.name)));
    Ok(ExitCode::SUCCESS)
}

/// Shows where the secret and the requests will go, before there is a secret. Whoever goes on agrees; to
/// what a component file asks for, somebody has to say so. `own` is where the host itself signs in.
pub fn agree(origins: &[Origin], own: &[String], ask: bool, screen: &Screen) -> anyhow::Result<()> {
    screen.talk("requests will go to these origins and no others:");
    origins.iter().for_each(|origin| screen.talk(&format!("  {}", allowed(origin))));
    own.iter().for_each(|words| screen.talk(&format!("  {words}")));
    if !ask {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        bail!("agree to these origins with --yes, or run this on a terminal");
    }
    screen.talk("agree? [y/N]");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("failed to read the answer from the terminal")?;
    if answer.trim().eq_ignore_ascii_case("y") {
        Ok(())
    } else {
        bail!("not agreed; nothing was kept or sent")
    }
}

/// The name of the connector: a component that is named by its place is installed first, and agreed to.
async fn connector(host: &Host, add: &Add, screen: &Screen) -> anyhow::Result<Result<String, Answer>> {
    if !is_reference(&add.connector) {
        return Ok(Ok(add.connector.clone()));
    }
    let component = connector_add::Add {
        component: add.connector.clone(),
        name: None,
        digest: None,
        key: None,
        // The name and secret of the command are the connection's.
        username: None,
        yes: add.yes,
    };
    let offer = connector_add::offered(host, &component).await?;
    if offer.is_current() {
        return Ok(Ok(offer.name));
    }
    Ok(connector_consent::settle(host, &offer, add.yes, screen)?.map(|installed| installed.name))
}

fn list(host: &Host, screen: &Screen) -> anyhow::Result<()> {
    let connections = host.store().connections()?;
    if connections.is_empty() {
        screen.talk("no connections yet; see `weir connection add --help`, or try `weir demo`");
    }
    for connection in &connections {
        screen.record(&record(connection), || {
            format!("{}\t{}\t{}", plain(&connection.name), connection.connector, plain(&connection.account))
        });
    }
    Ok(())
}

/// What may be shown of a connection: never its secret, which is not in it.
fn record(connection: &Connection) -> Value {
    json!({
        "name": connection.name,
        "connector": connection.connector,
        "settings": serde_json::from_str::<Value>(&connection.settings).unwrap_or(Value::Null),
        "login": connection.login,
        "username": connection.username,
        "account": connection.account,
        "origins": connection.origins,
        "routes": connection.routes,
        "created": connection.created,
    })
}

fn details(connection: &Connection) -> String {
    let mut lines = vec![
        format!("name       {}", plain(&connection.name)),
        format!("connector  {}", connection.connector),
        format!("settings   {}", plain(&connection.settings)),
        format!("login      {} {}", connection.login, connection.username.as_deref().unwrap_or_default()),
        format!("account    {}", plain(&connection.account)),
        format!("added      {}", moment(connection.created)),
        "secret     kept, sealed".to_owned(),
    ];
    lines.extend(connection.origins.iter().map(|origin| format!("origin     {}", allowed(origin))));
    lines.extend(connection.routes.iter().map(|route| format!("route      {} to {}", route.from, route.to)));
    lines.join("\n")
}

/// What is kept of a sign-in by OAuth 2.0, for people: never a token.
fn granted(host: &Host, connection: &Connection) -> String {
    // Asked first, because looking for a grant where there is none would make a key for it.
    let Ok(Some(_)) = host.grant_health(connection) else { return String::new() };
    let Ok((client, grant)) = host.kept_grant(connection) else { return String::new() };
    format!(
        "\nsigned in  {}, renewed {}, at {}\ngranted    {}",
        moment(grant.first_consent),
        moment(grant.last_refresh),
        plain(&client.token_url),
        plain(&grant.scope)
    )
}

/// What an origin is agreed for, in words.
pub fn allowed(origin: &Origin) -> String {
    format!("{} ({}): {}", plain(&origin.url), origin.manner(), plain(&origin.purpose))
}
