//! Words that were taken out, and what is left of them on the disk.

use std::fs;

use super::*;

/// Whether any file of the index holds this word.
fn holds(shelf: &Shelf, word: &str) -> bool {
    let files = fs::read_dir(shelf.dir.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(word.len()).any(|part| part == word.as_bytes()))
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
    assert!(holds(&shelf, "zeppelin") && shelf.find("zeppelin").is_empty(), "it is only hidden");

    shelf.index.writer().unwrap().purge().unwrap();
    assert!(!holds(&shelf, "zeppelin") && !holds(&shelf, "Zeppelin"));
    assert_eq!((shelf.find("plan").len(), shelf.index.position().unwrap()), (19, 3));
    let (index, opening) = Index::open(shelf.dir.path()).unwrap();
    assert_eq!((opening, index.len()), (Opening::Kept, 19));
}
