//! `weir serve`: runs what is due or asked for and serves the console, until it is told to stop.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use url::Url;

use super::arguments::{SignIn, size};
use super::connection::open;
use super::logs::{Events, LogArguments};
use super::screen::{Screen, count, length, plain};
use super::{signals, status};
use crate::console::{Console, ConsoleOptions, FirstToken, Listening};
use crate::extract::Limits;
use crate::host::{Host, HostError, Removed, ServeOptions, Served, Synced, Teller};
use crate::store::{Mode, Trigger};
use crate::sync::Stop;

#[derive(Debug, Args)]
#[command(after_help = "\
Runs in the foreground: what is due by `weir schedule`, and what `weir sync` asks for meanwhile. A line on
stderr tells of each run. SIGTERM or Ctrl-C ends it: what is under way is kept, and goes on the next time;
a second signal does not wait for that.

The console is at http://127.0.0.1:8780 unless --listen says otherwise. The first time, a token to sign in
with is printed, once. Where others can reach it, people have to sign in by more than that token: with their
company account, or through a proxy that says who they are.

Examples:
  weir serve
  weir serve --no-files --no-console
  weir serve --listen 127.0.0.1:9000
  WEIR_OIDC_SECRET=… weir serve --listen 0.0.0.0:8780 --url https://weir.acme.com --admin ana@acme.com \\
       --oidc-issuer https://accounts.google.com --oidc-client-id ID --oidc-domain acme.com
  weir serve --url https://weir.acme.com --admin ana@acme.com --trust-header X-Forwarded-Email")]
pub struct Serve {
    /// Leave the words inside files for another time.
    #[arg(long)]
    no_files: bool,
    /// The largest file whose words are taken out, as `100MB`, `1GB` or a number of bytes.
    #[arg(long, value_name = "SIZE", env = "WEIR_FILE_BYTES_MAX", default_value = "100MB", value_parser = size)]
    file_bytes_max: u64,
    #[command(flatten)]
    console: ConsoleArguments,
    #[command(flatten)]
    logs: LogArguments,
}

/// Where the console is, and who administers there.
#[derive(Debug, Args)]
#[command(next_help_heading = "Console")]
struct ConsoleArguments {
    /// Serve no console.
    #[arg(long)]
    no_console: bool,
    /// The address and port of the console.
    #[arg(long, value_name = "ADDRESS", env = "WEIR_LISTEN", default_value = "127.0.0.1:8780")]
    listen: SocketAddr,
    /// Where browsers find it, if not there: behind a proxy, as `https://weir.acme.com`.
    #[arg(long, value_name = "URL", env = "WEIR_URL")]
    url: Option<Url>,
    /// The e-mail of somebody who administers; may be given several times.
    #[arg(long = "admin", value_name = "EMAIL", env = "WEIR_ADMINS", value_delimiter = ',')]
    administrators: Vec<String>,
    #[command(flatten)]
    sign_in: SignIn,
    /// Tell `/metrics` to whoever asks, without a token.
    #[arg(long, env = "WEIR_OPEN_METRICS")]
    open_metrics: bool,
}

pub async fn run(data: &Path, command: Serve, screen: &Screen) -> anyhow::Result<ExitCode> {
    let _telling = command.logs.begin()?;
    let is_json = command.logs.is_json();
    match serve(data, command, &screen.logging(is_json)).await {
        Err(error) if is_json => {
            tracing::error!(target: "weir::serve", why = format!("{error:#}"), "serving failed");
            Ok(ExitCode::FAILURE)
        }
        Ok(code) if is_json => {
            tracing::info!(target: "weir::serve", "stopped");
            Ok(code)
        }
        ended => ended,
    }
}

async fn serve(data: &Path, command: Serve, screen: &Screen) -> anyhow::Result<ExitCode> {
    let host = Arc::new(open(data)?);
    let stop = signals::stop(screen);
    let connections = host.turns()?.len() as u64;
    let files = (!command.no_files).then_some(Limits { file_bytes_max: command.file_bytes_max });
    let teller: Arc<dyn Teller> = if command.logs.is_json() {
        Arc::new(Events)
    } else {
        Arc::new(Lines { screen: *screen, greeting: greeting(data, connections) })
    };
    let is_json = command.logs.is_json();
    let serving = host.serve(ServeOptions { files }, stop.clone(), teller);
    if command.console.no_console {
        serving.await?;
        return Ok(ExitCode::SUCCESS);
    }
    // Whoever serves the folder already has the port too; who that is says more than that it is taken.
    if let Some(holder) = host.holder()? {
        let folder = data.to_path_buf();
        return Err(HostError::Taken { folder, holder: Some(Box::new(holder)) }.into());
    }
    let console = console(&host, command.console, stop, screen, is_json);
    tokio::try_join!(async { Ok(serving.await?) }, console)?;
    Ok(ExitCode::SUCCESS)
}

/// Answers browsers until it is asked to stop.
async fn console(
    host: &Arc<Host>,
    arguments: ConsoleArguments,
    stop: Stop,
    screen: &Screen,
    is_json: bool,
) -> anyhow::Result<()> {
    let sign_in = arguments.sign_in.options(std::env::var("WEIR_OIDC_SECRET").ok())?;
    let listening = Listening::at(arguments.listen, sign_in.is_configured()).await?;
    let own = || Url::parse(&format!("http://{}/", listening.address()));
    let url = arguments.url.map_or_else(own, Ok).context("the console's address is no URL")?;
    let administrators: BTreeSet<String> =
        arguments.administrators.iter().map(|email| email.trim().to_lowercase()).collect();
    screen.talk(&format!("the console is at {url}"));
    if let Some(oidc) = &sign_in.oidc {
        let issuer = plain(oidc.issuer.as_str());
        screen.talk(&format!(
            "people sign in with {issuer}; register {url}sign-in/callback there as redirect URL"
        ));
    }
    if is_json {
        // Logs are kept and sent around; a token is not for them.
        screen.talk("`weir token add` makes a token to sign in with; with --log-format json none is printed");
    } else if let Some(FirstToken(token)) = FirstToken::if_missing(host)? {
        screen.talk(&format!("sign in there with this token, which is shown only now: {token}"));
    }
    let open_metrics = arguments.open_metrics;
    let options = ConsoleOptions { url, administrators, sign_in, open_metrics };
    let console = Console::new(Arc::clone(host), options, stop);
    listening.serve(&console).await.context("the console lost its socket")
}

fn greeting(data: &Path, connections: u64) -> String {
    format!("serving {} with {}; see `weir schedule`", data.display(), count(connections, "connection"))
}

/// A line for each thing that happens.
struct Lines {
    screen: Screen,
    greeting: String,
}

impl Teller for Lines {
    fn tell(&self, event: Served<'_>) {
        let now = chrono::Utc::now().format("%Y-%m-%d %H:%M");
        let say =
            |name: &str, words: &str| self.screen.talk(&format!("{now} {}: {}", plain(name), plain(words)));
        match event {
            Served::Serving => self.screen.talk(&self.greeting),
            Served::Began { name, mode, trigger } => say(name, &began(mode, trigger)),
            Served::Ended { name, synced } => say(name, &ended(synced)),
            Served::Files { name, read } => {
                let looked = read.taken + read.without;
                if let Some(stats) = status::files(&read.stats).filter(|_| looked + read.unfetched > 0) {
                    say(name, &format!("looked into {}: {stats}", count(looked, "file")));
                }
            }
            Served::Failed { name, error } => say(name, &format!("failed: {error}")),
            Served::Removed { removed: Removed { name, erased: true, .. } } => say(name, "removed"),
            Served::Removed { .. } => {}
            Served::NotRemoved { error } => {
                self.screen.talk(&format!("{now} a removal could not go on: {}", plain(&error.to_string())));
            }
            Served::Stopping { under_way: 0 } => {}
            Served::Stopping { under_way } => {
                self.screen.talk(&format!("{} to be ended", count(under_way as u64, "run")));
            }
        }
    }
}

fn began(mode: Mode, trigger: Trigger) -> String {
    let why = match trigger {
        Trigger::Schedule => "it is due",
        Trigger::Hand => "it was asked for",
    };
    match mode {
        Mode::Since => format!("begins, {why}"),
        mode => format!("begins ({}), {why}", mode.as_str()),
    }
}

fn ended(synced: &Synced) -> String {
    let run = &synced.report.run;
    let counts = &run.counts;
    let outcome = run.outcome.map_or("ended", |outcome| outcome.as_str());
    let message = run.message.as_deref().map(|words| format!(": {words}")).unwrap_or_default();
    format!(
        "{outcome} in {}: {} new, {} changed, {} moved, {} with other readers, {} gone, {} failed; {}{message}",
        length(synced.took),
        counts.added,
        counts.changed,
        counts.moved,
        counts.access_changed,
        counts.deleted + counts.binned,
        counts.failed,
        count(counts.requests, "request"),
    )
}
