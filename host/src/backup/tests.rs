//! A backup and back again, and archives that somebody else made.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

use super::{BackupError, FORMAT, Manifest, Part, Restored, restore};
use crate::host::{Doing, Host, RESTORING};
use crate::store::{FILE_NAME, SignedIn, Store};

/// A data folder with a key and a tape, in which a browser is signed in.
fn folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    let host = Host::open(dir.path(), None).unwrap();
    fs::write(dir.path().join("key"), [7; 32]).unwrap();
    fs::create_dir(dir.path().join("tapes")).unwrap();
    fs::write(dir.path().join("tapes/acme-20260301T091500Z.tape"), "a tape").unwrap();
    fs::write(dir.path().join("tapes/notes.txt"), "no tape").unwrap();
    fs::create_dir(dir.path().join("index")).unwrap();
    let who = SignedIn::Oidc("ana@acme.example".to_owned());
    host.store().begin_session([1; 32], &who, 1, u64::MAX / 2).unwrap();
    dir
}

fn backup(folder: &Path, with_key: bool) -> Vec<u8> {
    let mut archive = Vec::new();
    Host::open(folder, None).unwrap().back_up(&mut archive, with_key).unwrap();
    archive
}

fn restored(archive: &[u8], folder: &Path, replace: bool) -> Result<Restored, BackupError> {
    restore(archive, folder, replace, 1_000)
}

/// All names in a folder, and below it.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            names.extend(self::names(&path).into_iter().map(|below| format!("{name}/{below}")));
        }
        names.push(name);
    }
    names.sort_unstable();
    names
}

/// A hand-made archive: entries with whatever header they like.
fn archive(entries: &[(Header, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    for (header, content) in entries {
        builder.append(header, *content).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn header(name: &str, kind: EntryType, size: usize) -> Header {
    let mut header = Header::new_ustar();
    // Not by `set_path`, which would refuse what these tests are about.
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size as u64);
    header.set_mode(0o777);
    header.set_cksum();
    header
}

/// An archive with a good store, and one more file as the manifest and its header call it.
fn with_one_more(path: &str, name: &str, kind: EntryType, content: &[u8]) -> Vec<u8> {
    let part = |path: &str, bytes: &[u8]| Part {
        path: path.to_owned(),
        bytes: bytes.len() as u64,
        sha256: crate::tape::sha256(bytes),
    };
    let dir = folder();
    let host = Host::open(dir.path(), None).unwrap();
    let copy = dir.path().join("copy.db");
    host.store().copy_to(&copy).unwrap();
    let store = fs::read(copy).unwrap();
    let manifest = Manifest {
        format: FORMAT,
        weir: String::new(),
        created: 0,
        folder: host.store().folder_id().unwrap(),
        files: vec![part(FILE_NAME, &store), part(path, content)],
    };
    let text = serde_json::to_vec(&manifest).unwrap();
    archive(&[
        (header("manifest.json", EntryType::Regular, text.len()), &text),
        (header(FILE_NAME, EntryType::Regular, store.len()), &store),
        (header(name, kind, content.len()), content),
    ])
}

#[test]
fn what_is_restored_is_what_was_there_without_index_and_sessions() {
    let old = folder();
    let archive = backup(old.path(), true);
    assert!(!old.path().join("backup").exists(), "the copy is gone");
    let new = TempDir::new().unwrap();
    let at = new.path().join("weir");
    let done = restored(&archive, &at, false).unwrap();
    assert!(done.has_key && done.manifest.has_key());
    let tape = "tapes/acme-20260301T091500Z.tape";
    assert_eq!(names(&at), ["host.lock", "key", "tapes", tape, FILE_NAME]);
    for file in ["key", FILE_NAME, tape] {
        assert_eq!(fs::metadata(at.join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    assert_eq!(fs::read(at.join("key")).unwrap(), [7; 32]);
    let (before, after) = (Store::open(old.path()).unwrap(), Store::open(&at).unwrap());
    assert_eq!(before.folder_id().unwrap(), after.folder_id().unwrap());
    assert!(before.session([1; 32], 2, 1_000).unwrap().is_some());
    assert!(after.session([1; 32], 2, 1_000).unwrap().is_none(), "who was signed in is not any more");
}

#[test]
fn the_key_is_left_out_unless_it_is_asked_for() {
    let old = folder();
    let new = TempDir::new().unwrap();
    let done = restored(&backup(old.path(), false), new.path(), false).unwrap();
    assert!(!done.has_key && !new.path().join("key").exists());
    fs::remove_file(old.path().join("key")).unwrap();
    fs::remove_dir(old.path().join("index")).unwrap();
    let host = Host::open(old.path(), None).unwrap();
    assert!(matches!(host.back_up(Vec::new(), true), Err(BackupError::NoKey)));
}

#[test]
fn a_store_is_replaced_only_when_that_is_said_and_nobody_holds_it() {
    let (old, there) = (folder(), folder());
    let archive = backup(old.path(), false);
    let id = |folder: &Path| Store::open(folder).unwrap().folder_id().unwrap();
    let before = id(there.path());
    assert!(matches!(restored(&archive, there.path(), false), Err(BackupError::NotEmpty(_))));
    let host = Host::open(there.path(), None).unwrap();
    let held = host.hold(Doing::Serve).unwrap();
    let error = restored(&archive, there.path(), true).unwrap_err().to_string();
    assert!(error.contains("is in use by process"), "{error}");
    drop((held, host));
    assert_eq!(id(there.path()), before);
    fs::write(there.path().join("key"), [8; 32]).unwrap();
    restored(&archive, there.path(), true).unwrap();
    assert_eq!(id(there.path()), id(old.path()));
    assert_eq!(fs::read(there.path().join("key")).unwrap(), [8; 32], "a key that is there stays");
    assert!(!there.path().join("index").exists(), "an index of another store is not believed");
}

#[test]
fn an_archive_that_is_cut_off_or_damaged_changes_nothing() {
    let old = folder();
    let archive = backup(old.path(), true);
    let new = folder();
    let before = names(new.path());
    for cut in (0..archive.len()).step_by(archive.len() / 40 + 1) {
        assert!(restored(&archive[..cut], new.path(), true).is_err(), "{cut} of {}", archive.len());
        let mut damaged = archive.clone();
        damaged[cut] ^= 0x55;
        assert!(restored(&damaged, new.path(), true).is_err(), "byte {cut} of {}", archive.len());
    }
    assert!(restored(b"", new.path(), true).is_err());
    let after: Vec<String> = names(new.path()).into_iter().filter(|name| name != "host.lock").collect();
    assert_eq!(after, before.into_iter().filter(|name| !name.starts_with("weir.db-")).collect::<Vec<_>>());
}

#[test]
fn an_archive_of_somebody_else_puts_nothing_anywhere() {
    let plain = EntryType::Regular;
    let cases: [(&str, &str, EntryType, &[u8]); 11] = [
        ("../evil.tape", "tapes/1", plain, b"evil"),
        ("/tmp/evil.tape", "tapes/1", plain, b"evil"),
        ("index/meta.json", "tapes/1", plain, b"evil"),
        ("tapes/a.tape", "../../evil", plain, b"evil"),
        ("tapes/a.tape", "weir.db", plain, b"evil"),
        ("tapes/a.tape", "tapes/1", EntryType::Symlink, b"evil"),
        ("tapes/a.tape", "tapes/1", EntryType::Link, b"evil"),
        ("tapes/a.tape", "tapes/1", EntryType::Char, b"evil"),
        ("tapes/a.tape", "tapes/1", EntryType::XHeader, b"evil"),
        ("tapes/a.tape", "tapes/1", EntryType::GNULongName, b"evil"),
        ("key", "key", plain, &[0; 33]),
    ];
    for (path, name, kind, content) in cases {
        let outside = TempDir::new().unwrap();
        let at = outside.path().join("weir");
        let error = restored(&with_one_more(path, name, kind, content), &at, false).unwrap_err();
        assert!(matches!(error, BackupError::Refused(_)), "{path} {name} {kind:?}: {error}");
        assert_eq!(names(outside.path()), ["weir", "weir/host.lock"], "{path} {name} {kind:?}");
    }
    // The same archive without a fault is taken.
    let new = TempDir::new().unwrap();
    restored(&with_one_more("tapes/a.tape", "tapes/1", plain, b"a tape"), new.path(), false).unwrap();
    assert_eq!(fs::read(new.path().join("tapes/a.tape")).unwrap(), b"a tape");
}

#[test]
fn a_store_that_is_none_is_not_put_in_place() {
    let part = Part { path: FILE_NAME.to_owned(), bytes: 4, sha256: crate::tape::sha256(b"evil") };
    let manifest = Manifest {
        format: FORMAT,
        weir: String::new(),
        created: 0,
        folder: String::new(),
        files: vec![part],
    };
    let text = serde_json::to_vec(&manifest).unwrap();
    let plain = EntryType::Regular;
    let archive = archive(&[
        (header("manifest.json", plain, text.len()), &text),
        (header(FILE_NAME, plain, 4), b"evil"),
    ]);
    let there = folder();
    let id = Store::open(there.path()).unwrap().folder_id().unwrap();
    assert!(matches!(restored(&archive, there.path(), true), Err(BackupError::Store(_))));
    assert_eq!(Store::open(there.path()).unwrap().folder_id().unwrap(), id);
    assert!(there.path().join("index").exists());
}

#[test]
fn a_restore_that_was_cut_off_is_seen_and_tidied_up() {
    let (old, there) = (folder(), folder());
    let archive = backup(old.path(), false);
    let at = there.path();
    // As a process leaves it that dies after it has moved the old store away.
    fs::remove_dir(at.join("index")).unwrap();
    fs::remove_file(at.join("key")).unwrap();
    for name in ["replaced", RESTORING] {
        fs::create_dir(at.join(name)).unwrap();
    }
    fs::rename(at.join(FILE_NAME), at.join("replaced").join(FILE_NAME)).unwrap();
    let lost = Host::open(at, None).err().unwrap().to_string();
    assert!(lost.contains("is missing or empty"), "{lost}");
    // The next try fails too; then the old store is back.
    assert!(restored(&archive[..100], at, true).is_err());
    let id = |folder: &Path| Store::open(folder).unwrap().folder_id().unwrap();
    assert_ne!(id(at), id(old.path()));
    assert!(!at.join("replaced").exists() && !at.join(RESTORING).exists());
    restored(&archive, at, true).unwrap();
    assert_eq!(id(at), id(old.path()));
}

#[test]
fn one_backup_at_a_time_is_made_of_a_folder() {
    struct Meanwhile<'a>(&'a Host, bool);
    impl Write for Meanwhile<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.1 |= matches!(self.0.back_up(Vec::new(), false), Err(BackupError::Busy));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let dir = folder();
    let host = Host::open(dir.path(), None).unwrap();
    let mut out = Meanwhile(&host, false);
    host.back_up(&mut out, false).unwrap();
    assert!(out.1);
}
