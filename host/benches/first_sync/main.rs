//! What Weir must reach, measured in one run: `cargo bench -p weir`.
//!
//! The simulated site runs in a process of its own, with 50 ms before each answer; so does each
//! sync, so that its memory is its own. Beside every sync a bare client fetches the same
//! addresses, as wide, with nothing else to do; the ratio of the two is what counts, since
//! machines differ and are busy. Nothing here fails on a slow machine.

// A benchmark may end with a panic's message as well as with an error's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roles;
mod site;
mod table;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use confluence_simulator::{DEMO_PEOPLE, Size};

use roles::{Bare, Synced};
use site::Site;
use table::Table;

/// How often a sync and a bare client are measured beside each other; the median counts.
const PAIRS: usize = 5;

/// Milliseconds before each answer of the site.
const LATENCY_MS: u64 = 50;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["site", name] => site::play(&size(name)?, LATENCY_MS),
        ["sync", url, folder] => print(&roles::sync(url, folder)?),
        ["bare", url, targets] => print(&roles::bare(url, targets)?),
        _ => measure(),
    }
}

fn print(figures: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(figures)?);
    Ok(())
}

fn measure() -> anyhow::Result<()> {
    println!("requests of a first sync: 2,000 pages with 1 comment and 0.5 attachments each");
    requests("pages")?;
    println!("\na first sync at {LATENCY_MS} ms: 2,000 pages, 100 blog posts, 1,500 comments, 800 attachments, 200 people");
    let folder = tempfile::tempdir()?;
    first_sync(folder.path())?;
    println!("\nafter that sync");
    afterwards(&folder.path().join("1"))
}

/// The size behind a name, for the process that plays the site.
fn size(name: &str) -> anyhow::Result<Size> {
    match name {
        "pages" => Ok(Size::pages(2_000)),
        "bench" => Ok(Size::bench()),
        other => bail!("there is no size {other}"),
    }
}

fn requests(size: &str) -> anyhow::Result<()> {
    let (site, folder) = (Site::start(size)?, tempfile::tempdir()?);
    let synced: Synced = role(&["sync", &site.url, path(folder.path())?])?;
    let mut table = Table::new(&["endpoint", "requests"]);
    for (endpoint, requests) in &synced.by_endpoint {
        table.row(&[endpoint.clone(), requests.to_string()]);
    }
    table.row(&["all".to_owned(), synced.requests.to_string()]);
    table.row(&["all, for a page".to_owned(), format!("{:.4}", synced.requests as f64 / 2_000.0)]);
    table.print();
    Ok(())
}

fn first_sync(folder: &std::path::Path) -> anyhow::Result<()> {
    let mut site = Site::start("bench")?;
    let mut table = Table::new(&["", "sync s", "bare s", "ratio", "memory MB", "requests", "items"]);
    let mut pairs = Vec::new();
    for pair in 1..=PAIRS {
        site.asked()?;
        let synced: Synced = role(&["sync", &site.url, path(&folder.join(pair.to_string()))?])?;
        let targets = serde_json::to_string(&site.asked()?)?;
        let bare: Bare = role(&["bare", &site.url, &targets])?;
        table.row(&line(&format!("pair {pair}"), &synced, &bare));
        pairs.push((synced, bare));
    }
    let ratio = |(synced, bare): &(Synced, Bare)| synced.seconds / bare.seconds;
    pairs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    if let Some((synced, bare)) = pairs.get(PAIRS / 2) {
        table.row(&line("median ratio", synced, bare));
    }
    table.print();
    Ok(())
}

fn line(name: &str, synced: &Synced, bare: &Bare) -> [String; 7] {
    [
        name.to_owned(),
        format!("{:.2}", synced.seconds),
        format!("{:.2}", bare.seconds),
        format!("{:.2}", synced.seconds / bare.seconds),
        format!("{:.0}", synced.memory_mb),
        synced.requests.to_string(),
        synced.items.to_string(),
    ]
}

/// Searches, the command as a process, and the sandbox.
fn afterwards(folder: &std::path::Path) -> anyhow::Result<()> {
    let mut table = Table::new(&["", "median ms"]);
    let mut row = |name: &str, time: Duration| {
        table.row(&[name.to_owned(), format!("{:.3}", time.as_secs_f64() * 1_000.0)]);
    };
    let (host, person) = (weir::host::Host::open(folder, None)?, DEMO_PEOPLE[1].email);
    for words in ["incident", "\"on call\"", "deploy space:ENG kind:page"] {
        let search = || host.search(words, person, 10).map(drop).map_err(Into::into);
        row(&format!("search in the host: {words}"), median_of(200, search)?);
    }
    let process = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command.args(["search", "incident", "--as", person, "--data", path(folder)?]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { bail!("weir search ended with {status}") }
    };
    row("weir search as a process", median_of(30, process)?);
    let runtime = tokio::runtime::Runtime::new()?;
    let connector = runtime.block_on(host.connector("confluence"))?;
    let describe = || runtime.block_on(connector.describe()).map(drop).map_err(Into::into);
    row("an instance made and called (describe)", median_of(500, describe)?);
    let load = || runtime.block_on(host.connector("confluence")).map(drop).map_err(Into::into);
    row("the connector loaded, compiled code cached", median_of(20, load)?);
    let cold = || {
        let empty = tempfile::tempdir()?;
        let host = weir::host::Host::open(empty.path(), None)?;
        runtime.block_on(host.connector("confluence")).map(drop).map_err(Into::into)
    };
    row("the connector loaded for the first time", median_of(3, cold)?);
    table.print();
    Ok(())
}

fn path(path: &std::path::Path) -> anyhow::Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}

/// This program in another role.
fn this(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.args(arguments);
    command
}

/// Runs this program in another role, and reads what it measured.
fn role<T: serde::de::DeserializeOwned>(arguments: &[&str]) -> anyhow::Result<T> {
    let output = this(arguments).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{} ended with {}", arguments.first().unwrap_or(&"it"), output.status);
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The median time of doing something, several times over.
fn median_of(runs: usize, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut all = Vec::with_capacity(runs);
    for _ in 0..runs {
        let began = Instant::now();
        work()?;
        all.push(began.elapsed());
    }
    all.sort();
    Ok(all.get(runs / 2).copied().unwrap_or_default())
}
