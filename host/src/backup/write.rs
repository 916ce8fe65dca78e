//! Writing a backup of a folder that others go on using.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::hashing::Hashing;
use super::manifest::{KEY, NAME, TAPES, entry_name, is_tape};
use super::{BackupError, FORMAT, Manifest, Part};
use crate::host::{Host, HostError, private_folder};
use crate::installed::component;
use crate::store::FILE_NAME;

/// Where the store is copied to before it is packed: beside it, because there is room for it or there is none at
/// all, and because nobody else looks in there.
const SCRATCH: &str = "backup";
/// Held by the process that does so. It stays, as `host.lock` does.
const LOCK: &str = "backup.lock";

/// Of zstd: quick, and bodies are packed in the store already.
const LEVEL: i32 = 3;

impl Host {
    /// Writes a backup: one state of the store, the components that it speaks of, and the tapes. `with_key` puts the key of the secrets in too, with
    /// which whoever has the backup can sign in to the sources.
    ///
    /// Takes as much room in the data folder as the store, until it returns.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read, `out` cannot be written, or another process does the same.
    pub fn back_up(&self, out: impl Write, with_key: bool) -> Result<Manifest, BackupError> {
        let scratch = Scratch::of(self.folder())?;
        let store = scratch.0.join(FILE_NAME);
        // No component comes or goes between the copy of the store and the look at the files that it speaks of.
        let turn = component::turn(self.folder()).map_err(HostError::from)?;
        self.store().copy_to(&store)?;
        let mut files = vec![Source::open(FILE_NAME.to_owned(), &store)?];
        for sha256 in self.store().component_digests()? {
            let path = component::path(self.folder(), &sha256);
            // One that is lost is refused by name when it is to run; all the rest is worth keeping.
            if path.is_file() {
                let name = format!("{}/{sha256}{}", component::FOLDER, component::END);
                files.push(Source::open(name, &path)?);
            }
        }
        drop(turn);
        if with_key {
            let key = self.folder().join(KEY);
            if !key.is_file() {
                return Err(BackupError::NoKey);
            }
            files.push(Source::open(KEY.to_owned(), &key)?);
        }
        for name in tapes(&self.folder().join(TAPES))? {
            files.push(Source::open(format!("{TAPES}/{name}"), &self.folder().join(TAPES).join(&name))?);
        }
        let manifest = Manifest {
            format: FORMAT,
            weir: env!("CARGO_PKG_VERSION").to_owned(),
            created: self.now()?,
            folder: self.store().folder_id()?,
            files: files.iter().map(|file| file.part.clone()).collect(),
        };
        pack(out, &manifest, files)?;
        Ok(manifest)
    }
}

/// A file that is open, so that it stays what it is when it is removed meanwhile, and grows unnoticed.
struct Source {
    part: Part,
    file: File,
}

impl Source {
    fn open(name: String, path: &Path) -> Result<Self, BackupError> {
        let mut file = File::open(path).map_err(BackupError::file("open", path))?;
        let bytes = file.metadata().map_err(BackupError::file("read", path))?.len();
        let mut hashing = Hashing::new((&mut file).take(bytes));
        io::copy(&mut hashing, &mut io::sink()).map_err(BackupError::file("read", path))?;
        let (bytes, sha256) = hashing.end();
        file.seek(SeekFrom::Start(0)).map_err(BackupError::file("read", path))?;
        Ok(Self { part: Part { path: name, bytes, sha256 }, file })
    }
}

fn pack(out: impl Write, manifest: &Manifest, files: Vec<Source>) -> Result<(), BackupError> {
    let mut packer = zstd::Encoder::new(out, LEVEL).map_err(BackupError::Written)?;
    packer.include_checksum(true).map_err(BackupError::Written)?;
    let mut archive = tar::Builder::new(packer);
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::Written(error.into()))?;
    let mut head = header(NAME, text.len() as u64, manifest.created).map_err(BackupError::Written)?;
    archive.append(&head, text.as_slice()).map_err(BackupError::Written)?;
    for (number, Source { part, file }) in files.into_iter().enumerate() {
        head =
            header(&entry_name(number, &part), part.bytes, manifest.created).map_err(BackupError::Written)?;
        let mut hashing = Hashing::new(file.take(part.bytes));
        archive.append(&head, &mut hashing).map_err(BackupError::Written)?;
        if hashing.end() != (part.bytes, part.sha256) {
            return Err(BackupError::Changed(part.path));
        }
    }
    let packer = archive.into_inner().map_err(BackupError::Written)?;
    packer.finish().and_then(|mut out| out.flush()).map_err(BackupError::Written)
}

fn header(name: &str, bytes: u64, created: u64) -> io::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(created / 1_000);
    header.set_cksum();
    Ok(header)
}

/// The names of the tapes, sorted.
fn tapes(folder: &Path) -> Result<Vec<String>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(BackupError::file("look into", folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(BackupError::file("look into", folder))?.file_name();
        names.extend(name.to_str().filter(|name| is_tape(name)).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// A folder for the copy, which goes with this value; what a process left that was killed goes first.
struct Scratch(PathBuf, #[allow(dead_code, reason = "the lock is given back when it is dropped")] File);

impl Scratch {
    fn of(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(LOCK);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(&path).map_err(BackupError::file("open", &path))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => BackupError::Busy,
            TryLockError::Error(error) => BackupError::file("lock", &path)(error),
        })?;
        let scratch = folder.join(SCRATCH);
        remove(&scratch).map_err(BackupError::file("remove", &scratch))?;
        private_folder(&scratch).map_err(BackupError::file("make", &scratch))?;
        Ok(Self(scratch, lock))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _next_time = remove(&self.0);
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
