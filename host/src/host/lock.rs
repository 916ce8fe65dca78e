//! One process at a time reads sources into a data folder; the others are told which one.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Host, HostError};
use crate::model::Timestamp;

/// The lock's file. It stays: removing it would let two processes lock two files of one name.
const FILE_NAME: &str = "host.lock";

/// What is read of a holder's note; ours are shorter.
const NOTE_BYTES_MAX: u64 = 64 * 1_024;

/// What a process holds a data folder for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Doing {
    /// Whatever is due or asked for.
    Serve,
    Sync {
        connections: Vec<String>,
    },
    /// Something short, as it was typed.
    Once {
        command: String,
    },
}

/// Who holds a data folder, as that process has noted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    pub doing: Doing,
    pub since: Timestamp,
}

/// The lock. It is given back when this is dropped, and by the operating system when the process dies.
#[derive(Debug)]
pub struct Held(File);

impl fmt::Display for Doing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serve => write!(out, "weir serve"),
            Self::Sync { connections } => match connections.as_slice() {
                [one] => write!(out, "weir sync {one}"),
                _ => write!(out, "weir sync"),
            },
            Self::Once { command } => write!(out, "{command}"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "process {} (`{}`", self.pid, self.doing)?;
        let since = i64::try_from(self.since).ok().and_then(chrono::DateTime::from_timestamp_millis);
        if let Some(since) = since {
            write!(out, ", since {}", since.format("%Y-%m-%d %H:%M"))?;
        }
        write!(out, ")")
    }
}

impl Host {
    /// Takes the data folder for this process, which from then on is the only one that reads sources into it.
    /// Whatever only looks things up, or changes a setting, needs no lock.
    ///
    /// # Errors
    ///
    /// [`HostError::Taken`] with who has it; [`HostError::Folder`] when the lock's file cannot be used.
    pub fn hold(&self, doing: Doing) -> Result<Held, HostError> {
        hold_folder(&self.folder, doing, self.now()?)
    }

    /// Who reads sources into this folder now, in this process or another; None if nobody does.
    ///
    /// # Errors
    ///
    /// [`HostError::Folder`] when the lock's file cannot be used.
    pub fn holder(&self) -> Result<Option<Holder>, HostError> {
        let path = self.folder.join(FILE_NAME);
        let failed = |source| HostError::Folder { path: path.clone(), source };
        // Most of the time nobody does, and then the lock is not touched: somebody may be about to take it.
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let Some(holder) = note(&file) else { return Ok(None) };
        // A process that was killed leaves its note behind, and nobody who holds the lock.
        let file = lock_file(&path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(Some(holder)),
            Err(TryLockError::Error(source)) => Err(failed(source)),
            Ok(()) => {
                drop(Held(file));
                Ok(None)
            }
        }
    }
}

/// [`Host::hold`] for a folder whose store is not to be opened, or cannot be.
///
/// # Errors
///
/// As [`Host::hold`].
pub fn hold_folder(folder: &Path, doing: Doing, now: Timestamp) -> Result<Held, HostError> {
    let path = folder.join(FILE_NAME);
    let failed = |source| HostError::Folder { path: path.clone(), source };
    let file = lock_file(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = note(&file).map(Box::new);
            return Err(HostError::Taken { folder: folder.to_path_buf(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    let held = Held(file);
    held.write(&Holder { pid: std::process::id(), doing, since: now }).map_err(failed)?;
    Ok(held)
}

fn lock_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Held {
    fn write(&self, holder: &Holder) -> std::io::Result<()> {
        let text = serde_json::to_vec(holder)?;
        let mut file = &self.0;
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&text)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // While the lock is still ours. A note that stays is seen through by whoever looks.
        let _note = self.0.set_len(0);
    }
}

/// What the holder has noted of itself, if it has.
fn note(file: &File) -> Option<Holder> {
    let mut text = Vec::new();
    file.take(NOTE_BYTES_MAX).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::Doing;
    use crate::host::Host;

    fn sync(connections: &[&str]) -> Doing {
        Doing::Sync { connections: connections.iter().map(|name| (*name).to_owned()).collect() }
    }

    #[test]
    fn the_second_is_told_who_the_first_is() {
        let dir = tempfile::tempdir().unwrap();
        let host = || Host::open(dir.path(), None).unwrap();
        let (first, second) = (host(), host());
        assert_eq!(second.holder().unwrap(), None);
        let held = first.hold(Doing::Serve).unwrap();
        let holder = second.holder().unwrap().unwrap();
        assert_eq!((holder.pid, &holder.doing), (std::process::id(), &Doing::Serve));
        let error = second.hold(sync(&["acme"])).unwrap_err().to_string();
        let pid = std::process::id().to_string();
        let error = error.replace(dir.path().to_str().unwrap(), "DIR").replace(&pid, "PID");
        let (error, _) = error.split_once(", since").unwrap();
        assert_eq!(error, "the data folder DIR is in use by process PID (`weir serve`");
        drop(held);
        assert_eq!(second.holder().unwrap(), None);
        let _held = second.hold(sync(&["acme"])).unwrap();
        assert_eq!(first.holder().unwrap().unwrap().doing.to_string(), "weir sync acme");
    }

    #[test]
    fn a_note_that_was_left_behind_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let host = Host::open(dir.path(), None).unwrap();
        let left = r#"{"pid":1,"doing":{"kind":"serve"},"since":5}"#;
        std::fs::write(dir.path().join(super::FILE_NAME), left).unwrap();
        assert_eq!(host.holder().unwrap(), None);
        std::fs::write(dir.path().join(super::FILE_NAME), "{ torn").unwrap();
        assert_eq!(host.holder().unwrap(), None);
        let _held = host.hold(sync(&["a", "b"])).unwrap();
        assert_eq!(host.holder().unwrap().unwrap().doing.to_string(), "weir sync");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_look_at_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let host = Host::open(dir.path(), None).unwrap();
        let _held = host.hold(Doing::Serve).unwrap();
        let mode = std::fs::metadata(dir.path().join(super::FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
