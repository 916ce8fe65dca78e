//! The component files: `connectors/SHA256.wasm` in the data folder, readable for their owner only.
//!
//! A file is whole before it has its name, and has its name before a row in the store speaks of it. So a crash leaves
//! a file too many and never one too few; [`tidy`] takes it away. A lock keeps installing, tidying and a backup apart.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::InstalledFault;
use crate::sandbox::limits::COMPONENT_BYTES_MAX;
use crate::tape::sha256 as digest;

/// The folder's name in the data folder.
pub const FOLDER: &str = "connectors";
/// How component files end.
pub const END: &str = ".wasm";
/// Held while files come or go. It stays, as `host.lock` does.
const LOCK: &str = "connectors.lock";

/// Whether this names a component file: 64 hexadecimal digits and `.wasm`; then its digest.
#[must_use]
pub fn sha256_of(file: &str) -> Option<&str> {
    let stem = file.strip_suffix(END)?;
    let digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    (stem.len() == 64 && stem.bytes().all(digit)).then_some(stem)
}

/// Where a component of a data folder is.
#[must_use]
pub fn path(data: &Path, sha256: &str) -> PathBuf {
    data.join(FOLDER).join(format!("{sha256}{END}"))
}

/// The right to let files come and go; given back when it is dropped, and by the operating system.
pub struct Turn(#[allow(dead_code, reason = "the lock is given back when it is dropped")] File);

/// Waits for the right: whoever has it needs a moment, or as long as a backup copies the store.
///
/// # Errors
///
/// When the lock's file cannot be made or locked.
pub fn turn(data: &Path) -> Result<Turn, InstalledFault> {
    let path = data.join(LOCK);
    let failed = |source| InstalledFault::File { attempted: "lock", path: path.clone(), source };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private(&mut options);
    let file = options.open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(Turn(file))
}

/// Reads a component, no further than the largest may be.
///
/// # Errors
///
/// When there is none, or the disk does not give it.
pub fn read(data: &Path, sha256: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let max = u64::try_from(COMPONENT_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path(data, sha256))?.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a component, unless the very same is there.
///
/// # Errors
///
/// When the disk does not take it; then there is no file of that name, or the one from before.
pub fn keep(data: &Path, sha256: &str, wasm: &[u8], _turn: &Turn) -> Result<(), InstalledFault> {
    if read(data, sha256).is_ok_and(|bytes| digest(&bytes) == sha256) {
        return Ok(());
    }
    let folder = data.join(FOLDER);
    let failed = |attempted, path: &Path| {
        let path = path.to_path_buf();
        move |source| InstalledFault::File { attempted, path, source }
    };
    crate::host::private_folder(&folder).map_err(failed("make", &folder))?;
    let draft = folder.join(format!("{sha256}.part"));
    match fs::remove_file(&draft) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed.map_err(failed("remove", &draft))?,
    }
    let written = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        private(&mut options);
        let mut file = options.open(&draft)?;
        file.write_all(wasm)?;
        file.sync_all()
    };
    written().map_err(failed("write", &draft))?;
    let place = path(data, sha256);
    fs::rename(&draft, &place).map_err(failed("put in place", &place))?;
    let synced = File::open(&folder).and_then(|folder| folder.sync_all());
    synced.map_err(failed("write", &folder))
}

/// Takes away what no row speaks of: what an interrupted command left, and versions that are not kept any more.
///
/// # Errors
///
/// When the folder cannot be read or a file not be removed; the next command tries again.
pub fn tidy(data: &Path, kept: &BTreeSet<String>, _turn: &Turn) -> Result<(), InstalledFault> {
    let folder = data.join(FOLDER);
    let failed = |source| InstalledFault::File { attempted: "tidy up", path: folder.clone(), source };
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ours = name.strip_suffix(".part").is_some()
            || sha256_of(name).is_some_and(|sha256| !kept.contains(sha256));
        if ours {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _everybody = options;
}
