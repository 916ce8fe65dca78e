//! What a neighbour costs, measured in one run: `cargo bench -p weir --bench neighbours`.
//!
//! A first sync of a simulated site, alone, beside a component that computes without end in as many calls as a run
//! makes at once, beside one that does so in as many as it gets, and beside honest syncs of the same site. The
//! ratios count: what never ends may take its share and no more. Then how long a large answer takes to be looked
//! through for its credential. Nothing here fails on a slow machine.

// A benchmark may end with a panic's message as well as with an error's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod body;
mod roles;
// This one neither counts what it is asked nor changes.
#[path = "../growth/site.rs"]
#[allow(dead_code)]
mod site;
#[path = "../first_sync/table.rs"]
mod table;
#[path = "../../../tests/it/tools.rs"]
#[allow(dead_code)]
mod tools;
#[path = "../../../tests/it/wasm.rs"]
#[allow(dead_code)]
mod wasm;

use std::process::{Command, Stdio};

use anyhow::bail;
use confluence_simulator::Size;

use roles::{Beside, Synced};
use site::Site;
use table::Table;

/// Milliseconds before each answer of the site.
const LATENCY_MS: u64 = 20;

/// Rounds of all rows; the middle one counts.
const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["site", items] => site::play(&size(items.parse()?), LATENCY_MS),
        ["sync", url, spinning, honest] => {
            let beside = Beside { spinning: spinning.parse()?, honest: honest.parse()? };
            println!("{}", serde_json::to_string(&roles::sync(url, &beside)?)?);
            Ok(())
        }
        // Fewer items, to see that it works: `cargo bench -p weir --bench neighbours -- 500`.
        [items] => measure(items.parse()?),
        _ => measure(3_000),
    }
}

/// Of a hundred items some 45 are pages, 2 blog posts, 36 comments and 17 attachments.
fn size(items: usize) -> Size {
    Size {
        spaces: 8,
        pages: items * 45 / 100,
        blog_posts: items * 2 / 100,
        comments: items * 36 / 100,
        attachments: items * 17 / 100,
        people: 100,
        groups: 12,
        ..Size::pages(0)
    }
}

fn measure(items: usize) -> anyhow::Result<()> {
    // Built before anything is timed.
    wasm::test_connector();
    let site = Site::start(items)?;
    let rows = [
        ("alone", 0, 0),
        ("beside 8 calls that never end", 8, 0),
        ("beside 32", 32, 0),
        ("beside 1 honest sync", 0, 1),
        ("beside 3", 0, 3),
    ];
    let mut seconds = vec![Vec::new(); rows.len()];
    let mut memory = vec![0.0_f64; rows.len()];
    for _ in 0..ROUNDS {
        for (row, (_, spinning, honest)) in rows.iter().enumerate() {
            let synced = sync(&site, *spinning, *honest)?;
            seconds[row].push(synced.seconds);
            memory[row] = memory[row].max(synced.memory_mb);
        }
    }
    let middle = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    };
    let mut table = Table::new(&["a first sync", "seconds", "of alone", "memory MB"]);
    let alone = middle(seconds[0].clone());
    for (row, (name, ..)) in rows.iter().enumerate() {
        let seconds = middle(seconds[row].clone());
        let ratio = format!("{:.2} times", seconds / alone);
        table.row(&[(*name).to_owned(), format!("{seconds:.2}"), ratio, format!("{:.0}", memory[row])]);
    }
    println!("{items} items at {LATENCY_MS} ms an answer, the middle of {ROUNDS}");
    table.print();
    body::measure()
}

fn sync(site: &Site, spinning: usize, honest: usize) -> anyhow::Result<Synced> {
    let arguments = ["sync", &site.url, &spinning.to_string(), &honest.to_string()];
    let output = this(&arguments).stderr(Stdio::inherit()).output()?;
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
