//! The key that seals secrets: 32 bytes in a file that only its owner reads, or given as base64.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, Zeroizing};

/// 256 bits, as XChaCha20-Poly1305 takes them.
pub(super) const KEY_BYTES: usize = 32;

/// The name of the key's file in the data folder.
const KEY_FILE: &str = "key";

/// The key of a [`super::Vault`]. Wiped from memory when dropped.
pub struct Key(pub(super) Zeroizing<[u8; KEY_BYTES]>);

#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    #[error("the key {path} can be read by other users (mode {mode:o}); run `chmod 600 {path}`, and if others had access, sign in again with new tokens", path = path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key {path} is not a file of {KEY_BYTES} bytes; put the right file back, or remove it and sign in again", path = path.display())]
    Damaged { path: PathBuf },
    #[error("WEIR_KEY is not {KEY_BYTES} bytes in base64; `openssl rand -base64 {KEY_BYTES}` makes one")]
    Environment,
    #[error("the system gave no random bytes for a key: {0}")]
    Chance(getrandom::Error),
    #[error("the key {path} could not be {attempted}: {source}", path = path.display())]
    Io { path: PathBuf, attempted: &'static str, source: io::Error },
}

impl Key {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`KeyFault::Chance`] if the system has none to give.
    pub fn random() -> Result<Self, KeyFault> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(bytes.as_mut_slice()).map_err(KeyFault::Chance)?;
        Ok(Self(bytes))
    }

    /// The key that `WEIR_KEY` holds: 32 bytes in standard base64. The caller reads the
    /// environment, so that this does not depend on it.
    ///
    /// # Errors
    /// [`KeyFault::Environment`] for anything else. The value is not repeated.
    pub fn from_base64(text: &str) -> Result<Self, KeyFault> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        let decoded = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| KeyFault::Environment)?);
        if decoded.len() != KEY_BYTES {
            return Err(KeyFault::Environment);
        }
        bytes.copy_from_slice(&decoded);
        Ok(Self(bytes))
    }

    /// The key in `folder`, made there if it has none.
    ///
    /// Two processes that start at once agree on one key: each writes its own beside it and
    /// links that into place, and the link fails for the second, which then reads the first's.
    ///
    /// # Errors
    /// A key that others may read or that has another length is refused, never replaced:
    /// what it sealed could not be opened any more.
    pub fn in_folder(folder: &Path) -> Result<Self, KeyFault> {
        let path = folder.join(KEY_FILE);
        match File::open(&path) {
            Ok(file) => Self::read(&path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(&path),
            Err(source) => Err(KeyFault::Io { path, attempted: "opened", source }),
        }
    }

    fn create(path: &Path) -> Result<Self, KeyFault> {
        let fault = |attempted| move |source| KeyFault::Io { path: path.to_path_buf(), attempted, source };
        let key = Self::random()?;
        let draft = path.with_extension(format!("draft-{}", getrandom::u64().map_err(KeyFault::Chance)?));
        let placed = write_private(&draft, key.0.as_slice()).and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft).or_else(ignore_absent).map_err(fault("tidied up after"))?;
        match placed {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::read(path, File::open(path).map_err(fault("opened"))?)
            }
            Err(source) => Err(fault("created")(source)),
        }
    }

    /// Judges the open file, not its path, so that nobody can exchange it in between.
    fn read(path: &Path, file: File) -> Result<Self, KeyFault> {
        let fault = |source| KeyFault::Io { path: path.to_path_buf(), attempted: "read", source };
        let damaged = || KeyFault::Damaged { path: path.to_path_buf() };
        let metadata = file.metadata().map_err(fault)?;
        if !metadata.is_file() {
            return Err(damaged());
        }
        refuse_exposed(path, &metadata)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_BYTES + 1));
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(fault)?;
        let mut key: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| damaged())?;
        let kept = Zeroizing::new(key);
        key.zeroize();
        Ok(Self(kept))
    }
}

fn ignore_absent(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn refuse_exposed(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyFault> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFault::Exposed { path: path.to_path_buf(), mode }) }
}

/// Elsewhere the folder's own access list has to do.
#[cfg(not(unix))]
fn refuse_exposed(_: &Path, _: &fs::Metadata) -> Result<(), KeyFault> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::{Key, KeyFault};

    fn fault(made: Result<Key, KeyFault>) -> KeyFault {
        made.err().unwrap()
    }

    #[test]
    fn the_same_folder_gives_the_same_key_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Key::in_folder(folder.path()).unwrap();
        let again = Key::in_folder(folder.path()).unwrap();
        assert_eq!(*first.0, *again.0);
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 1, "no draft is left behind");
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn many_who_start_at_once_agree_on_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let started: Vec<_> =
                (0..8).map(|_| scope.spawn(|| *Key::in_folder(folder.path()).unwrap().0)).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0]));
    }

    #[test]
    fn a_key_that_others_may_read_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, [7; 32]).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(fault(Key::in_folder(folder.path())), KeyFault::Exposed { mode: m, .. } if m == mode)
            );
        }
        assert_eq!(fs::read(&path).unwrap(), [7; 32]);
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        for length in [0, 31, 33, 4096] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("key");
            fs::write(&path, vec![7; length]).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(fault(Key::in_folder(folder.path())), KeyFault::Damaged { .. }));
        }
    }

    #[test]
    fn a_folder_in_the_key_s_place_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("key")).unwrap();
        assert!(matches!(fault(Key::in_folder(folder.path())), KeyFault::Damaged { .. }));
    }

    #[test]
    fn the_environment_s_key_is_exactly_32_bytes_and_never_repeated() {
        let text = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
        assert_eq!(*Key::from_base64(&format!("{text}\n")).unwrap().0, [1; 32]);
        for bad in ["", "secret!", "c2hvcnQ=", &text.repeat(2)] {
            let fault = fault(Key::from_base64(bad));
            assert!(matches!(fault, KeyFault::Environment));
            assert!(bad.is_empty() || !fault.to_string().contains(bad));
        }
    }
}
