//! The simulated site by itself, to be explored with curl or synced from.

use clap::{Parser, ValueEnum};
use confluence_simulator::{
    API_TOKEN, CRAWLER_EMAIL, Clock, DEMO_PEOPLE, Knobs, OAUTH_CALLBACK, OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET, Quota, Running, SCOPED_TOKEN, Simulator, Size, generate,
};

/// Serves a simulated Confluence Cloud site on 127.0.0.1 until Ctrl-C.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8790)]
    port: u16,
    /// The same seed and size give the same site
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How much the site holds
    #[arg(long, value_enum, default_value_t = Preset::Demo)]
    size: Preset,
    /// So many pages, with one comment and half an attachment each, instead of a preset
    #[arg(long, conflicts_with = "size")]
    pages: Option<usize>,
    /// Wait so long before every answer
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Charge points against this many an hour, as for an app
    #[arg(long, value_name = "POINTS")]
    metered: Option<u64>,
    /// How long a change takes to reach the search index
    #[arg(long, default_value_t = 0)]
    index_lag_ms: i64,
    /// All knobs at once, as JSON; the options above win over it
    #[arg(long, value_name = "JSON")]
    knobs: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Preset {
    Demo,
    Bench,
    Census,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let size = match (arguments.pages, arguments.size) {
        (Some(pages), _) => Size::pages(pages),
        (None, Preset::Demo) => Size::demo(),
        (None, Preset::Bench) => Size::bench(),
        (None, Preset::Census) => Size::census(),
    };
    let site = generate(arguments.seed, &size, Clock::Machine);
    let running = Simulator::start_on(site, knobs(&arguments)?, arguments.port)
        .await
        .map_err(|error| anyhow::anyhow!("cannot listen on port {}: {error}", arguments.port))?;
    introduce(&running);
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(())
}

fn knobs(arguments: &Arguments) -> anyhow::Result<Knobs> {
    let mut knobs: Knobs = match &arguments.knobs {
        Some(text) => serde_json::from_str(text).map_err(|error| anyhow::anyhow!("--knobs: {error}"))?,
        None => Knobs::default(),
    };
    if arguments.latency_ms > 0 {
        knobs.latency_ms = arguments.latency_ms;
    }
    if arguments.index_lag_ms > 0 {
        knobs.index_lag_ms = arguments.index_lag_ms;
    }
    if let Some(points) = arguments.metered {
        knobs.metered = Some(Quota { points, ..Quota::default() });
    }
    Ok(knobs)
}

/// What a person needs to know, on standard error.
fn introduce(running: &Running) {
    let url = running.url();
    let (site, pages, people) = running.read(|site| (site.url.clone(), site.pages.len(), site.users.len()));
    eprintln!("{site} is played by {url}: {pages} pages, {people} accounts.");
    eprintln!("Every account signs in with its e-mail and the token {API_TOKEN}:");
    eprintln!("  {CRAWLER_EMAIL:22} sees everything");
    for person in DEMO_PEOPLE {
        eprintln!("  {:22} {}", person.email, person.role);
    }
    eprintln!("Through the gateway alone, with scopes: {SCOPED_TOKEN}. The app for OAuth 2.0:");
    eprintln!("  {OAUTH_CLIENT_ID} {OAUTH_CLIENT_SECRET} {OAUTH_CALLBACK}");
    eprintln!("Try:");
    eprintln!("  curl -su {CRAWLER_EMAIL}:{API_TOKEN} '{url}/wiki/api/v2/pages?limit=2&body-format=storage'");
    eprintln!("  curl -su {CRAWLER_EMAIL}:{API_TOKEN} '{url}/wiki/rest/api/user/current'");
    eprintln!("  curl -s '{url}/_edge/tenant_info'");
    eprintln!("Ctrl-C ends it.");
}
