//! Connectors for sources that are nothing like Confluence, each synced and searched from end to end: `feed`, in Rust,
//! and `forge`, in Python.
//!
//! `server` stands in for their sources, `Scene` is a host with one connection to it. The connectors are whole and are
//! loaded as anybody's would be: from a file.

mod feed;
mod forge;
mod gitea;
mod python;
mod server;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use weir::gate::{Client, Clock as _, Doors};
use weir::host::{Draft, Host, HostError, SyncOptions, Synced};
use weir::model::Route;
use weir::secrets::Secret;
use weir::store::Mode;
use weir::sync::{Event, Halt, Progress, Silent, Stop, Stopper};

use crate::acme::{Hands, Middle, engine, installed};
use server::Server;

/// What the connection of a scene is called.
const NAME: &str = "there";

/// A connection to be.
struct Wanted<'a> {
    connector: &'a Path,
    settings: &'a str,
    login: &'a str,
    username: Option<&'a str>,
    secret: &'a str,
    /// The origins for which the server stands in, as far as the settings name them.
    origins: &'a [&'a str],
}

/// A host with one connection, and the server that it reads.
struct Scene {
    // The host goes before the folder that it holds open.
    host: Host,
    server: Server,
    clock: Arc<Hands>,
    folder: TempDir,
}

impl Scene {
    /// A host that has no connection yet.
    fn before(server: Server) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::<Hands>::default();
        Self { host: open(folder.path(), &clock), server, clock, folder }
    }

    async fn connect(&self, wanted: &Wanted<'_>) -> Result<(), HostError> {
        let route = |from: &&str| Route { from: (*from).to_owned(), to: self.server.url.clone() };
        let draft = Draft {
            connector: installed(&self.host, wanted.connector).await?,
            name: NAME.to_owned(),
            settings: wanted.settings.to_owned(),
            login: Some(wanted.login.to_owned()),
            username: wanted.username.map(str::to_owned),
            secret: Secret::new(wanted.secret),
            routes: wanted
                .origins
                .iter()
                .filter(|origin| wanted.settings.contains(**origin))
                .map(route)
                .collect(),
            setting_up: false,
        };
        self.host.add_connection(draft).await.map(drop)
    }

    /// The same data folder, opened as the next process would.
    fn reopened(self) -> Self {
        let Self { host, server, clock, folder } = self;
        drop(host);
        Self { host: open(folder.path(), &clock), server, clock, folder }
    }

    async fn try_sync(&self, mode: Mode) -> Synced {
        self.host.sync(NAME, SyncOptions::by_hand(mode), Arc::new(Silent)).await.unwrap()
    }

    /// Syncs and expects the run to be complete.
    async fn sync(&self, mode: Mode) -> Synced {
        let synced = self.try_sync(mode).await;
        assert!(synced.report.is_complete(), "{:?}", synced.report);
        synced
    }

    /// What went wrong in a sync, in words.
    async fn trouble(&self, mode: Mode) -> String {
        let report = self.try_sync(mode).await.report;
        let skipped = report.skipped.into_iter().map(|part| part.reason);
        let stopped = report.stopped.map(|error| format!("stopped: {error}"));
        skipped.chain(stopped).collect::<Vec<_>>().join("\n")
    }

    /// A sync that ends after so many pages of a dataset, as if the process had.
    async fn cut_off_after(&self, dataset: &'static str, pages: usize) {
        let (stopper, stop) = Stop::door();
        let options = SyncOptions { stop, ..SyncOptions::by_hand(Mode::Since) };
        let scissors = Scissors { dataset, left: std::sync::Mutex::new(pages), stopper };
        let synced = self.host.sync(NAME, options, Arc::new(scissors)).await.unwrap();
        assert!(!synced.report.is_complete());
    }

    /// So much later everything is due again.
    async fn an_hour_passes(&self) {
        self.clock.sleep(Duration::from_secs(3_600)).await;
    }

    async fn set(&self, settings: &str) -> Result<(), HostError> {
        let drawn = self.host.draw_settings(NAME, settings).await?;
        self.host.keep_settings(NAME, &drawn).await.map(drop)
    }

    /// The titles that a search finds.
    fn finds(&self, words: &str, person: &str) -> BTreeSet<String> {
        let found = self.host.search(words, person, 100).unwrap();
        found.hits.into_iter().map(|hit| hit.title).collect()
    }

    /// The titles of what is stored.
    fn titles(&self) -> BTreeSet<String> {
        let mut titles = BTreeSet::new();
        self.host
            .each_item(NAME, None, None, |line| {
                titles.insert(line.title);
                true
            })
            .unwrap();
        titles
    }

    /// What could not be read, and why.
    fn failures(&self) -> Vec<(String, String)> {
        let connection = self.host.store().connection(NAME).unwrap();
        let failures = self.host.store().failures(connection.id, None, 100).unwrap();
        failures.into_iter().map(|failure| (failure.id, failure.reason)).collect()
    }
}

fn open(folder: &Path, clock: &Arc<Hands>) -> Host {
    let transport = Arc::new(Client::default());
    let doors = Doors { transport, clock: Arc::clone(clock) as _, chance: Arc::new(Middle) };
    Host::with_doors(folder, doors).unwrap().with_engine(engine())
}

/// Titles, to be compared.
fn set(titles: &[&str]) -> BTreeSet<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

struct Scissors {
    dataset: &'static str,
    left: std::sync::Mutex<usize>,
    stopper: Stopper,
}

impl Progress for Scissors {
    fn notice(&self, event: Event<'_>) {
        let Event::Page { dataset, .. } = event else { return };
        let mut left = self.left.lock().unwrap();
        if dataset == self.dataset {
            *left = left.saturating_sub(1);
        }
        if *left == 0 {
            self.stopper.stop(Halt::Interrupted);
        }
    }
}
