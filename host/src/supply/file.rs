//! A component in a file, with its signature beside it.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use super::reference::beside;
use super::{Digest, FileFault, Signature, Supplied, SupplyError, limits};
use crate::sandbox::limits::COMPONENT_BYTES_MAX;

pub(super) async fn bring(path: &Path, signed: bool) -> Result<Supplied, SupplyError> {
    let path = path.to_owned();
    let from = path.display().to_string();
    let reading = tokio::task::spawn_blocking(move || read_both(&path, signed));
    // A task that reads does not panic; ended with the process, it is not waited for.
    let stopped = |error: tokio::task::JoinError| SupplyError::File {
        path: from.clone(),
        fault: FileFault::Io(error.to_string()),
    };
    reading.await.map_err(stopped)?
}

fn read_both(path: &Path, signed: bool) -> Result<Supplied, SupplyError> {
    let from = path.display().to_string();
    let wasm = read(path, COMPONENT_BYTES_MAX as u64)
        .map_err(|error| SupplyError::File { path: from.clone(), fault: fault(error) })?;
    let beside = signed.then(|| read(&beside(path), limits::SIGNATURE_BYTES_MAX));
    let signature = match beside {
        None => None,
        Some(Ok(text)) => Some(Signature::detached(text)),
        Some(Err(Unread::Io(error))) if error.kind() == ErrorKind::NotFound => None,
        Some(Err(unread)) => Some(Signature::unread(format!("{from}.sig: {}", fault(unread)))),
    };
    Ok(Supplied { sha256: Digest::of(&wasm).hex(), wasm, from, signature })
}

enum Unread {
    Io(std::io::Error),
    Fault(FileFault),
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

fn fault(unread: Unread) -> FileFault {
    match unread {
        Unread::Io(error) => FileFault::Io(error.to_string()),
        Unread::Fault(fault) => fault,
    }
}

/// At most so many bytes of a regular file.
fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Unread> {
    // Looked at before it is opened: opening a pipe waits for whoever writes into it.
    let about = std::fs::metadata(path)?;
    if about.is_dir() {
        return Err(Unread::Fault(FileFault::Folder));
    }
    if !about.is_file() {
        return Err(Unread::Fault(FileFault::NoFile));
    }
    let too_large = |bytes| Unread::Fault(FileFault::TooLarge { bytes, bytes_max });
    if about.len() > bytes_max {
        return Err(too_large(about.len()));
    }
    let mut bytes = Vec::new();
    // It may have grown since.
    File::open(path)?.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::File;
    use std::path::Path;

    use tempfile::TempDir;

    use super::bring;
    use crate::supply::{Digest, Supplied, SupplyError};

    async fn said(path: &Path) -> String {
        bring(path, true).await.unwrap_err().to_string().replace(path.to_str().unwrap(), "FILE")
    }

    #[tokio::test]
    async fn a_file_comes_with_the_signature_beside_it() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("n.wasm");
        std::fs::write(&path, "a component").unwrap();
        let Supplied { wasm, sha256, from, signature } = bring(&path, true).await.unwrap();
        assert_eq!((wasm.as_slice(), sha256), (&b"a component"[..], Digest::of(b"a component").hex()));
        assert_eq!((from.as_str(), signature), (path.to_str().unwrap(), None));
        std::fs::write(folder.path().join("n.wasm.sig"), "x").unwrap();
        assert!(bring(&path, true).await.unwrap().signature.is_some());
        assert_eq!(bring(&path, false).await.unwrap().signature, None);
    }

    #[tokio::test]
    async fn only_a_file_of_a_component_s_size_is_read() {
        let folder = TempDir::new().unwrap();
        assert_eq!(
            said(folder.path()).await,
            "FILE was not read: it is a folder: name the component's .wasm file in it"
        );
        let device = "FILE was not read: it is a device or a pipe: save what comes from it as a file first";
        assert_eq!(said(Path::new("/dev/zero")).await, device);
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(said(&pipe).await, device);
        let missing = said(&folder.path().join("missing")).await;
        assert_eq!(missing, "FILE was not read: No such file or directory (os error 2)");
        let large = folder.path().join("large");
        File::create(&large).unwrap().set_len(128 * 1024 * 1024 + 1).unwrap();
        assert_eq!(
            said(&large).await,
            "FILE was not read: it has 134217729 bytes, and at most 134217728 are read: check that it is the right file"
        );
    }

    /// Whether it matters is for whoever wants a signature.
    #[tokio::test]
    async fn a_signature_that_cannot_be_read_is_there_and_proves_nothing() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("n.wasm");
        std::fs::write(&path, "a component").unwrap();
        std::fs::create_dir(folder.path().join("n.wasm.sig")).unwrap();
        assert!(bring(&path, true).await.unwrap().signature.is_some());
        assert!(matches!(bring(Path::new(""), true).await, Err(SupplyError::File { .. })));
    }
}
