//! Putting a backup in place: all of it, or nothing.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::manifest::{KEY, TAPES};
use super::unpack::{sync, unpack};
use super::{BackupError, Manifest};
use crate::host::{Doing, RESTORING, hold_folder, private_folder};
use crate::installed::component;
use crate::model::Timestamp;
use crate::store::{FILE_NAME, Store};

/// Where what was there waits until the new is in its place.
const REPLACED: &str = "replaced";

/// What is no part of a data folder's content: locks, a file system's own, and our folder of a try that was cut off.
const NO_CONTENT: [&str; 5] = ["host.lock", "backup.lock", "connectors.lock", "lost+found", RESTORING];

/// A data folder that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub manifest: Manifest,
    /// Whether the folder has a key; without one the secrets cannot be opened, unless `WEIR_KEY` says it.
    pub has_key: bool,
}

/// Makes a data folder of a backup. With `replace`, in place of the store that is there; a key that is there stays
/// unless the backup has one.
///
/// The archive is unpacked and its store checked in a folder of its own within `folder`, so that what is put in place
/// only has to be renamed, the store last. A process that dies before leaves the old folder, or one that says it has
/// lost its store; the next restore tidies up.
///
/// # Errors
///
/// When a process holds the folder, when it holds a store and that is not to be replaced, and for whatever is wrong
/// with the archive. Nothing was changed then.
pub fn restore(
    archive: impl Read,
    folder: &Path,
    replace: bool,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    private_folder(folder).map_err(BackupError::file("make", folder))?;
    let _held = hold_folder(folder, Doing::Once { command: "weir restore".to_owned() }, now)?;
    roll_back(folder)?;
    if !replace && has_content(folder)? {
        return Err(BackupError::NotEmpty(folder.to_path_buf()));
    }
    let staging = Staging::within(folder)?;
    let manifest = unpack(archive, &staging.0)?;
    settle(&staging.0, &manifest)?;
    put_in_place(&staging.0, folder, &manifest)?;
    let has_key = folder.join(KEY).exists();
    Ok(Restored { manifest, has_key })
}

/// The store opens, is whole and is that folder's. Nobody is signed in to it any more.
fn settle(staging: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let store = Store::open(staging)?;
    store.check()?;
    if store.folder_id()? != manifest.folder {
        return Err(BackupError::Differs(FILE_NAME.to_owned()));
    }
    store.end_sessions()?;
    // The last to close it takes its log into it.
    drop(store);
    let path = staging.join(FILE_NAME);
    let synced = fs::File::open(&path).and_then(|file| file.sync_all());
    synced.map_err(BackupError::file("write", &path))?;
    for folder in [TAPES, component::FOLDER].map(|name| staging.join(name)) {
        if folder.is_dir() {
            sync(&folder)?;
        }
    }
    sync(staging)
}

fn put_in_place(staging: &Path, folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let aside = folder.join(REPLACED);
    private_folder(&aside).map_err(BackupError::file("make", &aside))?;
    // The index is another state's, and the log of the old store would be taken for the new one's.
    let log = [format!("{FILE_NAME}-wal"), format!("{FILE_NAME}-shm")];
    let mut old = vec![FILE_NAME, &log[0], &log[1], "index", TAPES, component::FOLDER];
    old.extend(manifest.has_key().then_some(KEY));
    // The store comes last: a folder with all but a store says that it has lost it.
    let moves = old.into_iter().map(|name| (folder.join(name), aside.join(name)));
    let moves = moves.chain(
        [KEY, TAPES, component::FOLDER, FILE_NAME].map(|name| (staging.join(name), folder.join(name))),
    );
    let mut moved = Vec::new();
    for (from, to) in moves.filter(|(from, _)| from.exists()) {
        if let Err(source) = fs::rename(&from, &to) {
            undo(moved);
            return Err(BackupError::File { attempted: "put in place", path: to, source });
        }
        moved.push((from, to));
    }
    sync(folder)?;
    remove(&aside)
}

/// The first error is the one to tell; what cannot be put back is where `roll_back` finds it.
fn undo(moved: Vec<(PathBuf, PathBuf)>) {
    for (from, to) in moved.into_iter().rev() {
        let _told = fs::rename(to, from);
    }
}

/// Tidies up after a restore that was cut off: what was there comes back, unless the new store is in its place.
fn roll_back(folder: &Path) -> Result<(), BackupError> {
    let aside = folder.join(REPLACED);
    if !folder.join(FILE_NAME).exists() && aside.is_dir() {
        let entries = fs::read_dir(&aside).map_err(BackupError::file("look into", &aside))?;
        for entry in entries {
            let from = entry.map_err(BackupError::file("look into", &aside))?.path();
            let to = folder.join(from.file_name().unwrap_or_default());
            if to.is_dir() {
                remove(&to)?;
            }
            fs::rename(&from, &to).map_err(BackupError::file("put back", &to))?;
        }
        sync(folder)?;
    }
    remove(&aside)?;
    remove(&folder.join(RESTORING))
}

fn has_content(folder: &Path) -> Result<bool, BackupError> {
    let entries = fs::read_dir(folder).map_err(BackupError::file("look into", folder))?;
    for entry in entries {
        let name = entry.map_err(BackupError::file("look into", folder))?.file_name();
        if !NO_CONTENT.iter().any(|no_content| name == *no_content) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where the archive is unpacked; it goes with this value.
struct Staging(PathBuf);

impl Staging {
    fn within(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(RESTORING);
        private_folder(&path).map_err(BackupError::file("make", &path))?;
        Ok(Self(path))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _next_time = remove(&self.0);
    }
}

fn remove(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(BackupError::file("remove", folder)),
    }
}
