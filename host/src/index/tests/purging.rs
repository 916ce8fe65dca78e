//! Words that were taken out, and what is left of them on the disk.

use super::*;

/// How many documents are taken out and still stand in the files.
fn hidden(shelf: &Shelf) -> u32 {
    let searcher = shelf.index.reader.searcher();
    searcher.segment_readers().iter().map(|segment| segment.num_deleted_docs()).sum()
}

/// The files that hold words.
fn files(shelf: &Shelf) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(shelf.dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "term")).collect();
    files.sort();
    files
}

#[test]
fn words_that_were_taken_out_are_gone_from_the_disk_and_the_others_are_found() {
    // So few are taken out that no merge would rewrite them by itself.
    let mut documents: Vec<Document> = (1..20).map(|num| page(num, "Plan", "Words.")).collect();
    documents.push(page(20, "Zeppelin", ""));
    let shelf = Shelf::new(&documents);
    let mut writer = shelf.index.writer().unwrap();
    writer.remove(20);
    writer.commit(3).unwrap();
    writer.close().unwrap();
    let before = files(&shelf);
    assert!(hidden(&shelf) == 1 && shelf.find("zeppelin").is_empty(), "it is only hidden");

    shelf.index.writer().unwrap().purge().unwrap();
    assert_eq!((hidden(&shelf), files(&shelf).len()), (0, 1));
    assert!(files(&shelf) != before, "the file that held it is gone");
    assert_eq!((shelf.find("plan").len(), shelf.index.position().unwrap()), (19, 3));
    let (index, opening) = Index::open(shelf.dir.path()).unwrap();
    assert_eq!((opening, index.len()), (Opening::Kept, 19));
}
