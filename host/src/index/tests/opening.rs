//! The folder: kept, missing, damaged, of another version, in use.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::access::seeded::Seeded;
use crate::index::Error;

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn is_empty_and_usable(dir: &Path) -> Opening {
    let (index, opening) = Index::open(dir).unwrap();
    assert!(opening.is_empty() && index.is_empty());
    assert_eq!(index.position().unwrap(), 0);
    let mut writer = index.writer().unwrap();
    writer.put(&page(1, "Plan", "")).unwrap();
    writer.commit(1).unwrap();
    assert_eq!(index.len(), 1);
    opening
}

#[test]
fn the_position_of_the_last_commit_survives() {
    let shelf = Shelf::new(&[page(1, "Plan", "")]);
    shelf.put(&[page(2, "Plan", "")], 42);
    let mut writer = shelf.index.writer().unwrap();
    writer.put(&page(3, "Plan", "")).unwrap();
    drop(writer);
    let (index, opening) = Index::open(shelf.dir.path()).unwrap();
    assert_eq!((opening, index.position().unwrap(), index.len()), (Opening::Kept, 42, 2));
}

#[test]
fn an_index_that_was_never_committed_must_be_filled() {
    let dir = TempDir::new().unwrap();
    let nested = dir.path().join("data/index");
    assert_eq!(Index::open(&nested).unwrap().1, Opening::Created);
    let (index, opening) = Index::open(&nested).unwrap();
    assert_eq!(opening, Opening::Created);
    index.writer().unwrap().put(&page(1, "Plan", "")).unwrap();
    assert_eq!(is_empty_and_usable(&nested), Opening::Created);
}

#[test]
fn a_second_writer_is_told_who_is_in_the_way() {
    let shelf = Shelf::new(&[]);
    let writer = shelf.index.writer().unwrap();
    let (other, _) = Index::open(shelf.dir.path()).unwrap();
    let busy = other.writer().err().expect("the first one holds the lock");
    assert!(matches!(busy, Error::Busy(_)));
    assert!(busy.to_string().contains("another process, probably a sync"), "{busy}");
    drop(writer);
    other.writer().unwrap();
}

#[test]
fn another_reader_sees_a_commit_once_it_refreshes() {
    let shelf = Shelf::new(&[page(1, "Plan", "")]);
    let (other, _) = Index::open(shelf.dir.path()).unwrap();
    shelf.put(&[page(2, "Plan", "")], 2);
    assert_eq!(other.len(), 1);
    other.refresh().unwrap();
    assert_eq!((other.len(), other.position().unwrap()), (2, 2));
}

#[test]
fn rubbish_in_place_of_the_description_is_replaced() {
    for rubbish in ["", "{}", "not json", "{\"segments\":[],\"schema\":[],\"opstamp\":0}"] {
        let shelf = Shelf::new(&[page(1, "Plan", "")]);
        fs::write(shelf.dir.path().join("meta.json"), rubbish).unwrap();
        assert!(matches!(is_empty_and_usable(shelf.dir.path()), Opening::Rebuilt(_)), "{rubbish:?}");
    }
}

#[test]
fn another_version_is_replaced() {
    let shelf = Shelf::new(&[page(1, "Plan", "")]);
    let meta = shelf.dir.path().join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    assert!(text.contains("\"payload\": \"1 1\"") || text.contains("\"payload\":\"1 1\""), "{text}");
    fs::write(&meta, text.replace("\"1 1\"", "\"0 1\"")).unwrap();
    let opening = is_empty_and_usable(shelf.dir.path());
    assert_eq!(opening, Opening::Rebuilt("it is of another version (\"0 1\")".into()));

    let other = TempDir::new().unwrap();
    tantivy::Index::create_in_dir(other.path(), tantivy::schema::Schema::builder().build()).unwrap();
    assert!(matches!(is_empty_and_usable(other.path()), Opening::Rebuilt(_)));
}

#[test]
fn a_missing_or_cut_file_is_noticed() {
    let shelf = Shelf::new(&[page(1, "Plan", "the plan")]);
    let whole: Vec<(PathBuf, Vec<u8>)> =
        files(shelf.dir.path()).into_iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    let segment = |file: &Path| file.extension().is_some_and(|end| end != "lock" && end != "json");
    let mut rebuilt = 0;
    for (victim, _) in whole.iter().filter(|(file, _)| segment(file)) {
        for keep in [None, Some(0), Some(3)] {
            let dir = TempDir::new().unwrap();
            for (file, bytes) in &whole {
                let bytes = if file == victim { keep.map(|keep| &bytes[..keep]) } else { Some(&bytes[..]) };
                if let Some(bytes) = bytes {
                    fs::write(dir.path().join(file.file_name().unwrap()), bytes).unwrap();
                }
            }
            let opening = is_empty_and_usable(dir.path());
            assert!(matches!(opening, Opening::Rebuilt(_)), "{victim:?} {keep:?}: {opening:?}");
            rebuilt += 1;
        }
    }
    assert!(rebuilt >= 6, "{rebuilt}");
}

#[test]
fn a_flipped_bit_is_found_by_verify() {
    let mut seeded = Seeded::new(5);
    let shelf = Shelf::new(&[page(1, "Plan", "the plan")]);
    assert!(shelf.index.verify().unwrap().is_empty());
    let postings =
        files(shelf.dir.path()).into_iter().find(|file| file.extension().is_some_and(|end| end == "idx"));
    let postings = postings.expect("a file of postings");
    let mut bytes = fs::read(&postings).unwrap();
    bytes[seeded.below(8) as usize] ^= 1;
    fs::write(&postings, bytes).unwrap();
    let (index, _) = Index::open(shelf.dir.path()).unwrap();
    assert_eq!(index.verify().unwrap(), [PathBuf::from(postings.file_name().unwrap())]);
}

#[test]
fn other_folders_inside_are_left_alone_and_a_file_in_the_way_is_told() {
    let shelf = Shelf::new(&[page(1, "Plan", "")]);
    let precious = shelf.dir.path().join("precious");
    fs::create_dir(&precious).unwrap();
    fs::write(shelf.dir.path().join("meta.json"), "rubbish").unwrap();
    is_empty_and_usable(shelf.dir.path());
    assert!(precious.is_dir());

    let file = shelf.dir.path().join("a-file");
    fs::write(&file, "text").unwrap();
    let refused = Index::open(&file).err().expect("a file is no folder");
    assert!(matches!(refused, Error::Folder { .. }), "{refused}");
}

#[test]
fn a_damaged_index_is_not_replaced_under_somebody_who_writes() {
    let shelf = Shelf::new(&[page(1, "Plan", "")]);
    let _writer = shelf.index.writer().unwrap();
    let meta = shelf.dir.path().join("meta.json");
    fs::write(&meta, "rubbish").unwrap();
    assert!(matches!(Index::open(shelf.dir.path()), Err(Error::Busy(_))));
    assert_eq!(fs::read_to_string(meta).unwrap(), "rubbish");
}
