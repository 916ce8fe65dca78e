//! Opening the folder of an index, and making it anew when it is of no use.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::index::SegmentComponent;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use super::schema::{self, Fields, STEMMED};
use super::{Error, Writer, tokens};

/// An index on disk, as of the last commit or `refresh`. Cheap to clone.
#[derive(Clone)]
pub struct Index {
    pub(super) index: tantivy::Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    pub(super) dir: PathBuf,
}

/// What `Index::open` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// An index that holds all up to its position.
    Kept,
    /// An index into which nothing was ever committed: fill it from the store.
    Created,
    /// An index that could not be used, for this reason, and was replaced by an empty
    /// one: fill it from the store.
    Rebuilt(String),
}

impl Opening {
    /// Whether the caller must put every item into the outbox again.
    pub fn is_empty(&self) -> bool {
        *self != Opening::Kept
    }
}

/// Why an index that is there was not opened.
enum Unusable {
    /// Making it anew helps.
    Damaged(String),
    /// It does not: no permission, no memory, too many open files.
    Failed(TantivyError),
}

impl Index {
    /// Opens the index in this folder, which is made if it is missing.
    ///
    /// A damaged index, and one of another version, is replaced by an empty one. That
    /// needs the writer's lock, so it may be `Error::Busy`. Damage inside a file that
    /// still opens is not looked for here: see `verify`.
    pub fn open(dir: &Path) -> Result<(Index, Opening), Error> {
        fs::create_dir_all(dir).map_err(Error::folder("create", dir))?;
        match existing(dir) {
            Ok(Some(opened)) => Ok(opened),
            Ok(None) => create(dir, Opening::Created),
            Err(Unusable::Damaged(reason)) => create(dir, Opening::Rebuilt(reason)),
            Err(Unusable::Failed(error)) => Err(Error::engine("open", dir)(error)),
        }
    }

    /// Up to where in the outbox the last commit goes; 0 before the first.
    pub fn position(&self) -> Result<u64, Error> {
        let metas = self.index.load_metas().map_err(Error::engine("read", &self.dir))?;
        Ok(metas.payload.as_deref().and_then(position).unwrap_or(0))
    }

    /// How many documents can be found.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the right to write, which only one holder in all processes has.
    pub fn writer(&self) -> Result<Writer, Error> {
        Writer::new(self)
    }

    /// Sees what another process committed meanwhile. A `Writer` of this process does so
    /// by itself.
    pub fn refresh(&self) -> Result<(), Error> {
        self.reader.reload().map_err(Error::engine("read", &self.dir))
    }

    /// Reads every file and returns the names of those whose checksum is wrong. Takes a
    /// second or so a gigabyte; delete the folder if the answer is not empty.
    pub fn verify(&self) -> Result<Vec<PathBuf>, Error> {
        let damaged = self.index.validate_checksum().map_err(Error::engine("verify", &self.dir))?;
        Ok(damaged.into_iter().collect())
    }
}

/// The payload of a commit: the version of the schema and the position.
pub(super) fn payload(position: u64) -> String {
    format!("{} {position}", schema::VERSION)
}

/// None for another version.
fn position(payload: &str) -> Option<u64> {
    let (version, position) = payload.split_once(' ')?;
    (version == schema::VERSION.to_string()).then(|| position.parse().ok())?
}

/// The index in the folder, None if there is none.
fn existing(dir: &Path) -> Result<Option<(Index, Opening)>, Unusable> {
    let directory = MmapDirectory::open(dir).map_err(|error| Unusable::Failed(error.into()))?;
    if !tantivy::Index::exists(&directory).map_err(|error| unusable(error.into()))? {
        return Ok(None);
    }
    let mut index = tantivy::Index::open(directory).map_err(unusable)?;
    let (schema, fields) = schema::schema();
    if index.schema() != schema {
        return Err(Unusable::Damaged("its fields are those of another version".into()));
    }
    let opening = match index.load_metas().map_err(unusable)?.payload {
        None => Opening::Created,
        Some(payload) if position(&payload).is_some() => Opening::Kept,
        Some(payload) => return Err(Unusable::Damaged(format!("it is of another version ({payload:?})"))),
    };
    let reader = prepare(&mut index).map_err(unusable)?;
    // The engine takes a missing file of positions for a field without any.
    for segment in index.searchable_segments().map_err(unusable)? {
        segment.open_read(SegmentComponent::Positions).map_err(|error| unusable(error.into()))?;
    }
    Ok(Some((Index { index, reader, fields, dir: dir.into() }, opening)))
}

/// Makes an empty index where there is none, or none of use.
fn create(dir: &Path, opening: Opening) -> Result<(Index, Opening), Error> {
    let attempt = || Error::engine("create", dir);
    let directory = MmapDirectory::open(dir).map_err(|error| attempt()(error.into()))?;
    let _lock = directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|_| Error::Busy(dir.into()))?;
    // Whoever held the lock until now may have made it.
    if let Ok(Some(opened)) = existing(dir) {
        return Ok(opened);
    }
    clear(dir).map_err(Error::folder("clear", dir))?;
    let (schema, fields) = schema::schema();
    // There is nothing to store, so nothing that a thread of its own could compress.
    let settings = IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    let mut index = tantivy::Index::create(directory, schema, settings).map_err(attempt())?;
    let reader = prepare(&mut index).map_err(attempt())?;
    Ok((Index { index, reader, fields, dir: dir.into() }, opening))
}

/// Removes the files of a folder, but neither folders in it nor locks, which are held.
fn clear(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let is_lock = Path::new(&entry.file_name()).extension().is_some_and(|end| end == "lock");
        if entry.file_type()?.is_file() && !is_lock {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn prepare(index: &mut tantivy::Index) -> Result<IndexReader, TantivyError> {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(STEMMED, tokens::stemmed());
    index.set_tokenizers(tokenizers);
    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()
}

/// Only what a new index would cure counts as damage. A full file table, say, must not
/// cost an index.
fn unusable(error: TantivyError) -> Unusable {
    let damaged = |error: &io::Error| {
        matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData
        )
    };
    let is_damage = match &error {
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::InternalError(_)
        | TantivyError::OpenReadError(
            OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
        ) => true,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => damaged(io_error),
        TantivyError::IoError(error) => damaged(error),
        _ => false,
    };
    if is_damage { Unusable::Damaged(error.to_string()) } else { Unusable::Failed(error) }
}
