//! One renewal of a grant at a time, among all processes that use a data folder.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// A renewal takes seconds, and minutes if its server is down. Who waits longer waits for a
/// process that hangs.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(300);

/// A file in the data folder. The operating system holds the lock for an open file and takes it
/// back when the process dies, so that none is ever left behind; the file itself stays, since
/// removing it would let two processes lock two files of one name.
#[derive(Debug, Clone)]
pub struct GrantLock(PathBuf);

/// Given back when dropped.
#[derive(Debug)]
pub struct Held(#[allow(dead_code)] File);

impl GrantLock {
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Waits for the turn, off the threads on which requests are waited for.
    ///
    /// # Errors
    /// If the file cannot be made or locked, or somebody else keeps it for minutes.
    pub async fn hold(&self) -> io::Result<Held> {
        let path = self.0.clone();
        let locked = tokio::task::spawn_blocking(move || lock(&path));
        match tokio::time::timeout(LOCK_WAIT_MAX, locked).await {
            Ok(Ok(held)) => held,
            Ok(Err(error)) => Err(io::Error::other(error)),
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!(
                    "another process has kept it for {} s; look for one that hangs",
                    LOCK_WAIT_MAX.as_secs()
                ),
            )),
        }
    }
}

fn lock(path: &PathBuf) -> io::Result<Held> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    file.lock()?;
    Ok(Held(file))
}
