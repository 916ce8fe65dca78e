//! How the cost of syncs grows, measured in one run: `cargo bench -p weir --bench growth`.
//!
//! A site of 10,000 items and one of 100,000, each played by a process of its own; each sync is a process too. What
//! counts are the ratios: a sync of an idle site and of one where 1 % was edited must follow the change and not the
//! size. In the end a first sync is killed half-way and run again: what it asks a second time is work repeated.
//! Nothing here fails on a slow machine.

// A benchmark may end with a panic's message as well as with an error's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod roles;
mod site;
#[path = "../first_sync/table.rs"]
mod table;

use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use confluence_simulator::Size;

use roles::Synced;
use site::Site;
use table::Table;

/// Milliseconds before each answer of the site.
const LATENCY_MS: u64 = 20;

/// Of a hundred pages of the site, how many are edited before the sync that follows the change.
const EDITED_PERCENT: usize = 1;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["site", items] => site::play(&size(items.parse()?), LATENCY_MS),
        ["sync", url, folder, mode] => {
            println!("{}", serde_json::to_string(&roles::sync(url, folder, mode)?)?);
            Ok(())
        }
        // A smaller one, to see that it works: `cargo bench -p weir --bench growth -- 1000 10000`.
        [small, large] => measure(&[small.parse()?, large.parse()?]),
        _ => measure(&[10_000, 100_000]),
    }
}

/// Of a hundred items some 45 are pages, 2 blog posts, 36 comments and 17 attachments.
fn size(items: usize) -> Size {
    Size {
        spaces: 20,
        pages: items * 45 / 100,
        blog_posts: items * 2 / 100,
        comments: items * 36 / 100,
        attachments: items * 17 / 100,
        people: 200,
        groups: 12,
        ..Size::pages(0)
    }
}

fn measure(sizes: &[usize; 2]) -> anyhow::Result<()> {
    let mut table = Table::new(&["", "items", "seconds", "requests", "points", "of the first", "memory MB"]);
    let mut all = Vec::new();
    for items in sizes {
        let syncs = of_one_site(*items)?;
        let first = syncs.first().map(|(_, first)| (first.seconds, first.requests)).unwrap_or_default();
        for (name, sync) in &syncs {
            table.row(&line(name, sync, first));
        }
        all.push(syncs);
    }
    println!(
        "syncs of two sites, at {LATENCY_MS} ms an answer; of the first: seconds and requests, as shares of the first sync"
    );
    table.print();
    if let [small, large] = all.as_slice() {
        println!("\nthe larger site beside the smaller one");
        let mut table = Table::new(&["", "seconds", "requests"]);
        for ((name, small), (_, large)) in small.iter().zip(large) {
            let requests = large.requests as f64 / small.requests.max(1) as f64;
            table.row(&[(*name).to_owned(), times(large.seconds / small.seconds), times(requests)]);
        }
        table.print();
    }
    killed(sizes[0])
}

type Syncs = Vec<(&'static str, Synced)>;

fn of_one_site(items: usize) -> anyhow::Result<Syncs> {
    let (mut site, folder) = (Site::start(items)?, tempfile::tempdir()?);
    let folder = folder.path().to_str().context("a path that is not UTF-8")?;
    let mut syncs = vec![("first", sync(&site, folder, "since")?)];
    syncs.push(("idle", sync(&site, folder, "since")?));
    site.edits(items * 45 / 100 * EDITED_PERCENT / 100)?;
    syncs.push(("1 % of the pages edited", sync(&site, folder, "since")?));
    syncs.push(("everything looked at", sync(&site, folder, "inventory")?));
    Ok(syncs)
}

fn line(name: &str, sync: &Synced, first: (f64, u64)) -> [String; 7] {
    let share = |part: f64, whole: f64| format!("{:.1} %", 100.0 * part / whole);
    let shares = [share(sync.seconds, first.0), share(sync.requests as f64, first.1 as f64)].join(", ");
    [
        name.to_owned(),
        sync.items.to_string(),
        format!("{:.2}", sync.seconds),
        sync.requests.to_string(),
        sync.points.to_string(),
        shares,
        format!("{:.0}", sync.memory_mb),
    ]
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2} times")
}

/// A first sync that is killed when half of its requests were sent, and the sync after it.
fn killed(items: usize) -> anyhow::Result<()> {
    let mut site = Site::start(items)?;
    let whole = tempfile::tempdir()?;
    let requests = sync(&site, whole.path().to_str().context("UTF-8")?, "since")?.requests;
    site.asked()?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_str().context("UTF-8")?;
    let mut process = this(&["sync", &site.url, path, "since"]).stdout(Stdio::null()).spawn()?;
    let mut before = 0;
    while before < requests / 2 && process.try_wait()?.is_none() {
        before += site.asked()?;
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    process.kill()?;
    process.wait()?;
    before += site.asked()?;
    let after = sync(&site, path, "since")?;
    let mut table = Table::new(&["", "requests"]);
    table.row(&["a first sync at one go".to_owned(), requests.to_string()]);
    table.row(&["killed after".to_owned(), before.to_string()]);
    table.row(&["and the sync that went on".to_owned(), after.requests.to_string()]);
    let repeated = (before + after.requests) as f64 / requests as f64 - 1.0;
    table.row(&["asked twice".to_owned(), format!("{:.0} %", 100.0 * repeated)]);
    println!("\na first sync of {items} items, killed and run again");
    table.print();
    Ok(())
}

fn sync(site: &Site, folder: &str, mode: &str) -> anyhow::Result<Synced> {
    let output = this(&["sync", &site.url, folder, mode]).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("a sync ended with {}", output.status);
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// This program in another role.
fn this(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.args(arguments);
    command
}
