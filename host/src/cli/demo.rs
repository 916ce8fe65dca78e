//! `weir demo`: a simulated Confluence Cloud site, synced by the real connector, searched by three people, and
//! then shown in the console.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, DEMO_PEOPLE, DEMO_QUERY, Knobs, Running, Simulator, Size, generate,
};

use url::Url;

use super::arguments::Demo;
use super::screen::{Screen, length};
use super::{search, signals, sync};
use crate::console::{Console, ConsoleOptions, FirstToken, Listening};
use crate::extract::Limits;
use crate::host::{Draft, Host, ServeOptions, Served, SyncOptions, Teller};
use crate::model::Route;
use crate::secrets::Secret;
use crate::store::Mode;
use crate::sync::Stop;

/// What the demonstration's connection is called, and the site it believes in.
const NAME: &str = "acme";
const SITE: &str = "https://acme.atlassian.net";

/// The seed of the demonstration's site: the same for everybody.
const SEED: u64 = 1;

/// Milliseconds before each answer, as over a good line to a real site.
const LATENCY_MS: u64 = 20;

/// Results shown to each person.
const SHOWN: usize = 3;

/// Where the console is, if nobody else is there; it is where `weir serve` has it.
const CONSOLE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8780);
const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

pub async fn run(command: Demo, screen: &Screen) -> anyhow::Result<ExitCode> {
    let folder = Folder::new()?;
    let knobs = Knobs { latency_ms: LATENCY_MS, ..Knobs::default() };
    let site = generate(SEED, &Size::demo(), Clock::Machine);
    let started = Simulator::start_on(site, knobs, command.port).await;
    let simulator = started.context("failed to start the simulated site on loopback")?;
    screen.talk(&format!("a simulated Confluence Cloud site answers at {}", simulator.url()));

    let host = Host::open(folder.path(), None)?;
    let added = host.add_connection(draft(&simulator)).await?;
    screen.talk(&format!("added the connection `{NAME}`, signed in as {}\n", added.connection.account));
    let everything = SyncOptions::by_hand(Mode::Everything);
    sync::one(&host, NAME, everything, Some(Limits::default()), &Stop::never(), screen).await?;
    three_people(&host, screen)?;

    if command.once {
        return Ok(ExitCode::SUCCESS);
    }
    next(&folder, screen);
    console(Arc::new(host), screen).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves the folder as `weir serve` does, until Ctrl-C or SIGTERM.
async fn console(host: Arc<Host>, screen: &Screen) -> anyhow::Result<()> {
    let stop = signals::stop(screen);
    let listening = match Listening::at(CONSOLE, false).await {
        Ok(listening) => listening,
        Err(_) => Listening::at(ANYWHERE, false).await?,
    };
    let url =
        Url::parse(&format!("http://{}/", listening.address())).context("the console's address is no URL")?;
    screen.talk(&format!("\nOr look around in the console: {}", screen.bold(url.as_str())));
    if let Some(FirstToken(token)) = FirstToken::if_missing(&host)? {
        screen.talk(&format!("  sign in with {token}"));
    }
    let console = Console::new(Arc::clone(&host), ConsoleOptions::at(url), stop.clone());
    let options = ServeOptions { files: Some(Limits::default()) };
    let serving = async { Ok(host.serve(options, stop, Arc::new(Untold)).await?) };
    let answering = async { listening.serve(&console).await.context("the console lost its socket") };
    tokio::try_join!(serving, answering)?;
    Ok(())
}

/// What is read meanwhile is seen in the console.
struct Untold;

impl Teller for Untold {
    fn tell(&self, _event: Served<'_>) {}
}

/// The connection to a simulated site that stands in for all three of Atlassian's hosts.
pub fn draft(simulator: &Running) -> Draft {
    let route = |from: &str| Route { from: from.to_owned(), to: simulator.url() };
    Draft {
        connector: "confluence".to_owned(),
        name: NAME.to_owned(),
        settings: serde_json::json!({ "site": SITE }).to_string(),
        login: Some("api-token".to_owned()),
        username: Some(CRAWLER_EMAIL.to_owned()),
        secret: Secret::new(API_TOKEN),
        routes: vec![route(SITE), route("https://api.media.atlassian.com")],
        setting_up: false,
    }
}

fn three_people(host: &Host, screen: &Screen) -> anyhow::Result<()> {
    for person in DEMO_PEOPLE {
        let began = Instant::now();
        let found = host.search(DEMO_QUERY, person.email, SHOWN)?;
        let took = began.elapsed();
        screen.words(&format!(
            "\n{} ({}) searches for `{DEMO_QUERY}` and may read {} of what matches:",
            screen.bold(person.email),
            person.role,
            found.total
        ));
        search::show(&found, screen);
        screen.talk(&format!("     in {}", length(took)));
    }
    Ok(())
}

fn next(folder: &Folder, screen: &Screen) {
    let data = folder.path().display();
    screen.talk(&format!(
        "\nThe site stays up until Ctrl-C. In a second terminal try\n\n  export WEIR_DATA={data}\n  weir search \
         {DEMO_QUERY} --as {ana}\n  weir search 'incident space:ENG' --as {ben}\n  weir items --connection {NAME} \
         --as {chloe}\n  weir why ITEM --as {chloe}\n  weir sync {NAME}\n  weir status\n  weir connector inspect \
         confluence\n\nWhere `weir` is not installed, say `cargo run --release --` instead.",
        ana = DEMO_PEOPLE[0].email,
        ben = DEMO_PEOPLE[1].email,
        chloe = DEMO_PEOPLE[2].email,
    ));
}

/// A data folder of the demonstration's own, gone when it ends.
pub struct Folder(std::path::PathBuf);

impl Folder {
    pub fn new() -> anyhow::Result<Self> {
        let mut name = [0; 8];
        getrandom::fill(&mut name).context("failed to name a temporary folder")?;
        let name = name.iter().fold(String::from("weir-demo-"), |name, byte| name + &format!("{byte:02x}"));
        let path = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).with_context(|| format!("failed to make {}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is a demonstration in the system's folder for such things.
        let _ignored = std::fs::remove_dir_all(&self.0);
    }
}
