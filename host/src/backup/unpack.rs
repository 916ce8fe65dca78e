//! Taking an archive apart that somebody else may have made.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use tar::{Archive, Entries, Entry, EntryType};

use super::hashing::Hashing;
use super::manifest::{MANIFEST_BYTES_MAX, NAME, TAPES, entry_name};
use super::{BackupError, Manifest, Part};
use crate::host::private_folder;
use crate::installed::component;

type Unpacked<R> = zstd::Decoder<'static, io::BufReader<R>>;

/// Writes what is in an archive into an empty folder. Entries have to be the manifest's, in its order; anything that
/// is no plain file is refused, and no name that the archive says becomes a path.
///
/// # Errors
///
/// When the archive is cut off, damaged or tampered with; the folder then holds some of it.
pub fn unpack(archive: impl Read, folder: &Path) -> Result<Manifest, BackupError> {
    let decoder = zstd::Decoder::new(archive).map_err(BackupError::Unreadable)?;
    let mut archive = Archive::new(decoder);
    // Raw: an extension header could make a name or a size of any length.
    let mut entries = archive.entries().map_err(BackupError::Unreadable)?.raw(true);
    let manifest = manifest(&mut entries)?;
    for (number, part) in manifest.files.iter().enumerate() {
        let entry = next(&mut entries, &entry_name(number, part), &part.path)?;
        write(entry, part, folder)?;
    }
    match entries.next() {
        None => Ok(manifest),
        Some(_) => Err(BackupError::Refused("it goes on after its end".to_owned())),
    }
}

fn manifest<R: Read>(entries: &mut Entries<'_, Unpacked<R>>) -> Result<Manifest, BackupError> {
    let entry = next(entries, NAME, NAME)?;
    if entry.size() > MANIFEST_BYTES_MAX {
        return Err(BackupError::Refused(format!("its manifest has {} bytes", entry.size())));
    }
    let mut text = Vec::new();
    entry.take(MANIFEST_BYTES_MAX).read_to_end(&mut text).map_err(BackupError::Unreadable)?;
    Manifest::read(&text)
}

/// The next entry, if it is a plain file that is called so. `path`: what it is for people.
fn next<'a, R: Read>(
    entries: &mut Entries<'a, Unpacked<R>>,
    name: &str,
    path: &str,
) -> Result<Entry<'a, Unpacked<R>>, BackupError> {
    let entry = entries.next().ok_or_else(|| BackupError::Cut(path.to_owned()))?;
    let entry = entry.map_err(BackupError::Unreadable)?;
    let (kind, found) = (entry.header().entry_type(), entry.path_bytes().into_owned());
    if kind != EntryType::Regular || found != name.as_bytes() {
        let found = String::from_utf8_lossy(&found).into_owned();
        return Err(BackupError::Refused(format!("it has {found:?} ({kind:?}) where {path} would be")));
    }
    Ok(entry)
}

fn write<R: Read>(entry: Entry<'_, R>, part: &Part, folder: &Path) -> Result<(), BackupError> {
    let differs = || BackupError::Differs(part.path.clone());
    if entry.size() != part.bytes {
        return Err(differs());
    }
    let path = folder.join(&part.path);
    let mut file = create(&path).map_err(BackupError::file("create", &path))?;
    let mut hashing = Hashing::new(entry.take(part.bytes));
    copy(&mut hashing, &mut file, &path)?;
    if hashing.end() != (part.bytes, part.sha256.clone()) {
        return Err(differs());
    }
    file.sync_all().map_err(BackupError::file("write", &path))
}

/// Tells trouble with the archive from trouble with this disk.
fn copy(from: &mut impl Read, to: &mut File, path: &Path) -> Result<(), BackupError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).map_err(BackupError::Unreadable)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        io::Write::write_all(to, bytes).map_err(BackupError::file("write", path))?;
    }
}

fn create(path: &Path) -> io::Result<File> {
    let inner = |parent: &&Path| parent.ends_with(TAPES) || parent.ends_with(component::FOLDER);
    if let Some(folder) = path.parent().filter(inner) {
        private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in a folder durable.
///
/// # Errors
///
/// When the folder cannot be opened or written.
pub fn sync(folder: &Path) -> Result<(), BackupError> {
    let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(BackupError::file("write", folder))
}
