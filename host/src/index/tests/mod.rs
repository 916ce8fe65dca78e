//! The index from outside: a folder, documents in, hits out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;

use super::{Document, Index, Opening, Query};
use crate::access::NumSet;

mod opening;
mod permitted;
mod purging;
mod searching;
mod snippets;

/// An index in a folder of its own, with these documents.
struct Shelf {
    index: Index,
    dir: TempDir,
}

impl Shelf {
    fn new(documents: &[Document]) -> Self {
        let dir = TempDir::new().unwrap();
        let (index, opening) = Index::open(dir.path()).unwrap();
        assert_eq!(opening, Opening::Created);
        let shelf = Shelf { index, dir };
        shelf.put(documents, 1);
        shelf
    }

    fn put(&self, documents: &[Document], position: u64) {
        let mut writer = self.index.writer().unwrap();
        documents.iter().for_each(|document| writer.put(document).unwrap());
        writer.commit(position).unwrap();
    }

    /// The numbers found, best first, by somebody who may read everything below 1,000.
    fn find(&self, query: &str) -> Vec<u32> {
        self.find_in(query, &|_, _| None)
    }

    fn find_in(&self, query: &str, scopes: super::Scopes<'_>) -> Vec<u32> {
        let query = Query::parse(query).unwrap();
        let hits = self.index.search(&query, &(0..1_000).collect(), scopes, 0, 100).unwrap();
        assert_eq!(hits.total, hits.hits.len());
        hits.hits.into_iter().map(|hit| hit.num).collect()
    }
}

fn page(num: u32, title: &str, body: &str) -> Document {
    Document {
        num,
        connection: "Acme".into(),
        id: format!("page:{}", 98_000 + num),
        kind: "page".into(),
        title: title.into(),
        body: body.into(),
        ..Document::default()
    }
}

fn set(nums: &[u32]) -> NumSet {
    nums.iter().copied().collect()
}
