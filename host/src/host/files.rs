//! The words inside files: fetched after a sync, taken out in the sandbox, kept, and indexed.
//!
//! It comes after the pages and not beside them: they take the source's width, are few requests, and can be found
//! sooner. Whoever holds the folder's lock is the only one who fetches, a connection at a time, so nothing is
//! fetched twice.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::feed::Fed;
use super::feeding::Share;
use super::spending::keep_points;
use super::{EXTRACTOR, Host, HostError, private_folder};
use crate::extract::{self, Limits, Reason, Words};
use crate::gate::{self, Clock, Gate};
use crate::model::{Connection, Fault, Timestamp};
use crate::sandbox::{CallError, Connector, Extractor, Poured};
use crate::store::{FileStats, Store, WaitingFile};
use crate::sync::{Event, Progress, Stop};

/// Files under way at once: as many as the gate lets requests out.
const FILES_AT_ONCE: usize = gate::limits::WIDTH;

/// Files taken apart at once. Each may use 256 MB of memory, and a core.
const EXTRACTIONS_AT_ONCE: usize = 2;

/// Waiting files asked of the store at a time.
const BATCH: u32 = 500;

/// Files kept between two looks at the outbox: their words are in memory once more while they are indexed.
const FEED_EVERY: u64 = 50;

/// How long a pass that is asked to stop waits for the files under way: what takes longer is large, and is fetched
/// again by the next one.
const LAST_FILE_WAIT: Duration = Duration::from_secs(10);

/// Failures in a row after which the source is taken to be down. The rest waits for the next sync.
const FAILURES_IN_A_ROW_MAX: u32 = 10;

/// What a pass over the waiting files came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FilesRead {
    /// Files whose words were taken out now.
    pub taken: u64,
    /// Files that turned out to have none.
    pub without: u64,
    /// Files that could not be fetched; they wait for another sync.
    pub unfetched: u64,
    /// Why the pass ended before all were looked at.
    pub stopped: Option<String>,
    /// How all files of the connection stand now.
    pub stats: FileStats,
    #[serde(skip)]
    pub fed: Fed,
}

impl Host {
    /// Takes the words out of the files that wait, and ends when they can be searched.
    ///
    /// # Errors
    ///
    /// As [`Host::sync`]. That files could not be fetched or have no words is in the answer.
    pub async fn read_files(
        &self,
        name: &str,
        limits: Limits,
        stop: &Stop,
        progress: Arc<dyn Progress>,
    ) -> Result<FilesRead, HostError> {
        let connection = self.store.connection(name)?;
        let first = self.store.waiting_files(connection.id, 0, self.now()?, limits.file_bytes_max, 1)?;
        if first.is_empty() {
            let stats = self.store.file_stats(connection.id)?;
            return Ok(FilesRead { stats, ..FilesRead::default() });
        }
        let share = self.share_feed().await?;
        let connector = self.connector(&connection.connector).await?;
        let gate = self.gate_of(&connection, &connector)?.sparing();
        // A folder of its own: another connection may be read at the same time.
        let folder = self.folder.join("incoming").join(connection.id.to_string());
        empty_folder(&folder).map_err(|source| HostError::Folder { path: folder.clone(), source })?;
        let fetching = Fetching {
            store: self.store.clone(),
            connector,
            gate,
            connection,
            limits,
            folder,
            extractor: Extractor::load(self.engine()?, EXTRACTOR).map_err(|error| HostError::Connector {
                name: "extractor".to_owned(),
                error: Box::new(error),
            })?,
            turns: Semaphore::new(EXTRACTIONS_AT_ONCE),
        };
        let connection = fetching.connection.id;
        let pass = Pass { host: self, fetching: Arc::new(fetching), share, read: FilesRead::default() };
        let read = pass.run(stop, progress).await;
        keep_points(&self.store, connection, &self.governors(connection)?)?;
        read
    }
}

/// What all files of a pass share.
struct Fetching {
    store: Store,
    connector: Connector,
    gate: Gate,
    connection: Connection,
    limits: Limits,
    folder: PathBuf,
    extractor: Extractor,
    turns: Semaphore,
}

/// One pass over the waiting files, in the order of their numbers; each is tried once.
struct Pass<'h> {
    host: &'h Host,
    fetching: Arc<Fetching>,
    share: Share,
    read: FilesRead,
}

/// A file that was looked at. The call's error says more of a failure than its words do.
struct Looked {
    outcome: Result<Words, Reason>,
    is_final: bool,
}

impl Pass<'_> {
    async fn run(mut self, stop: &Stop, progress: Arc<dyn Progress>) -> Result<FilesRead, HostError> {
        let connection = self.fetching.connection.id;
        let waiting = self.host.store.file_stats(connection)?.waiting;
        let clock = Arc::clone(&self.host.doors()?.clock);
        let mut under_way = JoinSet::new();
        let (mut after, mut failures, mut done) = (0, 0_u32, 0_u64);
        let mut batch = Vec::new().into_iter();
        loop {
            while under_way.len() < FILES_AT_ONCE && self.read.stopped.is_none() && stop.asked().is_none() {
                if batch.len() == 0 {
                    batch = self.batch(after).await?.into_iter();
                }
                let Some(file) = batch.next() else { break };
                after = file.num;
                under_way.spawn(look(Arc::clone(&self.fetching), file, self.host.now()?));
            }
            let looked = tokio::select! {
                biased;
                looked = under_way.join_next() => looked,
                // What is given up waits as before.
                () = given_up(stop, clock.as_ref()) => None,
            };
            let Some(looked) = looked else { break };
            let looked = looked.map_err(|error| HostError::Lost(error.to_string()))??;
            failures = if matches!(looked.outcome, Err(Reason::Unfetched(_))) { failures + 1 } else { 0 };
            self.count(&looked, failures);
            done += 1;
            progress.notice(Event::Files { done, waiting: waiting.max(done) });
            if done % FEED_EVERY == 0 {
                self.share.feed().await?;
            }
        }
        self.read.fed = self.share.finish().await?;
        self.read.stats = self.host.store.file_stats(connection)?;
        Ok(self.read)
    }

    async fn batch(&self, after: u32) -> Result<Vec<WaitingFile>, HostError> {
        let (fetching, now) = (Arc::clone(&self.fetching), self.host.now()?);
        blocking(move || {
            let Fetching { store, connection, limits, .. } = &*fetching;
            Ok(store.waiting_files(connection.id, after, now, limits.file_bytes_max, BATCH)?)
        })
        .await
    }

    fn count(&mut self, looked: &Looked, failures: u32) {
        match &looked.outcome {
            Ok(_) => self.read.taken += 1,
            Err(Reason::Unfetched(words)) => {
                self.read.unfetched += 1;
                if looked.is_final || failures >= FAILURES_IN_A_ROW_MAX {
                    self.read.stopped.get_or_insert_with(|| words.clone());
                }
            }
            Err(_) => self.read.without += 1,
        }
    }
}

/// Until the pass is to end and the files under way have had their time.
async fn given_up(stop: &Stop, clock: &dyn Clock) {
    stop.wait().await;
    clock.sleep(LAST_FILE_WAIT).await;
}

/// Looks at one file, and keeps what came of it.
async fn look(fetching: Arc<Fetching>, file: WaitingFile, now: Timestamp) -> Result<Looked, HostError> {
    let (outcome, is_final) = match extract::refusal(&file.file, &fetching.limits) {
        Some(reason) => (Err(reason), false),
        None => match fetch(&fetching, &file).await? {
            Fetched::Whole(bytes) => (words_of(&fetching, &file, &bytes).await?, false),
            Fetched::TooLarge(reason) => (Err(reason), false),
            Fetched::Not(error) => (Err(Reason::Unfetched(error.to_string())), stops_all(&error)),
        },
    };
    blocking(move || {
        let bytes_max = fetching.limits.file_bytes_max;
        fetching.store.put_file_outcome(&file, &outcome, bytes_max, now)?;
        Ok(Looked { outcome, is_final })
    })
    .await
}

enum Fetched {
    Whole(Incoming),
    TooLarge(Reason),
    Not(CallError),
}

/// Fetches a file's bytes into a file of the data folder.
async fn fetch(fetching: &Fetching, file: &WaitingFile) -> Result<Fetched, HostError> {
    let path = fetching.folder.join(file.num.to_string());
    let failed = |source| HostError::Folder { path: path.clone(), source };
    let incoming = Incoming::create(path.clone()).map_err(failed)?;
    let sink = incoming.file.try_clone().map_err(failed)?;
    let bytes_max = usize::try_from(fetching.limits.file_bytes_max).unwrap_or(usize::MAX);
    let Fetching { connector, gate, connection, .. } = fetching;
    Ok(match connector.download_into(gate, connection, &file.file.link, sink, bytes_max).await {
        Ok(Poured::Whole { .. }) => Fetched::Whole(incoming),
        Ok(Poured::TooLarge) => {
            let max = fetching.limits.file_bytes_max;
            // What the source says of the size was wrong, or nothing.
            let bytes = file.file.size.filter(|bytes| *bytes > max).unwrap_or(max.saturating_add(1));
            Fetched::TooLarge(Reason::TooLarge { bytes, max })
        }
        Err(error) => Fetched::Not(error),
    })
}

async fn words_of(
    fetching: &Fetching,
    file: &WaitingFile,
    bytes: &Incoming,
) -> Result<Result<Words, Reason>, HostError> {
    let _turn = fetching.turns.acquire().await.map_err(|error| HostError::Lost(error.to_string()))?;
    let failed = |source| HostError::Folder { path: bytes.path.clone(), source };
    let lent = bytes.file.try_clone().map_err(failed)?;
    fetching.extractor.extract(lent, &file.file.name, &file.file.media_type).await.map_err(failed)
}

/// Whether all other files would fail for the same reason.
fn stops_all(error: &CallError) -> bool {
    matches!(error, CallError::Fault { fault: Fault::Unauthenticated(_) | Fault::InvalidSettings(_), .. })
}

/// A fetched file, which goes when it was looked at.
struct Incoming {
    path: PathBuf,
    file: File,
}

impl Incoming {
    fn create(path: PathBuf) -> std::io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok(Self { path, file })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.path);
    }
}

/// A folder for its owner only, without what a process that was killed left in it.
fn empty_folder(path: &std::path::Path) -> std::io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    private_folder(path)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| HostError::Lost(error.to_string()))?
}
