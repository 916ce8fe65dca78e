//! What a backup says of itself, and what may be in one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::installed::component;
use crate::model::Timestamp;
use crate::sandbox::limits::COMPONENT_BYTES_MAX;
use crate::store::FILE_NAME;

/// The format that is written, and the newest that is read.
pub const FORMAT: u32 = 1;

/// The first entry of the archive.
pub(super) const NAME: &str = "manifest.json";
/// Of the manifest: thousands of tapes.
pub(super) const MANIFEST_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The key's name in the folder, and its length.
pub(super) const KEY: &str = "key";
const KEY_BYTES: u64 = 32;

/// The folder of the tapes, and how tapes end.
pub(super) const TAPES: &str = "tapes";
pub(super) const TAPE_END: &str = ".tape";
/// Of a tape's name; a file system takes no longer ones.
const NAME_BYTES_MAX: usize = 255;

/// Of a store or a tape: more than either grows to. A forged header says exabytes.
const PART_BYTES_MAX: u64 = 1 << 40;

/// What is in a backup, in the order of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of Weir that wrote it.
    pub weir: String,
    /// Milliseconds since 1970.
    pub created: Timestamp,
    /// The id of the data folder, which a restored one keeps.
    pub folder: String,
    pub files: Vec<Part>,
}

/// A file of the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// In the data folder: `weir.db`, `key`, `connectors/SHA256.wasm` or `tapes/NAME.tape`.
    pub path: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Manifest {
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.files.iter().any(|part| part.path == KEY)
    }

    /// Bytes of all files, before they are compressed.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |bytes, part| bytes.saturating_add(part.bytes))
    }

    /// Reads a manifest, which whoever made the archive may have written by hand.
    ///
    /// # Errors
    ///
    /// [`BackupError::Newer`] for another format, [`BackupError::Refused`] for whatever else no backup has.
    pub fn read(text: &[u8]) -> Result<Self, BackupError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let refused = |error: serde_json::Error| BackupError::Refused(format!("its manifest says {error}"));
        let Format { format } = serde_json::from_slice(text).map_err(refused)?;
        if format != FORMAT {
            return Err(BackupError::Newer { found: format });
        }
        let manifest: Self = serde_json::from_slice(text).map_err(refused)?;
        match manifest.fault() {
            None => Ok(manifest),
            Some(fault) => Err(BackupError::Refused(fault)),
        }
    }

    fn fault(&self) -> Option<String> {
        let mut paths = BTreeSet::new();
        for part in &self.files {
            let Some(bytes_max) = bytes_max(&part.path) else {
                return Some(format!("it holds {:?}", part.path));
            };
            if part.bytes > bytes_max {
                return Some(format!("{:?} would have {} bytes", part.path, part.bytes));
            }
            // A component is called by its digest, so that it is never taken for another.
            if component_of(&part.path).is_some_and(|sha256| sha256 != part.sha256) {
                return Some(format!("{:?} is not what it is called", part.path));
            }
            if !paths.insert(part.path.as_str()) {
                return Some(format!("it holds {:?} twice", part.path));
            }
        }
        (!paths.contains(FILE_NAME)).then(|| "it holds no store".to_owned())
    }
}

/// How long this file of a data folder may be; None for one that is not backed up, wherever it would lead.
fn bytes_max(path: &str) -> Option<u64> {
    match path {
        FILE_NAME => Some(PART_BYTES_MAX),
        KEY => Some(KEY_BYTES),
        _ => {
            let (folder, file) = path.split_once('/')?;
            match folder {
                TAPES => is_tape(file).then_some(PART_BYTES_MAX),
                component::FOLDER => component::sha256_of(file).map(|_| COMPONENT_BYTES_MAX as u64),
                _ => None,
            }
        }
    }
}

/// The digest that a component's file is called by; None for other files.
fn component_of(path: &str) -> Option<&str> {
    component::sha256_of(path.strip_prefix(component::FOLDER)?.strip_prefix('/')?)
}

/// Whether a file of the tapes' folder is one: letters, digits and a few signs, as tapes are called.
pub(super) fn is_tape(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'%' | b'~');
    name.len() <= NAME_BYTES_MAX
        && name.bytes().all(plain)
        && !name.starts_with('.')
        && name.strip_suffix(TAPE_END).is_some_and(|stem| !stem.is_empty())
}

/// What the archive calls the file with this number: short, since only headers without extensions are read.
pub(super) fn entry_name(number: usize, part: &Part) -> String {
    match part.path.as_str() {
        FILE_NAME | KEY => part.path.clone(),
        path if component_of(path).is_some() => format!("{}/{number}", component::FOLDER),
        _ => format!("{TAPES}/{number}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    fn manifest(files: &[(&str, u64)]) -> Manifest {
        let part = |(path, bytes): &(&str, u64)| Part {
            path: (*path).to_owned(),
            bytes: *bytes,
            sha256: String::new(),
        };
        Manifest {
            format: FORMAT,
            weir: "0.1.0".to_owned(),
            created: 0,
            folder: "f".to_owned(),
            files: files.iter().map(part).collect(),
        }
    }

    fn read(manifest: &Manifest) -> String {
        match Manifest::read(&serde_json::to_vec(manifest).unwrap()) {
            Ok(_) => "read".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_backup_holds_a_store_and_what_belongs_to_it() {
        let all =
            [(FILE_NAME, 9), ("key", 32), ("tapes/acme-20260301T091500Z.tape", 9), ("tapes/%E4.tape", 1)];
        assert_eq!(read(&manifest(&all)), "read");
        assert!(read(&manifest(&[])).contains("no store"));
        assert!(read(&Manifest { format: 2, ..manifest(&all) }).contains("newer Weir"));
    }

    #[test]
    fn a_component_is_what_it_is_called() {
        let sha256 = crate::tape::sha256(b"component");
        let mut manifest = manifest(&[(FILE_NAME, 9), (&format!("connectors/{sha256}.wasm"), 9)]);
        assert!(read(&manifest).contains("is not what it is called"));
        manifest.files[1].sha256 = sha256;
        assert_eq!(read(&manifest), "read");
    }

    #[test]
    fn nothing_else_is_let_in() {
        let paths = [
            "../weir.db",
            "/etc/passwd",
            "tapes/../../x.tape",
            "tapes/..tape",
            "tapes/.tape",
            "tapes/a/b.tape",
            "tapes/a\0.tape",
            "tapes/a.txt",
            "tapes",
            "connectors/a.wasm",
            "connectors/../x",
            "compiled/x",
            "index/meta.json",
            "weir.db-wal",
            "",
        ];
        for path in paths {
            assert!(read(&manifest(&[(FILE_NAME, 1), (path, 1)])).contains("no backup of Weir"), "{path}");
        }
        for twice_or_large in [(FILE_NAME, 1), ("key", 33), ("tapes/a.tape", u64::MAX)] {
            let refused = read(&manifest(&[(FILE_NAME, 1), twice_or_large]));
            assert!(refused.contains("no backup of Weir"), "{twice_or_large:?}");
        }
    }
}
