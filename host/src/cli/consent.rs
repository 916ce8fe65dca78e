//! Signing in by OAuth 2.0 at the command line: what is asked for is shown first, then a browser
//! opens, and the answer is waited for on this machine or pasted.

use std::io::{BufRead as _, IsTerminal, Read as _};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};

use super::arguments::OAuth;
use super::screen::{Screen, plain};
use crate::host::{Begun, Granted, Host};
use crate::model::{Grant as Flow, OAuth2, Origin, Route};
use crate::secrets::oauth::{Client, Code, Listener, sign_in_places};

/// Where the browser comes back to unless the user says otherwise. It has to be registered with the
/// app letter for letter, so it never changes.
pub const REDIRECT: &str = "http://127.0.0.1:8737/callback";

/// How long somebody may take to sign in, with a second factor and a look at the scopes.
const CONSENT_MAX: Duration = Duration::from_secs(15 * 60);

/// Of a pasted address: codes may be signed tokens of some KB.
const PASTED_BYTES_MAX: u64 = 32 * 1024;

/// Shows what has to be registered and what will be asked for. Nothing has been sent yet.
pub fn show(login: &OAuth2, scopes: &[String], redirect: &str, screen: &Screen) {
    if matches!(login.grant, Flow::AuthorizationCode(_)) {
        screen.talk("this redirect URL must be registered with the app exactly as it stands here:");
        screen.talk(&format!("  {}", plain(redirect)));
    }
    screen.talk("these scopes will be asked for; the app must be allowed to ask for all of them:");
    scopes.iter().for_each(|scope| screen.talk(&format!("  {}", plain(scope))));
}

/// The origins that the host itself asks, each in words.
///
/// # Errors
/// If the connector names an address that cannot be read.
pub fn own_places(login: &OAuth2) -> anyhow::Result<Vec<String>> {
    let words = |origin: Origin| {
        format!("{} (by Weir itself, never by the connector): {}", plain(&origin.url), origin.purpose)
    };
    Ok(sign_in_places(login)?.into_iter().map(words).collect())
}

/// Checks before anything is asked for what would fail after it.
///
/// # Errors
/// If nobody could come back to the redirect URL.
pub fn check(login: &OAuth2, redirect: &str, arguments: &OAuth) -> anyhow::Result<()> {
    if matches!(login.grant, Flow::AuthorizationCode(_)) && !arguments.paste {
        crate::secrets::oauth::here(redirect)?;
    }
    Ok(())
}

/// From the client to what the source granted.
///
/// # Errors
/// If nobody approves, or no token is given.
pub async fn obtain(
    host: &Host,
    login: &OAuth2,
    client: Client,
    scopes: &[String],
    routes: &[Route],
    arguments: &OAuth,
    screen: &Screen,
) -> anyhow::Result<Granted> {
    let begun = host.begin(login, client, scopes, routes)?;
    let code = match &begun.consent {
        None => None,
        Some(_) if arguments.paste => Some(pasted(&begun, screen)?),
        Some(_) => Some(waited_for(&begun, arguments, screen).await?),
    };
    let granted = host.grant(begun, code).await?;
    let missing = granted.missing_scopes();
    if !missing.is_empty() {
        screen.talk(&format!(
            "not granted: {}; what needs these cannot be read. Add them to the app and sign in again to have it",
            plain(&missing.join(", "))
        ));
    }
    Ok(granted)
}

async fn waited_for(begun: &Begun, arguments: &OAuth, screen: &Screen) -> anyhow::Result<Code> {
    let (Some(consent), Some(url)) = (&begun.consent, &begun.url) else {
        bail!("there is nothing to approve")
    };
    // Bound before anybody is sent there.
    let listener = Listener::bind(&begun.client.redirect).await?;
    screen.talk("open this address in a browser, sign in and approve:");
    screen.talk(&format!("  {url}"));
    let watched = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
    if watched && !arguments.no_browser {
        open_browser(url.as_str());
    }
    screen.talk(&format!("waiting at {} for the answer; Ctrl-C gives up", plain(&begun.client.redirect)));
    let code = listener.wait(Arc::clone(consent), tokio::time::sleep(CONSENT_MAX)).await?;
    Ok(code)
}

fn pasted(begun: &Begun, screen: &Screen) -> anyhow::Result<Code> {
    let (Some(consent), Some(url)) = (&begun.consent, &begun.url) else {
        bail!("there is nothing to approve")
    };
    screen.talk("open this address in any browser, sign in and approve:");
    screen.talk(&format!("  {url}"));
    screen.talk(&format!(
        "the browser then goes to {}; that this page cannot be shown does not matter. Copy the whole address out of the \
         browser, and paste it here:",
        plain(&begun.client.redirect)
    ));
    let mut line = String::new();
    let read = std::io::stdin().lock().take(PASTED_BYTES_MAX).read_line(&mut line);
    read.context("failed to read the address from standard input")?;
    Ok(consent.code_in(&line)?)
}

/// Asks the system for its browser. That there is none is no failure: the address has been printed.
fn open_browser(url: &str) {
    let (command, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let nothing = std::process::Stdio::null;
    let opened = std::process::Command::new(command)
        .args(before)
        .arg(url)
        .stdin(nothing())
        .stdout(nothing())
        .stderr(nothing())
        .spawn();
    drop(opened);
}
