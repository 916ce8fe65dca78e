//! The host as one value: a data folder, and what can be done with it.
//!
//! Commands and programs that embed Weir call in here; it joins `store`,
//! `sandbox`, `gate`, `sync`, `index` and `access`, and decides as little as it can itself.
//! A data folder holds `weir.db` (the truth), `index` (a copy that may be deleted at any
//! time), `connectors` (components that were installed), `compiled` (compiled components, which may be deleted likewise),
//! `key` (for the secrets), `tapes` (runs that were recorded), `host.lock` (which one process at a time holds to read
//! sources, see `lock`), `backup.lock`, `connectors.lock`, and an empty `grant-N.lock` for each connection that signs in by
//! OAuth 2.0.
//!
//! Deliberately absent: printing, prompting and arguments (`cli`).

mod activity;
mod alone;
mod anchor;
mod connect;
mod deletions;
mod doctor;
mod error;
mod estimate;
mod feed;
mod feeding;
mod fetch;
mod files;
mod grant;
mod indexing;
mod installing;
mod items;
mod live;
mod lock;
mod meters;
mod outline;
mod people;
mod readers;
mod records;
mod removals;
mod remove;
mod resolve;
mod safe;
mod schedule;
mod search;
mod searchable;
mod serve;
mod settings;
mod spending;
mod sync;
mod tapes;
mod why;
mod why_not;
mod why_words;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use alone::Turned;
pub use anchor::Anchor;
pub use connect::{Added, Draft};
pub use error::HostError;
pub use estimate::{Estimate, time_by_the_hour};
pub use feed::Fed;
pub use fetch::Fetched;
pub use files::FilesRead;
pub use grant::{Begun, Granted};
pub use installing::{Offer, Reach};
pub use lock::{Doing, Held, Holder, hold_folder};
pub use meters::Sent;
pub use outline::Outlined;
pub use readers::{Asker, Forests, Readers};
pub use records::{
    AccessLevel, Crumb, FormerPlace, Gone, ItemRecord, Level, Looked, RecordFilter, RecordState, Records,
    Stated,
};
pub use remove::Removed;
pub use schedule::Turn;
pub use search::{Found, SearchHit};
pub use searchable::{LeftOut, Searchable};
pub use serve::{ServeOptions, Served, Teller};
pub use settings::Drawn;
pub use sync::{SyncOptions, Synced};
pub use tapes::Record;
pub use why::WhyAnswer;
pub use why_not::{Known, Passage, Step, WhyNot};
pub use why_words::{principal_name, reason, unsearched};

use self::spending::Spending;
pub use crate::installed::BUILT_IN;

use crate::gate::{Client, Doors, SystemLookup};
use crate::installed::component;
use crate::live::Live;
use crate::sandbox::Engine;
use crate::secrets::{Key, Vault};
use crate::store::Store;

/// The Confluence connector, built with this host and carried in it.
pub const CONFLUENCE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/confluence.wasm"));

/// What takes the words out of files, built with this host too.
pub const EXTRACTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/extractor.wasm"));

/// A data folder, opened. What is costly (engine, client, key) is made when it is first needed.
pub struct Host {
    folder: PathBuf,
    store: Store,
    key: Option<String>,
    engine: OnceLock<Engine>,
    doors: OnceLock<Doors>,
    readers: Readers,
    spending: Spending,
    feeding: feeding::Feeding,
    alone: alone::Alone,
    live: Live,
    counted: people::Counted,
    meters: meters::Meters,
}

impl Host {
    /// Opens a data folder, or makes it. `key` is the base64 key of the secrets, when it is
    /// kept elsewhere than in the folder.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used, or its store is damaged or of a newer Weir.
    pub fn open(folder: &Path, key: Option<String>) -> Result<Self, HostError> {
        refuse_a_lost_store(folder)?;
        let store = Store::open(folder)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            store,
            key,
            engine: OnceLock::new(),
            doors: OnceLock::new(),
            readers: Readers::default(),
            spending: Spending::default(),
            feeding: feeding::Feeding::default(),
            alone: alone::Alone::default(),
            live: Live::default(),
            counted: people::Counted::default(),
            meters: meters::Meters::default(),
        })
    }

    /// The same, with another way to the network and another clock.
    ///
    /// # Errors
    ///
    /// As [`Host::open`].
    pub fn with_doors(folder: &Path, doors: Doors) -> Result<Self, HostError> {
        let host = Self::open(folder, None)?;
        let _first = host.doors.set(doors);
        Ok(host)
    }

    /// The same host, running connectors in an engine that other hosts of this process share.
    #[must_use]
    pub fn with_engine(self, engine: Engine) -> Self {
        Self { engine: OnceLock::from(engine), ..self }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sandbox's engine, with compiled code kept in the data folder.
    ///
    /// # Errors
    ///
    /// When the machine will not run one.
    pub fn engine(&self) -> Result<&Engine, HostError> {
        if self.engine.get().is_none() {
            let compiled = self.folder.join("compiled");
            private_folder(&compiled)
                .map_err(|source| HostError::Folder { path: compiled.clone(), source })?;
            let engine = Engine::new(Some(&compiled))?;
            let _first = self.engine.set(engine);
        }
        self.engine.get().ok_or(HostError::NotReady("the sandbox"))
    }

    fn doors(&self) -> Result<&Doors, HostError> {
        if self.doors.get().is_none() {
            let client = Client::new(Arc::new(SystemLookup));
            let _first = self.doors.set(Doors::real(Arc::new(client)));
        }
        self.doors.get().ok_or(HostError::NotReady("the network"))
    }

    fn vault(&self) -> Result<Vault, HostError> {
        let key = match &self.key {
            Some(text) => Key::from_base64(text)?,
            None => Key::in_folder(&self.folder)?,
        };
        Ok(Vault::new(&key))
    }
}

/// Where a backup is unpacked before it is put in place (`backup`).
pub const RESTORING: &str = "restoring";

/// Makes a folder that only its owner may look into: an index holds the words of pages.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A folder with a key or an index, or half a restored backup, but without a store has lost it; to begin anew in silence
/// would look like a site that is empty.
fn refuse_a_lost_store(folder: &Path) -> Result<(), HostError> {
    let store = folder.join(crate::store::FILE_NAME);
    let empty = store.metadata().map_or(true, |file| file.len() == 0);
    let belongs = ["key", "index", component::FOLDER, RESTORING];
    if empty && belongs.iter().any(|name| folder.join(name).exists()) {
        return Err(HostError::LostStore { path: store });
    }
    Ok(())
}
