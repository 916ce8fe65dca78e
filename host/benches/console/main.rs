//! How long a page of the console takes, with many items: `cargo bench -p weir --bench console`.
//!
//! A data folder is filled with 100,000 items through the store, as a sync would, and indexed; then each page is asked
//! for over HTTP on loopback, as an administrator's browser and a program do. A page is to take less than 50 ms.
//! Nothing here fails on a slow machine.

// A benchmark may end with a panic's message as well as with an error's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ask;
mod fill;
#[path = "../first_sync/table.rs"]
mod table;

use std::sync::Arc;
use std::time::Instant;

use weir::host::Host;

use ask::Asking;
use fill::PERSON;
use table::Table;

/// What is asked for, and what it is called in the table.
const PAGES: [(&str, &str); 31] = [
    ("connections", "/connections"),
    ("a connection", "/connections/acme"),
    ("runs", "/connections/acme/runs"),
    ("failures", "/connections/acme/failures"),
    ("files without words", "/connections/acme/files"),
    ("records", "/records"),
    ("records, of a kind", "/records?kind=page"),
    ("records, of a space", "/records?space=S7"),
    ("records, of a frequent label", "/records?label=runbook"),
    ("records, of a rare label", "/records?label=rare"),
    ("records, of a space, kind and label", "/records?space=S7&kind=page&label=runbook"),
    ("records, updated in a month", "/records?from=2025-03-01&to=2025-03-31"),
    ("records, frequent word in the title", "/records?title=plan"),
    ("records, rare word in the title", "/records?title=zeppelin"),
    ("records, nothing in the title", "/records?title=nothingatall"),
    ("records, found", "/records?state=found"),
    ("records, whose kind is off", "/records?state=kind-off"),
    ("records, whose file waits", "/records?state=file-waiting"),
    ("the roots", "/records/tree?connection=acme"),
    ("a level", "/records/tree?connection=acme&below=space:7"),
    ("a page with 5,000 comments, its level", "/records/tree?connection=acme&below=page:1"),
    ("a record", "/records/acme/page:77"),
    ("a page with 5,000 comments", "/records/acme/page:1"),
    ("search", "/search?q=plan"),
    ("search, a rare word", "/search?q=zeppelin"),
    ("why", "/why?item=page:77&connection=acme&as=person7@acme.example"),
    ("why not", "/why-not?item=page:77&as=person7@acme.example"),
    ("people", "/people?connection=acme"),
    ("access", "/access"),
    ("API: items", "/api/v1/items?limit=50"),
    ("API: one item", "/api/v1/connections/acme/items/page:77"),
];

fn main() -> anyhow::Result<()> {
    let items = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = tempfile::tempdir()?;
    let host = Arc::new(Host::open(folder.path(), None)?);
    let began = Instant::now();
    fill::fill(&host, items)?;
    let kept = began.elapsed();
    host.catch_up()?;
    println!(
        "{items} items, kept in {:.1} s and indexed in {:.1} s",
        kept.as_secs_f64(),
        (began.elapsed() - kept).as_secs_f64()
    );
    runtime.block_on(async {
        let asking = Asking::begin(&host, PERSON).await?;
        let mut table = Table::new(&["", "status", "min ms", "median ms", "max ms", "first ms", "kB"]);
        for (name, address) in PAGES {
            table.row(&asking.measure(name, address).await?);
        }
        table.print();
        asking.end().await;
        Ok(())
    })
}
